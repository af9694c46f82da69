"""The stage of a client's scenario: one fresh client at its window, and a server that we are.

A scenario types and clicks, hears what comes over the wire, says what a server says, and looks at
what the window shows. The window is on a screen of its own, the client where targets run, and the
server listens where the client looks for it.
"""

from __future__ import annotations

import re
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from harness import asking
from harness.answering import Answering
from harness.clients.serving import Listener, server_end
from harness.expect import Kind
from harness.gui.desktop import Desktop
from harness.gui.window import Window
from harness.gui.xserver import XServer
from harness.linked import Lines
from harness.operations import has_been_read
from harness.results import Figures
from harness.snapshot import Snapshot
from harness.targets.calls import Calls, is_told_where, written_address
from harness.targets.instructions import HOST, is_told
from harness.targets.launch import Prepared, prepared_for
from harness.targets.process import CannotStart
from harness.targets.tcp import Address
from harness.user import User
from harness.verdict import Contradicted, Stopped, Unproven

TRACEBACK = re.compile(r"^(Traceback|Exception in Tkinter callback)", re.MULTILINE)


@dataclass(slots=True, repr=False, kw_only=True)
class Desk(User):
    """One client, its window, and its server, in one scenario. Use ``close`` on every path.

    ``snapshot`` is what was seen when a check failed first, ``stacks`` where a window blocked.
    ``conversations`` are those with each connection that the client has opened, oldest first.
    ``destination`` is where it connects to of itself, once that was seen.
    """

    xserver: XServer = field(init=False)
    prepared: Prepared = field(init=False)
    destination: Address | None = None
    listens_at: Address = ("", 0)
    conversations: list[Answering] = field(default_factory=list)
    name: str = ""
    stacks: list[str] = field(default_factory=list)
    snapshot: Snapshot | None = None
    lines: Lines | None = None
    figures: Figures = field(default_factory=dict)
    _listener: Listener | None = None
    _undone: ExitStack = field(default_factory=ExitStack)

    # -- opening and closing --------------------------------------------------------------

    def open(self) -> None:
        """Prepare the screen, and the ground for the client; start nothing of it.

        Raises:
            NoDisplay: there is no X server; nothing is left of what there was.
        """
        with ExitStack() as undone:
            folder = Path(tempfile.mkdtemp(prefix="chat-verify-"))
            undone.callback(shutil.rmtree, folder, ignore_errors=True)
            self.xserver = XServer(folder, self.deadline())
            undone.callback(self.xserver.close)
            desktop = Desktop(self.xserver, self.reactor)
            undone.callback(desktop.close)
            self.window = Window(desktop, self.reactor, self._has_ended)
            also = (self.xserver.socket, self.xserver.authority)
            self.prepared = prepared_for(self.system.description, also)
            undone.callback(self.prepared.discard)
            undone.callback(self.end_client)
            undone.callback(self.stop_listening)
            self._undone = undone.pop_all()

    def close(self) -> None:
        """Release everything but the reactor."""
        if self.lines:
            self.lines.close()
        self._undone.close()

    def finish(self) -> None:
        """Note what a person should know, whatever the verdicts say."""
        if traceback := self.traceback():
            self.finding("traceback", traceback)

    def traceback(self) -> str | None:
        """Return the last line of a traceback that the client has printed, if it has."""
        output = self.running.output_since(0) if self.running else ""
        if (found := TRACEBACK.search(output)) is None:
            return None
        return output[found.start() :].strip().splitlines()[-1]

    @contextmanager
    def about(self, *observations: str) -> Iterator[None]:
        """Say which observations the checks inside are for; keep what is seen when one fails."""
        with self.ledger.about(*observations):
            try:
                yield
            except Stopped:
                self.take_a_snapshot()
                raise

    def take_a_snapshot(self) -> None:
        """Keep what is seen now, unless it has been kept already."""
        self.snapshot = self.snapshot or Snapshot.of(self.window, self.stacks)

    # -- the client -----------------------------------------------------------------------

    def begin(self) -> None:
        """Listen, and start the client."""
        self.serve()
        self.start()

    def start(self, holes: Mapping[str, str] | None = None, words: Sequence[str] = ()) -> None:
        """Start a client; another than before, if there was one.

        Raises:
            Contradicted: its command cannot be executed.
        """
        self.end_client()
        screen = {"DISPLAY": self.xserver.name, "XAUTHORITY": str(self.xserver.authority)}
        try:
            self.running = self.prepared.start(self.reactor, self.history, screen, holes, words)
        except CannotStart as why:
            raise Contradicted(f"the client did not start: {why}") from None

    def _has_ended(self) -> bool:
        """Whether nothing of the client runs: what was started may have left a child behind."""
        running = self.running
        return running is not None and running.status is not None and not running.tree()

    def end_client(self) -> None:
        """End the client that runs, if one does, and all that it has to do with its server."""
        for conversation in self.conversations:
            conversation.client.close()
        self.conversations.clear()
        if self.running is not None and not self.running.is_over:
            self.running.end(self.deadline(0.0))
        self.window.forget()

    # -- the server that we are -----------------------------------------------------------

    def serve(
        self,
        address: Address | None = None,
        *,
        prepare: Callable[[socket.socket], None] = lambda _sock: None,
        greet: Callable[[Answering], None] = lambda _conversation: None,
        take: Callable[[socket.socket], None] | None = None,
    ) -> None:
        """Listen where the client looks for its server.

        ``prepare`` is done to the socket before it listens. We are the server of each connection,
        which is greeted; unless ``take`` does something else with it.
        """
        self.stop_listening()
        listening = self.prepared.ground.network.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        prepare(listening)
        self.listens_at = address or self.where()
        listening.bind(self.listens_at)
        listening.listen()
        take = take or (lambda sock: greet(self._converse(sock)))
        self._listener = Listener(listening, self.reactor, self.history, take)

    def stop_listening(self) -> None:
        """Let nobody connect any more."""
        if self._listener:
            self._listener.close()
            self._listener = None

    def where(self) -> Address:
        """Return where the client looks for its server.

        Raises:
            Contradicted: it has it in its code, and connects to nowhere.
            Unproven: it has it in its code, and nobody can see it there.
        """
        description = self.system.description
        if is_told_where(description):
            return HOST, self.prepared.port.port
        self.destination = self.destination or written_address(description) or self._seen()
        return self.destination

    @property
    def looked_for(self) -> Address:
        """What its user answers a client that asks for an address."""
        return self.destination or (HOST, self.prepared.port.port)

    def _seen(self) -> Address:
        """See where a client of itself connects to: one is started for that, and ended."""
        network = self.prepared.ground.network
        if not network.is_of_its_own:
            raise Unproven("where it connects to can only be seen in a sandbox: see launch.address")
        with Calls(network, self.reactor) as calls:
            self.start()
            asking.make_it_call(self, lambda: bool(calls.first))
            deadline = self.deadline()
            if not self.reactor.pump(lambda: bool(calls.first), deadline):
                raise self.overdue("the client did not connect to anywhere", deadline)
            assert calls.first
            self.end_client()
            return calls.first

    def _converse(self, sock: socket.socket) -> Answering:
        if self.lines:
            sock = self.lines.carry(sock, self.reactor, self.prepared.ground.network)
        client = server_end(sock, self.reactor, self.history)
        self._undone.callback(client.close)
        wait_s = self.limits.observation_s
        conversation = Answering(
            self.system.dialect,
            client,
            lambda until: self.awaits_in_time("what was expected", until, wait_s),
        )
        self.conversations.append(conversation)
        return conversation

    @property
    def server(self) -> Answering:
        """What speaks with the client, over the connection that it opened last.

        Raises:
            Contradicted: it opens none.
        """
        deadline = self.deadline()
        self.reactor.pump(lambda: bool(self.conversations) or self._has_ended(), deadline)
        if not self.conversations:
            where = "{}:{}".format(*self.listens_at)
            raise self.overdue(f"the client did not connect to {where}", deadline)
        return self.conversations[-1]

    def hears(self, operation: str, **values: str) -> None:
        """Expect exactly these bytes of the client next; see ``Answering.hears``."""
        self.server.hears(operation, {"name": self.name, **values})
        self.ledger.discharge()

    def says(self, kind: Kind, **values: str) -> None:
        """Show the client something; see ``Answering.says``.

        Where nothing keeps texts apart it has read the one before: two at once would be one.

        Raises:
            Contradicted: it does not read.
        """
        server, deadline = self.server, self.deadline()
        if not self.system.dialect.from_server.framed:
            network = self.prepared.ground.network
            if not self.reactor.pump(lambda: has_been_read(server.client, network), deadline):
                raise self.overdue("the client does not read what its server says", deadline)
        server.says(kind, **values)

    def can_be_told(self, *holes: str) -> bool:
        """Whether its command has one of these holes."""
        return is_told(self.system.description, *holes)

    # -- the user at the window -----------------------------------------------------------

    def comes_in(self, base: str) -> str:
        """Start a client unless one runs, give it a name that begins so, and let it in.

        Return the name.

        Raises:
            Contradicted: it asks for none, or does not send it.
        """
        if self.running is None:
            self.begin()
        self.name = self.vocabulary.name(base)
        asking.give_name(self, self.name)
        if self.conversations:  # who was refused may call again, and come in there
            self.pump(lambda: self.conversations[-1].has_begun, self.limits.observation_s)
        self.server.hears("join", {"name": self.name})
        self._is_in()
        asking.read_what_is_in_the_way(self)
        return self.name

    def _is_in(self) -> None:
        """Wait until the client shows what somebody said: by then it knows that it was let in.

        Raises:
            Contradicted: it shows nothing of it.
        """
        text = self.vocabulary.nonce()
        self.says(Kind.MESSAGE, **{"from": self.vocabulary.name("nino"), "text": text})
        self.sees(
            lambda tree: any(text in widget.text for widget in tree.widgets),
            "the window does not show what somebody said",
        )

    def claims(self, name: str) -> None:
        """Expect the client to ask for a name. Raises Contradicted if it does not."""
        self.server.hears_a_claim({"name": name})

    def has_ended(self, how: str, status: int) -> None:
        """Expect the connection to end so, and the program with this status.

        Raises:
            Contradicted: one of them ended otherwise, or not at all.
        """
        deadline, client = self.deadline(), self.server.client
        if not self.reactor.pump(lambda: bool(client.ended), deadline):
            raise self.overdue("the client did not end its connection", deadline)
        if client.ended != how:
            raise Contradicted(f"the connection ended with {client.ended}, not a {how}")
        client.close()
        if not self.reactor.pump(lambda: self.process.status is not None, deadline):
            raise self.overdue("the client's process did not end", deadline)
        if self.process.status != status:
            raise Contradicted(f"it ended with status {self.process.status}, not {status}")
        self.ledger.discharge()

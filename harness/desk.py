"""The stage of a client's scenario: one fresh client at its window, and a server that we are.

A scenario types and clicks, hears what comes over the wire, says what a server says, and looks at
what the window shows. The window is on a screen of its own, the client where targets run, and the
server listens where the client looks for it.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from harness.answering import Answering
from harness.clients.client import Client
from harness.clients.serving import Listener
from harness.expect import Kind
from harness.gui.desktop import Desktop
from harness.gui.widgets import ENTRIES, LISTS, Tree, Widget
from harness.gui.window import NoWindow, Window, button_of, entry_of, shows
from harness.gui.xserver import XServer
from harness.scene import Scene
from harness.targets.instructions import HOST, required
from harness.targets.launch import Prepared, prepared_for
from harness.targets.process import Process
from harness.targets.readiness import address_of
from harness.targets.tcp import Address
from harness.verdict import Contradicted

SEND = "Enviar"
TRACEBACK = re.compile(r"^(Traceback|Exception in Tkinter callback)", re.MULTILINE)


@dataclass(slots=True, repr=False, kw_only=True)
class Desk(Scene):
    """One client, its window, and its server, in one scenario. Use ``close`` on every path.

    ``conversations`` are those with each connection that the client has opened, oldest first.
    """

    window: Window = field(init=False)
    process: Process = field(init=False)
    address: Address = field(init=False)
    listener: Listener = field(init=False)
    conversations: list[Answering] = field(default_factory=list)
    name: str = ""
    _undone: ExitStack = field(default_factory=ExitStack)

    # -- opening and closing --------------------------------------------------------------

    def open(self) -> None:
        """Start the screen, the server and the client.

        Raises:
            NoDisplay: there is no X server.
            CannotStart: the client's command cannot be executed.
        """
        undone = self._undone
        undone.callback(self.reactor.close)
        folder = Path(tempfile.mkdtemp(prefix="chat-verify-"))
        undone.callback(shutil.rmtree, folder, ignore_errors=True)
        xserver = XServer(folder, self.deadline())
        undone.callback(xserver.close)
        desktop = Desktop(xserver, self.reactor)
        undone.callback(desktop.close)
        self.window = Window(desktop, self.reactor)
        also = (xserver.socket, xserver.authority)
        prepared = prepared_for(self.system.description, also)
        undone.callback(prepared.discard)
        self._listen(prepared)
        screen = {"DISPLAY": xserver.name, "XAUTHORITY": str(xserver.authority)}
        self.process = prepared.start(self.reactor, self.history, screen)
        undone.callback(lambda: self.process.end(self.deadline(0.0)))

    def _listen(self, prepared: Prepared) -> None:
        """Listen where the client looks for its server."""
        wanted = address_of(required(self.system.description).address)
        self.address = wanted or (HOST, prepared.port.port)
        listening = prepared.ground.network.socket()
        listening.bind(self.address)
        listening.listen()
        self.listener = Listener(listening, self.reactor, self.history, self._converse)
        self._undone.callback(self.listener.close)

    def _converse(self, client: Client) -> None:
        self._undone.callback(client.close)
        dialect = self.system.dialect
        wait = self.limits.observation_s
        self.conversations.append(Answering(dialect, client, lambda until: self.pump(until, wait)))

    def close(self) -> None:
        """Release everything."""
        self._undone.close()

    def finish(self) -> None:
        """Note what a person should know, whatever the verdicts say."""
        output = self.process.output_since(0)
        if found := TRACEBACK.search(output):
            self.finding("traceback", output[found.start() :].strip().splitlines()[-1])

    # -- the server that we are -----------------------------------------------------------

    @property
    def server(self) -> Answering:
        """What speaks with the client, over the connection that it opened last.

        Raises:
            Contradicted: it opens none.
        """
        deadline = self.deadline()
        if not self.reactor.pump(lambda: bool(self.conversations), deadline):
            where = "{}:{}".format(*self.address)
            raise self.overdue(f"the client did not connect to {where}", deadline)
        return self.conversations[-1]

    def hears(self, operation: str, **values: str) -> None:
        """Expect exactly these bytes of the client next; see ``Answering.hears``."""
        self.server.hears(operation, {"name": self.name, **values})
        self.ledger.discharge()

    def says(self, kind: Kind, **values: str) -> None:
        """Show the client something; see ``Answering.says``."""
        self.server.says(kind, **values)

    # -- the user at the window -----------------------------------------------------------

    def comes_in(self, base: str) -> str:
        """Give the client a name that begins so, and let it in; return the name.

        Raises:
            Contradicted: it asks for none, or does not send it.
        """
        self.name = self.vocabulary.name(base)
        self.types(self.name)
        self.window.enter()
        self.server.hears("join", {"name": self.name})
        self._is_in()
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

    def types(self, text: str) -> None:
        """Type a text into the entry that is in front.

        Raises:
            Contradicted: there is none, or it does not come to hold the text.
        """
        tree = self.sees(lambda tree: front_entry(tree) is not None, "no Entry can be seen")
        entry = front_entry(tree)
        assert entry
        try:
            self.window.replace(entry, text, self.limits.observation_s * self.scale)
        except NoWindow as frozen:
            raise self.overdue(str(frozen), frozen.deadline) from None
        self.sees(lambda tree: shows(tree, entry, text), f"the Entry did not come to hold {text!r}")

    def clicks_send(self) -> None:
        """Click the button to send.

        Raises:
            Contradicted: there is none.
        """
        tree = self.sees(lambda tree: button_of(tree, SEND) is not None, f"no button {SEND!r}")
        button = button_of(tree, SEND)
        assert button
        self.window.click(button)

    def claims(self, name: str) -> None:
        """Expect the client to ask for a name. Raises Contradicted if it does not."""
        self.server.hears_a_claim({"name": name})

    def has_emptied_the_entry(self) -> None:
        """Expect the entry to be empty again.

        Raises:
            Contradicted: it still holds something.
        """

        def is_empty(tree: Tree) -> bool:
            entry = front_entry(tree)
            return entry is not None and not entry.text

        self.sees(is_empty, "the Entry was not emptied")
        self.ledger.discharge()

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

    # -- what the window shows ------------------------------------------------------------

    def sees(self, holds: Callable[[Tree], bool], otherwise: str) -> Tree:
        """Look until something holds.

        Raises:
            Contradicted: it never does; ``otherwise`` is the reason.
        """
        deadline = self.deadline()
        tree = self.window.waits_for(holds, deadline)
        if tree is None:
            raise self.overdue(otherwise, deadline)
        return tree

    def sees_a(self, name: str, kinds: Sequence[str]) -> None:
        """Expect a widget of one of these classes; ``name`` is how the requirement calls it.

        Raises:
            Contradicted: there is none; what there is instead is named.
        """
        deadline = self.deadline()
        if self.window.waits_for(lambda tree: bool(tree.of(*kinds)), deadline) is None:
            there = self.window.look(self.deadline()).widgets
            others = ", ".join(sorted({each.kind for each in there if each.is_visible}))
            raise self.overdue(f"no {name} can be seen; the window has: {others}", deadline)

    def shows(self, text: str, times: int = 1) -> None:
        """Expect the list to show a text so often; white space does not count, a list wraps.

        Raises:
            Contradicted: it shows it less often, or more.
        """
        bare = without_blanks(text)
        seen = self.sees(
            lambda tree: shown(tree).count(bare) >= times,
            f"the list does not show {text!r}",
        )
        if (count := shown(seen).count(bare)) > times:
            raise Contradicted(f"the list shows {text!r} {count} times")
        self.ledger.discharge()

    def shows_in_order(self, texts: Sequence[str]) -> None:
        """Expect the list to show every text once, in this order.

        Raises:
            Contradicted: one is missing, is there twice, or stands elsewhere.
        """
        self.shows(texts[-1])
        seen = shown(self.window.look(self.deadline()))
        places = []
        for text in texts:
            bare = without_blanks(text)
            if (count := seen.count(bare)) != 1:
                raise Contradicted(f"the list shows {text!r} {count} times")
            places.append(seen.index(bare))
        if places != sorted(places):
            raise Contradicted("the rows do not stand in the order in which they came")
        self.ledger.discharge(len(texts))

    def sees_something_new(self, act: Callable[[], None]) -> None:
        """Expect the window to show another text than before, after something was done.

        Raises:
            Contradicted: it does not.
        """
        before = texts_of(self.sees(lambda _tree: True, "the window cannot be looked at"))
        act()
        self.sees(lambda tree: texts_of(tree) != before, "the window shows nothing of it")
        self.ledger.discharge()

    def tells_apart(self, one: str, other: str) -> None:
        """Expect two rows to differ in more than their text: in words around it, or in colour.

        Raises:
            Contradicted: they look alike.
        """
        tree = self.sees(lambda tree: one in shown(tree) and other in shown(tree), "no such rows")
        if self._look_of(tree, one) == self._look_of(tree, other):
            raise Contradicted("the row of a private message looks like any other")
        self.ledger.discharge()

    def _look_of(self, tree: Tree, text: str) -> tuple[str, str]:
        """Return what is around a text in its row, and the colour of the row."""
        for box in tree.of(*LISTS):
            for number, line in enumerate(box.lines):
                if text in line:
                    script = f"{box.path} itemcget {number} -foreground"
                    around = re.sub(r"[0-9]", "", line.replace(text, ""))
                    return around, self.window.evaluate(script, self.deadline())
        return "", ""


def front_entry(tree: Tree) -> Widget | None:
    """Return the entry of the dialog in front, or of the main window where there is none."""
    for dialog in tree.dialogs():
        if entry := entry_of(tree, dialog.path):
            return entry
    return entry_of(tree)


def without_blanks(text: str) -> str:
    """Return a text without white space."""
    return re.sub(r"\s+", "", text)


def shown(tree: Tree) -> str:
    """Return what the lists show, without white space."""
    return without_blanks("".join(line for each in tree.of(*LISTS) for line in each.lines))


def texts_of(tree: Tree) -> list[str]:
    """Return all that can be read in the windows, but what is typed."""
    return [w.text for w in tree.widgets if w.is_visible and w.text and w.kind not in ENTRIES]


def last_row_is_visible(tree: Tree) -> bool:
    """Whether the list has scrolled to its end."""
    return all(each.view[1] >= 1.0 for each in tree.of(*LISTS))

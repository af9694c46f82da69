"""A client cannot connect, or is not let in: what its window tells of it (RF-007).

What counts is what its user can read that was not there while nothing had failed yet: before any
failure can be known the window is looked at, so that "connecting..." tells nobody anything.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from harness import asking
from harness.answering import Answering
from harness.expect import Kind
from harness.gui.forms import form_of
from harness.gui.sights import words
from harness.gui.widgets import Tree
from harness.targets.instructions import is_told
from harness.verdict import Contradicted, Lacking, Unproven
from harness.watching import never_frozen

if TYPE_CHECKING:
    from harness.desk import Desk

UNKNOWN_HOST = "nao-existe.invalid"
"""A name that nobody has, and nobody ever will; RFC 6761, 6.4."""
Failed = Callable[[], bool]
"""Whether there is evidence, outside of the window, that an attempt to connect has failed."""
UNTOLD_S = 1.0
"""Nobody may give up earlier than TCP sends for the second time; RFC 6298, 2."""


@dataclass(slots=True)
class Attempts:
    """Attempts of one kind of client to come in, each by a fresh one, and what each was told.

    ``pending`` are the words shown while nothing had failed yet; ``told`` those of each cause.
    Each attempt raises Contradicted if nothing is told in time, and Unproven if nothing shows that
    it was made and failed.
    """

    desk: Desk
    pending: frozenset[str] = frozenset()
    told: dict[str, frozenset[str]] = field(default_factory=dict)
    _name: str = ""
    _asks_first: bool = True

    def __post_init__(self) -> None:
        """Choose one name for all of them."""
        self._name = self.desk.vocabulary.name("ana")

    def succeeds_so_far(self) -> None:
        """Learn which words are shown, and whether a name is asked for first: nothing fails yet.

        Raises:
            Contradicted: it does not even connect to a server that listens.
        """
        desk = self.desk
        desk.begin()
        self._asks_first = not asking.connects_by_itself(desk, lambda: bool(desk.conversations))
        if self._asks_first:
            asking.give_name(desk, self._name)
        assert desk.server
        self._learn()
        desk.stop_listening()

    def is_refused(self) -> None:
        """Nobody listens: the kernel answers with an RST."""
        network = self.desk.prepared.ground.network
        before = network.failed_calls()
        self._is_told("refused", lambda: network.failed_calls() > before)

    def is_not_answered(self) -> None:
        """Nothing comes back, as from a machine that is off; the window answers meanwhile."""
        desk = self.desk
        network, where = desk.prepared.ground.network, desk.where()
        with unanswered(desk):
            self._begin(lambda _tree: False)
            deadline = desk.deadline()
            look = partial(desk.reactor.pump, lambda: network.calling(where) > 0)
            if not look(deadline):
                raise desk.overdue("it did not try to connect", deadline, look)
            with desk.about("RF-007.6"), never_frozen(desk):
                self._learn()
                with desk.about("RF-007.2"):
                    self._expect("no answer", lambda: True)

    def has_no_such_host(self) -> None:
        """The name of the host is none.

        Raises:
            Lacking: it cannot be told any host.
        """
        desk = self.desk
        if not is_told(desk.system.description, "host", "address"):
            raise Lacking("its command has no {host}: it cannot be told one that is unknown")
        address = f"{UNKNOWN_HOST}:{desk.prepared.port.port}"
        desk.serve()
        network = desk.prepared.ground.network
        before = network.failed_lookups()
        self._is_told(
            "unknown host",
            lambda: network.failed_lookups() > before or not network.is_of_its_own,
            {"host": UNKNOWN_HOST, "address": address},
        )

    def is_hung_up_on(self) -> None:
        """The server accepts the connection and closes it."""
        self.desk.serve(greet=lambda conversation: conversation.client.close())
        self._is_told("closed at once", lambda: bool(self.desk.conversations))

    def is_one_too_many(self) -> None:
        """The server says that it is full, and closes.

        Raises:
            Lacking: the target file does not describe how it says so.
        """

        def refuse(conversation: Answering) -> None:
            conversation.says(Kind.SERVER_FULL)
            conversation.client.close()

        if not self.desk.system.dialect.describes(Kind.SERVER_FULL):
            raise Lacking("the target file describes no [receive] server_full")
        self.desk.serve(greet=refuse)
        self._is_told("server full", lambda: bool(self.desk.conversations))

    def judge_words(self, observations: Mapping[str, str]) -> None:
        """Check that no two causes were told in the same words."""
        for cause, told in self.told.items():
            same = [other for other, words in self.told.items() if words == told]
            with self.desk.about(observations[cause]):
                if len(same) > 1:
                    shown = " / ".join(sorted(told))
                    raise Contradicted(f"{' and '.join(same)} are told in one way: {shown}")

    def _is_told(
        self, cause: str, has_failed: Failed, holes: Mapping[str, str] | None = None
    ) -> None:
        """Expect that a fresh client tells its user of an attempt that fails."""
        self._begin(self._telling(has_failed), holes)
        self._expect(cause, has_failed)

    def _begin(self, tells: Callable[[Tree], bool], holes: Mapping[str, str] | None = None) -> None:
        """Start a fresh client, and give it the name if it asks before it connects."""
        desk = self.desk
        desk.start(holes)
        if not self._asks_first:
            return
        tree = desk.window.waits_for(
            lambda tree: form_of(tree) is not None or tells(tree), desk.deadline()
        )
        if tree and form_of(tree):
            asking.give_name(desk, self._name)

    def _expect(self, cause: str, has_failed: Failed) -> None:
        """Expect words that were not there before; ``has_failed`` is asked for evidence."""
        desk = self.desk
        deadline = desk.deadline(desk.limits.connection_failure_s)
        look = partial(desk.window.waits_for, self._telling(has_failed))
        tree = look(deadline)
        if not has_failed():
            raise Unproven(f"nothing shows that it tried, and failed: {cause}")
        if tree is None:
            raise desk.overdue(desk.why_mute(f"nothing is told of it: {cause}"), deadline, look)
        self.told[cause] = self._new(tree)
        desk.history.record("window", "?", f"{cause}: {' / '.join(sorted(self.told[cause]))}")
        desk.ledger.discharge()

    def _telling(self, has_failed: Failed) -> Callable[[Tree], bool]:
        """Return whether a window, looked at again and again, shows what is new after a failure.

        What it shows before the attempt has failed is learnt: it tells nothing of that. A window
        that was looked at just when it failed may be of before or after, and counts for neither.
        """
        had_failed = False

        def tells(tree: Tree) -> bool:
            nonlocal had_failed
            failed_before, had_failed = had_failed, has_failed()
            if not had_failed:
                self.pending |= _alike(tree)
            return failed_before and bool(self._new(tree))

        return tells

    def _learn(self) -> None:
        """Take what is shown in the first moment for what tells nothing yet."""

        def take(tree: Tree) -> bool:
            self.pending |= _alike(tree)
            return False

        self.desk.window.waits_for(take, self.desk.deadline(UNTOLD_S))

    def _new(self, tree: Tree) -> frozenset[str]:
        return _alike(tree) - self.pending


def _alike(tree: Tree) -> frozenset[str]:
    """Return the words of a window; an address is as good as any other."""
    return frozenset(line.replace(UNKNOWN_HOST, "0.0.0.0") for line in words(tree))  # noqa: S104


@contextmanager
def unanswered(desk: Desk) -> Iterator[None]:
    """Let nobody answer where the client looks: a listener whose queue is full; listen(2)."""
    network = desk.prepared.ground.network
    with network.socket() as listening, network.socket() as filling:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(desk.where())
        listening.listen(0)
        filling.connect(desk.where())
        yield

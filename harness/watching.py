"""The window of a client must answer, whatever else happens: how long it did not (RF-025)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.expect import Kind
from harness.gui.freezes import Freezes, Waited
from harness.gui.stacks import Stacks, stacks_of
from harness.gui.window import NoWindow
from harness.targets.health import main_threads_waited_for_a_core_s, waited_for_a_core_s
from harness.verdict import Contradicted, Spoilt, Stopped

if TYPE_CHECKING:
    from harness.desk import Desk

BUSY_MS = 500
"""How long a main thread is made to wait, so that others are seen to wait for it."""
LEAST_PROBES = 5
"""Who was asked less often has not been watched."""


@dataclass(slots=True)
class Watch:
    """One watch over a window: its freezes, and where it was in the first that was too long."""

    desk: Desk
    freezes: Freezes = field(init=False)
    stacks: Stacks | None = None

    def __post_init__(self) -> None:
        """Know whose waiting for a core is no freeze: the client's, and its screen's."""
        desk = self.desk
        pids = [process.pid for process in desk.process.tree()]
        self.freezes = Freezes(
            desk.window,
            desk.reactor,
            lambda: waited([*pids, desk.xserver.pid]),
            desk.limits.freeze_s,
            lambda: desk.process.status is None,
            lambda: self._look_into(pids),
        )

    def judge(self) -> None:
        """Check the longest freeze, and that the window was asked often enough.

        Raises:
            Contradicted: it was too long.
            Spoilt: perhaps it was, or the window was hardly asked.
        """
        self.judge_freeze()
        perhaps_s, limit_s = self.freezes.longest_perhaps_s, self.desk.limits.freeze_s
        if perhaps_s > limit_s:
            raise Spoilt(
                f"the window answered nothing for {perhaps_s:.2f} s; the limit is {limit_s:g} s; "
                "but other threads of it waited for a core meanwhile, and it perhaps for them"
            )
        if self.freezes.probes < LEAST_PROBES:
            raise Spoilt(f"the window was asked only {self.freezes.probes} times")
        self.desk.ledger.discharge()

    def judge_freeze(self) -> None:
        """Check the longest freeze against the limit, and show it.

        Raises:
            Contradicted: it was longer.
        """
        longest_s, limit_s = self.freezes.longest_s, self.desk.limits.freeze_s
        self.desk.figures["longest_freeze_ms"] = round(self.freezes.longest_perhaps_s * 1e3, 1)
        if longest_s > limit_s:
            line = self.stacks and self.stacks.blocking_line()
            at = f", at {line}" if line else ""
            raise Contradicted(
                f"the window answered nothing for {longest_s:.2f} s{at}; the limit is {limit_s:g} s"
            )

    def _look_into(self, pids: list[int]) -> None:
        self.stacks = next(filter(None, map(stacks_of, pids)), None)
        self.desk.stacks += [str(self.stacks)] if self.stacks else []


def waited(pids: Sequence[int]) -> Waited:
    """Return how long these have waited for a core; what answers is the main thread of each."""
    return Waited(waited_for_a_core_s(pids), main_threads_waited_for_a_core_s(pids))


@contextmanager
def never_frozen(desk: Desk) -> Iterator[None]:
    """Watch the window meanwhile, and judge its longest freeze; that comes before all else.

    Raises:
        Contradicted: it was longer than the limit, or there is no window.
    """
    watch = Watch(desk)
    try:
        watch.freezes.begin(desk.deadline())
    except NoWindow as none:
        raise desk.overdue(str(none), none.deadline) from None
    try:
        yield
    except Stopped:
        watch.freezes.end(desk.deadline())
        watch.judge_freeze()
        raise
    watch.freezes.end(desk.deadline())
    watch.judge()


def note_foreign_touches(desk: Desk) -> None:
    """Look whether a thread other than the main one calls Tk when something comes; tell if so.

    The main thread is made to wait, and it takes a moment to begin with that: whoever calls Tk
    meanwhile waits for it, and is seen there. That changes no verdict.
    """
    deadline, server = desk.deadline(BUSY_MS / 1e3), desk.server
    with suppress(NoWindow):
        desk.window.ask(f"after {BUSY_MS}", deadline)
    bia = desk.vocabulary.name("bia")
    pids = [process.pid for process in desk.process.tree()]
    while not deadline.passed:
        server.says(Kind.MESSAGE, **{"from": bia}, text=desk.vocabulary.nonce())
        for stacks in filter(None, map(stacks_of, pids)):
            if touch := stacks.foreign_touch():
                desk.finding("cross-thread", f"{touch} calls Tk from another thread than its own")
                return

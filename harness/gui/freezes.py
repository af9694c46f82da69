"""How long a window answers nothing: its longest freeze, in seconds (RF-025).

One script is always under way: it is sent again a moment after its answer has come. What took long
because we were late ourselves, or because the program had to wait for a core, is no freeze. Where
other threads than the one that answers had to wait, nobody knows: that is told apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from harness.deadline import Deadline
from harness.gui.tksend import Asked
from harness.gui.window import NoWindow, Window

PAUSE_S = 0.02
NOTHING = "list"
"""A script without any work."""


class Waited(NamedTuple):
    """How long threads have waited for a core so far: all of them, and those that answer."""

    all_s: float
    answering_s: float


NOBODY_WAITED = Waited(0.0, 0.0)


class Reactor(Protocol):
    """What this needs of the reactor."""

    lags: list[tuple[float, float]]
    turned: float

    def later(self, seconds: float, call: Callable[[], None]) -> None:
        """Call once, after so many seconds."""

    def pump(self, until: Callable[[], bool], deadline: Deadline) -> bool:
        """Turn until the condition holds."""


@dataclass(slots=True)
class Freezes:
    """Watches one window, from ``begin`` to ``end``.

    ``waited`` says how long the program, and whatever it needs to answer, has waited for a core
    so far; ``is_alive`` whether there still is a program. ``on_freeze`` is called once, in the
    middle of a freeze that is longer than ``most_s``. ``longest_s`` is the longest for certain,
    ``longest_perhaps_s`` the longest if only the thread that answers had to wait.
    """

    window: Window
    reactor: Reactor
    waited: Callable[[], Waited]
    most_s: float
    is_alive: Callable[[], bool]
    on_freeze: Callable[[], None] = lambda: None
    longest_s: float = 0.0
    longest_perhaps_s: float = 0.0
    probes: int = 0
    _asked: Asked | None = None
    _waited_before: Waited = NOBODY_WAITED
    _is_watching: bool = False
    _was_told: bool = field(default=False)

    def begin(self, deadline: Deadline) -> None:
        """Begin to watch.

        Raises:
            NoWindow: there is none before the deadline.
        """
        self._is_watching = True
        self._ask(deadline)
        self.reactor.later(PAUSE_S, self._look)

    def end(self, deadline: Deadline) -> None:
        """Watch no more, once the last answer has come or the deadline has passed."""
        self.reactor.pump(lambda: self._is_answered() or not self.is_alive(), deadline)
        self._take()
        self._is_watching = False

    def _is_answered(self) -> bool:
        """Whether an answer has come in a turn that is over: how late that was is known then."""
        asked = self._asked
        return asked is None or (asked.is_over and asked.answered_s <= self.reactor.turned)

    def _look(self) -> None:
        if not self._is_watching:
            return
        self._take()
        if self._is_answered():
            with suppress(NoWindow):  # one has gone, and the next has not come yet
                self._ask(Deadline.after(PAUSE_S))
        self.reactor.later(PAUSE_S, self._look)

    def _ask(self, deadline: Deadline) -> None:
        self._asked = None
        self._waited_before = self.waited()
        self._asked = self.window.ask(NOTHING, deadline)
        self.probes += 1

    def _take(self) -> None:
        """Take note of how long the script under way has taken until the end of the last turn."""
        asked = self._asked
        if asked is None or (not asked.is_over and not self.is_alive()):
            return
        until_s = asked.answered_s if self._is_answered() else self.reactor.turned
        ours_s = sum(self._lags_between(asked.at_s, until_s))
        took_s, waited = until_s - asked.at_s - ours_s, self.waited()
        answering_s = waited.answering_s - self._waited_before.answering_s
        all_s = waited.all_s - self._waited_before.all_s
        self.longest_s = max(self.longest_s, took_s - all_s)
        self.longest_perhaps_s = max(self.longest_perhaps_s, took_s - answering_s)
        if self.longest_s > self.most_s and not self._was_told and not asked.is_over:
            self._was_told = True
            self.on_freeze()

    def _lags_between(self, begin_s: float, end_s: float) -> Iterator[float]:
        """Yield how much of each delay of our own lies between two moments."""
        for at_s, late_s in self.reactor.lags:
            yield max(0.0, min(at_s, end_s) - max(at_s - late_s, begin_s))

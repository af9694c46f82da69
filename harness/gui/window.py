"""One client's window, as its user would use it: looked at, typed into, clicked.

Everything is found anew before it is used, for a window changes under our hands. What is waited for
is given a deadline; what that means for the client is for the caller to say.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from harness.deadline import Deadline
from harness.gui.clipboard import Clipboard
from harness.gui.desktop import Desktop
from harness.gui.hands import BACKSPACE, CONTROL, END, HOME, RETURN, SHIFT, Hands
from harness.gui.manager import Manager
from harness.gui.picture import picture
from harness.gui.tksend import Application, Asked, Send
from harness.gui.widgets import READ, Tree, Widget, parse


class Reactor(Protocol):
    """What a window needs of the reactor."""

    def pump(self, until: Callable[[], bool], deadline: Deadline) -> bool:
        """Turn until the condition holds."""


PAUSE_S = 0.01
ASK_AGAIN_S = 0.1
"""Whoever was killed stays in the registry, and another may come to have its number."""


class NoWindow(Exception):
    """There is no Tk window, or none that answers before a deadline; the reason is a sentence."""

    def __init__(self, reason: str, deadline: Deadline) -> None:
        """Remember which deadline has passed."""
        super().__init__(f"{reason} within {deadline.budget_s:g} s")
        self.deadline = deadline


@dataclass(slots=True)
class Window:
    """The window of whatever Tk program runs on a desktop of its own.

    ``has_ended`` says whether that program has ended: then nobody waits for an answer any more.
    """

    desktop: Desktop
    reactor: Reactor
    has_ended: Callable[[], bool] = lambda: False
    send: Send = field(init=False)
    hands: Hands = field(init=False)
    clipboard: Clipboard = field(init=False)
    manager: Manager = field(init=False)
    _application: Application | None = None

    def __post_init__(self) -> None:
        """Manage the desktop, and be ready to type."""
        self.manager = Manager(self.desktop)
        self.send = Send(self.desktop)
        self.hands = Hands(self.desktop)
        self.clipboard = Clipboard(self.desktop)

    def look(self, deadline: Deadline) -> Tree:
        """Return all widgets as they are now.

        Raises:
            NoWindow: nothing answers before the deadline: it is frozen, or there is none.
        """
        return parse(self.evaluate(READ, deadline))

    def evaluate(self, script: str, deadline: Deadline) -> str:
        """Return the result of a script that only reads.

        Raises:
            NoWindow: nothing answers before the deadline.
        """
        while (asked := self._answered(script, deadline)).failed:
            if deadline.passed:
                raise NoWindow(self._why("no Tk window came up"), deadline)
            self._application = None  # it has gone meanwhile; in a moment there may be another
            self.reactor.pump(lambda: False, Deadline.after(min(PAUSE_S, deadline.remaining_s())))
        return asked.answer or ""

    def _answered(self, script: str, deadline: Deadline) -> Asked:
        asked = self.ask(script, deadline)
        self.reactor.pump(lambda: asked.is_over or self.has_ended(), deadline)
        if asked.is_over:
            return asked
        self.send.forget(asked)
        raise NoWindow(self._why("the window did not answer"), deadline)

    def waits_for(self, holds: Callable[[Tree], bool], deadline: Deadline) -> Tree | None:
        """Look again and again until something holds; return what was seen, or None: it never did.

        A look that gets no answer is repeated until the deadline: a window may be busy.
        """
        seen: list[Tree] = []

        def is_so(answer: str) -> bool:
            seen.append(parse(answer))
            return holds(seen[-1])

        return seen[-1] if self.comes_to(READ, is_so, deadline) else None

    @property
    def is_there(self) -> bool:
        """Whether a window has answered so far."""
        return self._application is not None

    def comes_to(self, script: str, holds: Callable[[str], bool], deadline: Deadline) -> bool:
        """Evaluate a script, which only reads, until something holds of its result."""
        while not deadline.passed:
            try:
                if holds(self.evaluate(script, deadline)):
                    return True
            except NoWindow:
                return False
            self.reactor.pump(lambda: False, Deadline.after(min(PAUSE_S, deadline.remaining_s())))
        return False

    def ask(self, script: str, deadline: Deadline) -> Asked:
        """Send a script that only reads, and do not wait for its answer.

        Raises:
            NoWindow: there is no window before the deadline.
        """
        return self.send.ask(self._found(deadline), script)

    def click(self, widget: Widget) -> None:
        """Click in the middle of a widget."""
        self.hands.click(*widget.middle)

    def replace(self, entry: Widget, text: str, budget_s: float) -> None:
        """Click into an entry, empty it, and type.

        Raises:
            NoWindow: once the window takes longer than this to come to what was typed.
        """
        self._empty(entry)
        for chunk in self.hands.chunks(text):
            self._comes_to_what_was_typed(budget_s)
            if self.hands.lend(chunk):
                self._comes_to_what_was_typed(budget_s)
            self.hands.type(chunk)

    def paste(self, entry: Widget, text: str) -> None:
        """Click into an entry, empty it, and paste."""
        self.clipboard.hold(text)
        self._empty(entry)
        self.hands.press("v", held=CONTROL)

    def _empty(self, entry: Widget) -> None:
        self.click(entry)
        self.hands.press(END)
        self.hands.press(HOME, held=SHIFT)
        self.hands.press(BACKSPACE)

    def _comes_to_what_was_typed(self, budget_s: float) -> None:
        """Wait until the window has taken all that was typed, for a key must not change before."""
        self.evaluate("pid", Deadline.after(budget_s))

    def enter(self) -> None:
        """Press the key Enter."""
        self.hands.press(RETURN)

    def forget(self) -> None:
        """Look for another program on the desktop: the one before has ended."""
        self._application = None

    def picture(self) -> bytes:
        """Return what the screen shows, as a PNG."""
        return picture(self.desktop)

    def _found(self, deadline: Deadline) -> Application:
        """Return the application that answers; one display has one client.

        Whoever opens a second window when the first is closed may be another application then.
        """
        if self._application and self._application not in self.send.applications():
            self._application = None
        if self._application is None:
            tried: list[tuple[Application, Asked]] = []

            def found() -> bool:
                if not tried or tried[-1][1].age_s > ASK_AGAIN_S:
                    tried.extend((a, self.send.ask(a, "pid")) for a in self.send.applications())
                return any(asked.is_over for _, asked in tried)

            self.reactor.pump(lambda: found() or self.has_ended(), deadline)
            if not found():
                raise NoWindow(self._why("no Tk window came up"), deadline)
            self._application = next(a for a, asked in tried if asked.is_over)
        return self._application

    def _why(self, otherwise: str) -> str:
        return "the client ended" if self.has_ended() else otherwise

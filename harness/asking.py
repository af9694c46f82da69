"""A client asks for a name, and perhaps for an address: its user answers, form by form."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.deadline import Deadline
from harness.gui.forms import Form, Topic, form_of
from harness.gui.sights import MAIN, fronts, message_of
from harness.gui.widgets import BUTTONS, Tree, Widget
from harness.verdict import Contradicted, Stopped

if TYPE_CHECKING:
    from harness.desk import Desk

MOST_FORMS = 4
SPONTANEOUS_S = 0.5
"""Who has not connected by itself so long after its window came up waits for its user."""
TAKEN_S = 1.0
"""A form that is still there so long after Enter has a button to be clicked."""


def give_name(desk: Desk, name: str) -> None:
    """Answer what the client asks for, one form after another, up to the one with the name.

    Raises:
        Contradicted: it asks for nothing, or not for the name.
    """
    for _ in range(MOST_FORMS):
        form = _next_form(desk, lambda _form: True, "it asks for no name: no Entry")
        _fill(desk, form, name)
        if form.asks_for_the_name:
            return
    raise Contradicted(f"it asks for {MOST_FORMS} things, and not for the name")


def connects_by_itself(desk: Desk, has_called: Callable[[], bool]) -> bool:
    """Wait for a window, and see whether the client connects before anybody types anything."""
    desk.window.waits_for(lambda _tree: True, desk.deadline())
    return desk.reactor.pump(has_called, desk.deadline(SPONTANEOUS_S))


def make_it_call(desk: Desk, has_called: Callable[[], bool]) -> None:
    """Let the client connect, or answer what it asks for as far as that takes.

    Raises:
        Contradicted: it has not, and does not ask for a name either.
    """
    if connects_by_itself(desk, has_called):
        return
    try:
        give_name(desk, desk.vocabulary.name("ana"))
    except Stopped:
        if not has_called():
            raise


def is_asked_clearly(desk: Desk, otherwise: str) -> None:
    """Expect the client to ask for a name in words, or in a window of its own.

    What it tells before, or asks for, is read and answered.

    Raises:
        Contradicted: it does not; ``otherwise`` is the reason.
    """
    for _ in range(MOST_FORMS):
        form = _next_form(desk, lambda form: form.is_clear or not form.asks_for_the_name, otherwise)
        if form.is_clear:
            desk.ledger.discharge()
            return
        _fill(desk, form, "")
    raise Contradicted(otherwise)


def _fill(desk: Desk, form: Form, name: str) -> None:
    for question in form.questions:
        desk.types_into(question.entry, _answer(desk, question.topic, name))
    _submit(desk, form)


def _answer(desk: Desk, topic: Topic, name: str) -> str:
    host, port = desk.looked_for
    return {Topic.NAME: name, Topic.HOST: host, Topic.PORT: str(port)}[topic]


def _next_form(desk: Desk, fits: Callable[[Form], bool], otherwise: str) -> Form:
    """Return the next form that fits; messages that lie before it are closed.

    Raises:
        Contradicted: there is none; ``otherwise`` is the reason.
    """

    def asks(tree: Tree) -> bool:
        form = form_of(tree)
        return form is not None and fits(form)

    for _ in range(MOST_FORMS):
        tree = desk.sees(lambda tree: bool(asks(tree) or message_of(tree)), otherwise)
        form, message = form_of(tree), message_of(tree)
        if form:
            return form
        if message is None or not _close(desk, tree, message):
            break
    raise Contradicted(desk.why_mute(otherwise))


def _submit(desk: Desk, form: Form) -> None:
    """Press Enter; click the button of a form that does not care for that."""
    last = form.questions[-1]

    def is_taken(tree: Tree) -> bool:
        entry = next((w for w in tree.widgets if w.path == last.entry.path), None)
        return entry is None or not entry.is_visible or not entry.text

    desk.window.enter()
    if desk.window.waits_for(is_taken, Deadline.after(TAKEN_S * desk.scale)) is None:
        tree = desk.window.waits_for(lambda _tree: True, Deadline.after(TAKEN_S * desk.scale))
        if tree and (buttons := tree.of(*BUTTONS, toplevel=form.window)):
            desk.window.click(min(buttons, key=lambda widget: (widget.y, widget.x)))


def dismiss(desk: Desk) -> None:
    """Close what lies before the window, one after another, as its reader would."""
    for _ in range(MOST_FORMS):
        tree = desk.window.waits_for(lambda _tree: True, desk.deadline(TAKEN_S))
        front = next(fronts(tree)) if tree else MAIN
        if tree is None or front == MAIN or not _close(desk, tree, front):
            return


def read_what_is_in_the_way(desk: Desk) -> None:
    """Close a message that lets nobody pass, such as a welcome, if there is one."""
    tree = desk.window.waits_for(lambda _tree: True, desk.deadline(TAKEN_S))
    if tree and (message := message_of(tree)) == tree.grab and message:
        _close(desk, tree, message)


def _close(desk: Desk, tree: Tree, window: str) -> bool:
    """Click the way out of a window; return whether it went away."""
    button = _way_out(tree, window)
    if button is None:
        return False
    desk.window.click(button)
    return desk.window.waits_for(_without(window), desk.deadline(TAKEN_S)) is not None


def _way_out(tree: Tree, window: str) -> Widget | None:
    """Return the button of a message that asks for nothing more, rather than one that tries again.

    Tk names those of its own messages, whatever they say; see tk_messageBox(n).
    """
    buttons = tree.of(*BUTTONS, toplevel=window)
    named = {button.path.rpartition(".")[2]: button for button in buttons}
    ways_out = [named[name] for name in ("ok", "cancel", "no") if name in named]
    return next(iter([*ways_out, *buttons]), None)


def _without(window: str) -> Callable[[Tree], bool]:
    return lambda tree: all(each.path != window for each in tree.dialogs())

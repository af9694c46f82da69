"""A client asks for a name, and perhaps for an address: its user answers, form by form."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.deadline import Deadline
from harness.gui.forms import Form, Topic, form_of
from harness.gui.widgets import BUTTONS, Tree, Widget
from harness.verdict import Contradicted

if TYPE_CHECKING:
    from harness.desk import Desk

MOST_FORMS = 4
TAKEN_S = 1.0
"""A form that is still there so long after Enter has a button to be clicked."""


def give_name(desk: Desk, name: str) -> None:
    """Answer what the client asks for, one form after another, up to the one with the name.

    Raises:
        Contradicted: it asks for nothing, or not for the name.
    """
    for _ in range(MOST_FORMS):
        form = _next_form(desk)
        for question in form.questions:
            desk.types_into(question.entry, _answer(desk, question.topic, name))
        _submit(desk, form)
        if form.asks_for_the_name:
            return
    raise Contradicted(f"it asks for {MOST_FORMS} things, and not for the name")


def is_asked_clearly(desk: Desk, otherwise: str) -> None:
    """Expect the client to ask for a name in words, or in a window of its own.

    Raises:
        Contradicted: it does not; ``otherwise`` is the reason.
    """

    def asks(tree: Tree) -> bool:
        form = form_of(tree)
        return form is not None and form.is_clear

    desk.sees(asks, otherwise)
    desk.ledger.discharge()


def _answer(desk: Desk, topic: Topic, name: str) -> str:
    host, port = desk.looked_for
    return {Topic.NAME: name, Topic.HOST: host, Topic.PORT: str(port)}[topic]


def _next_form(desk: Desk) -> Form:
    tree = desk.sees(lambda tree: form_of(tree) is not None, "it asks for no name: no Entry")
    form = form_of(tree)
    assert form
    return form


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
    """Close the messages that lie before the window, one after another, as their reader would."""
    for _ in range(MOST_FORMS):
        tree = desk.window.waits_for(lambda _tree: True, desk.deadline(TAKEN_S))
        message = next(tree.dialogs(), None) if tree else None
        if tree is None or message is None or not (button := _way_out(tree, message.path)):
            return
        desk.window.click(button)
        desk.window.waits_for(_without(message.path), desk.deadline(TAKEN_S))


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

"""What somebody does at a window: types, pastes, clicks, as a person would."""

from __future__ import annotations

from dataclasses import dataclass

from harness.gui.sights import button_of, front_entry
from harness.gui.widgets import BUTTONS, Tree, Widget
from harness.gui.window import NoWindow
from harness.onlooker import Onlooker

SEND = "Enviar"


@dataclass(slots=True, repr=False, kw_only=True)
class User(Onlooker):
    """Who sits at the window of a client."""

    def types(self, text: str) -> Widget:
        """Type a text into the entry that is in front; return the entry.

        Raises:
            Contradicted: there is none, or it does not come to hold the text.
        """
        tree = self.sees(lambda tree: front_entry(tree) is not None, "no Entry can be seen")
        entry = front_entry(tree)
        assert entry
        self.types_into(entry, text)
        return entry

    def types_into(self, entry: Widget, text: str) -> None:
        """Type a text into an entry instead of what it holds.

        Raises:
            Contradicted: it does not come to hold the text.
        """
        try:
            self.window.replace(entry, text, self.limits.observation_s * self.scale)
        except NoWindow as frozen:
            raise self.overdue(str(frozen), frozen.deadline) from None
        self.reads(f"{entry.path} get", text, f"the Entry did not come to hold {text!r}")

    def pastes(self, text: str) -> None:
        """Paste a text into the entry that is in front.

        Raises:
            Contradicted: there is none, or it does not come to hold the text.
        """
        entry = front_entry(self.sees(lambda tree: bool(front_entry(tree)), "no Entry can be seen"))
        assert entry
        self.window.paste(entry, text)
        self.reads(f"{entry.path} get", text, "the Entry did not come to hold what was pasted")

    def sees_the_button(self) -> None:
        """Expect a button that says what it does. Raises Contradicted if there is none."""
        self.sees(lambda tree: bool(button_of(tree, SEND)), f"no button {SEND!r} can be seen")

    def clicks_send(self) -> None:
        """Click the button to send, or the only button that there is.

        Raises:
            Contradicted: there is none.
        """
        tree = self.sees(lambda tree: bool(send_button(tree)), f"no button {SEND!r} can be seen")
        button = send_button(tree)
        assert button
        self.window.click(button)

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

    def private_form(self, to: str, text: str) -> str:
        """Return what its user types to send a private message."""
        return self.system.description.window.private.format(to=to, text=text)

    def malformed_forms(self, name: str) -> list[str]:
        """Return what its user may have typed of one: no recipient, no text, a blank text."""
        command, _, rest = self.system.description.window.private.partition("{to}")
        between = rest.partition("{text}")[0]
        return [command.rstrip(), f"{command}{name}", f"{command}{name}{between} "]


def send_button(tree: Tree) -> Widget | None:
    """Return the button to send, whatever it says if there is no other."""
    buttons = tree.of(*BUTTONS)
    return button_of(tree, SEND) or (buttons[0] if len(buttons) == 1 else None)

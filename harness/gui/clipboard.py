"""A clipboard: what is pasted into a window comes from it; ICCCM 2.

Texts only, and none longer than a property holds, some 256 kB.
"""

from __future__ import annotations

from typing import Any

from Xlib import X, Xatom
from Xlib.protocol.event import SelectionNotify

from harness.gui.desktop import Desktop


class Clipboard:
    """The owner of one desktop's clipboard."""

    def __init__(self, desktop: Desktop) -> None:
        """Hold nothing yet."""
        self._desktop = desktop
        self._data = b""
        self._name = desktop.atom("CLIPBOARD")
        self._text = desktop.atom("UTF8_STRING")
        self._targets = desktop.atom("TARGETS")
        self._window = desktop.root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)
        desktop.listen(self._on_event)

    def hold(self, text: str) -> None:
        """Hold a text until another is held."""
        self._data = text.encode()
        self._window.set_selection_owner(self._name, X.CurrentTime)
        self._desktop.flush()

    def _on_event(self, event: Any) -> None:
        if event.type != X.SelectionRequest or event.selection != self._name:
            return
        place = event.property or event.target
        if event.target == self._targets:
            event.requestor.change_property(place, Xatom.ATOM, 32, [self._targets, self._text])
        elif event.target == self._text:
            event.requestor.change_property(place, self._text, 8, self._data)
        else:
            place = X.NONE
        event.requestor.send_event(
            SelectionNotify(
                time=event.time,
                requestor=event.requestor,
                selection=event.selection,
                target=event.target,
                property=place,
            )
        )
        self._desktop.flush()

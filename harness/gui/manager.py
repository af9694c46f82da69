"""A window manager of a few lines: a window gets its place, the front, and the keyboard; see ICCCM.

Without one, dialogs lie under their window and keys go nowhere.
"""

from __future__ import annotations

from typing import Any

from Xlib import X, Xutil
from Xlib.xobject.drawable import Window

from harness.gui.desktop import Desktop, gone_is_gone

NORMAL, ICONIC = 1, 3
"""WM_STATE; ICCCM 4.1.3.1."""


class Manager:
    """Manages the windows of one screen. ``shown`` are those on it, the front one last."""

    def __init__(self, desktop: Desktop) -> None:
        """Take the place of a window manager."""
        self.shown: list[int] = []
        self._desktop = desktop
        self._wm_state = desktop.atom("WM_STATE")
        self._change_state = desktop.atom("WM_CHANGE_STATE")
        desktop.root.change_attributes(
            event_mask=X.SubstructureRedirectMask | X.SubstructureNotifyMask
        )
        desktop.listen(self._on_event)
        desktop.flush()

    def _on_event(self, event: Any) -> None:
        if event.type == X.MapRequest:
            self._show(event.window)
        elif event.type == X.ConfigureRequest:
            self._configure(event)
        elif event.type in (X.UnmapNotify, X.DestroyNotify):
            self._hide(event.window)
        elif event.type == X.ClientMessage and event.client_type == self._change_state:
            self._iconify(event.window)
        self._desktop.flush()

    def _show(self, window: Window) -> None:
        self._place(window)
        self._set_state(window, NORMAL)
        window.map()
        if window.id in self.shown:
            self.shown.remove(window.id)
        self.shown.append(window.id)
        self._bring_to_front()

    def _place(self, window: Window) -> None:
        """Centre a window that does not say where it wants to be."""
        hints = window.get_wm_normal_hints()
        if hints and hints.flags & (Xutil.USPosition | Xutil.PPosition):
            return
        screen, shape = self._desktop.display.screen(), window.get_geometry()
        x = max(0, (screen.width_in_pixels - shape.width) // 2)
        y = max(0, (screen.height_in_pixels - shape.height) // 2)
        window.configure(x=x, y=y)

    def _configure(self, event: Any) -> None:
        names = {
            X.CWX: "x",
            X.CWY: "y",
            X.CWWidth: "width",
            X.CWHeight: "height",
            X.CWBorderWidth: "border_width",
        }
        asked = {n: getattr(event, n) for bit, n in names.items() if event.value_mask & bit}
        if event.value_mask & X.CWStackMode:
            asked["stack_mode"] = event.stack_mode
        event.window.configure(**asked)

    def _hide(self, window: Window) -> None:
        if window.id in self.shown:
            self.shown.remove(window.id)
            self._bring_to_front()

    def _iconify(self, window: Window) -> None:
        window.unmap()
        self._set_state(window, ICONIC)

    def _bring_to_front(self) -> None:
        """Raise the last window, and what belongs to it, and give the last of those the keys."""
        if not self.shown:
            return
        front = self._desktop.window(self.shown[-1])
        front.configure(stack_mode=X.Above)
        for number in self.shown[:-1]:
            window = self._desktop.window(number)
            with gone_is_gone():
                owner = window.get_wm_transient_for()
                if owner is not None and owner.id == front.id:
                    window.configure(stack_mode=X.Above)
                    front = window
        front.set_input_focus(X.RevertToParent, X.CurrentTime)

    def _set_state(self, window: Window, state: int) -> None:
        window.change_property(self._wm_state, self._wm_state, 32, [state, X.NONE])

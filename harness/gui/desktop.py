"""One connection to an X server, on the reactor: events come in, and whoever cares is told.

Single-threaded like all of the harness. A request that has an answer waits for the X server, which
is ours; never for a client.
"""

from __future__ import annotations

import os
import selectors
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Protocol

from Xlib import display, error
from Xlib.xobject.drawable import Window

from harness.gui.xserver import XServer

Listener = Callable[[Any], None]


class Reactor(Protocol):
    """What a desktop needs of the reactor."""

    def watch(self, descriptor: int, events: int, handler: Callable[[int], None]) -> None:
        """Call the handler when the descriptor is ready."""

    def forget(self, descriptor: int) -> None:
        """Stop watching."""

    def each_turn(self, watcher: Callable[[], None]) -> None:
        """Call at the end of every turn."""


class Desktop:
    """The harness's view of a screen. Use ``close`` on every path."""

    def __init__(self, server: XServer, reactor: Reactor) -> None:
        """Connect, and let events be handled by the reactor."""
        with _authority(server):
            self.display = display.Display(server.name)
        self.display.set_error_handler(_forgive)
        self.root: Window = self.display.screen().root
        self._reactor = reactor
        self._listeners: list[Listener] = []
        self._is_open = True
        reactor.watch(self.display.fileno(), selectors.EVENT_READ, self._on_ready)
        # Whoever waits for an answer reads events as well, which the descriptor then does not tell.
        reactor.each_turn(lambda: self._on_ready(0))

    def listen(self, listener: Listener) -> None:
        """Call for every event, in order."""
        self._listeners.append(listener)

    def atom(self, name: str) -> int:
        """Return the number of an atom."""
        return int(self.display.intern_atom(name))

    def window(self, number: int) -> Window:
        """Return a window by its number, whether or not there is one."""
        made: Window = self.display.create_resource_object("window", number)
        return made

    def flush(self) -> None:
        """Send what was asked for."""
        self.display.flush()

    def close(self) -> None:
        """Disconnect."""
        if self._is_open:
            self._is_open = False
            self._reactor.forget(self.display.fileno())
            self.display.close()

    def _on_ready(self, _mask: int) -> None:
        while self._is_open and self.display.pending_events():
            event = self.display.next_event()
            for listener in self._listeners:
                with gone_is_gone():
                    listener(event)


@contextmanager
def gone_is_gone() -> Iterator[None]:
    """Forgive that a window is not there any more: that is for others to decide, at any time."""
    with suppress(error.BadWindow, error.BadDrawable, error.BadMatch):
        yield


def _forgive(_error: error.XError, _request: object) -> None:
    """Say nothing of an error nobody waits for: a window that is gone, most often."""


_environment = threading.Lock()


@contextmanager
def _authority(server: XServer) -> Iterator[None]:
    """Let python-xlib, which asks the environment, find the cookie."""
    with _environment:
        before = os.environ.get("XAUTHORITY")
        os.environ["XAUTHORITY"] = str(server.authority)
        try:
            yield
        finally:
            if before is None:
                del os.environ["XAUTHORITY"]
            else:
                os.environ["XAUTHORITY"] = before

"""Tk's `send`, spoken directly over X11, so that a frozen window cannot make us wait; see send(n).

A script that is sent is evaluated by the window's event loop. One that gets no answer in time means
that the loop does not turn: the window is frozen. It stays queued and is evaluated later, so what
is sent only reads. The protocol is that of Tk's unix/tkUnixSend.c; the text is Tcl's own UTF-8.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from Xlib import X, Xatom
from Xlib.xobject.drawable import Window

from harness.gui.desktop import Desktop, gone_is_gone

MOST_WORDS = 1 << 24
"""Of 4 bytes, of all answers together: more than any window shows."""


@dataclass(slots=True)
class Asked:
    """One script under way: when it was sent, and the answer once it has come.

    ``failed`` says that the script ended with an error, whose message is the answer then.
    """

    serial: int
    at_s: float
    answer: str | None = None
    answered_s: float = 0.0
    failed: bool = False

    @property
    def is_over(self) -> bool:
        """Whether there is an answer."""
        return self.answer is not None

    @property
    def age_s(self) -> float:
        """How long ago it was sent."""
        return time.monotonic() - self.at_s


@dataclass(frozen=True, slots=True)
class Application:
    """A Tk application of this display, by its entry in the registry."""

    window: int
    name: str


@dataclass(slots=True)
class Send:
    """The sender of scripts to the Tk applications of one desktop."""

    desktop: Desktop
    _window: Window = field(init=False)
    _comm: int = field(init=False)
    _registry: int = field(init=False)
    _asked: dict[int, Asked] = field(default_factory=dict)
    _serials: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        """Make the window that answers are written to."""
        self._comm = self.desktop.atom("Comm")
        self._registry = self.desktop.atom("InterpRegistry")
        self._window = self.desktop.root.create_window(
            0, 0, 1, 1, 0, X.CopyFromParent, X.InputOutput, event_mask=X.PropertyChangeMask
        )
        self.desktop.listen(self._on_event)

    def applications(self) -> list[Application]:
        """Return those in the registry; who was killed may still be in it."""
        found = self.desktop.root.get_full_property(self._registry, X.AnyPropertyType)
        entries = _bytes_of(found).split(b"\0") if found else []
        pairs = (entry.partition(b" ") for entry in entries if entry)
        return [Application(int(window, 16), decoded(name)) for window, _, name in pairs]

    def ask(self, application: Application, script: str) -> Asked:
        """Send a script; its answer comes while the reactor turns, or never."""
        asked = Asked(next(self._serials), time.monotonic())
        self._asked[asked.serial] = asked
        options = (
            b"n " + encoded(application.name),
            f"r {self._window.id:x} {asked.serial}".encode(),
            b"s " + encoded(script),
        )
        data = b"\0c\0" + b"".join(b"-" + option + b"\0" for option in options)
        with gone_is_gone():
            window = self.desktop.window(application.window)
            window.change_property(self._comm, Xatom.STRING, 8, data, X.PropModeAppend)
        self.desktop.flush()
        return asked

    def forget(self, asked: Asked) -> None:
        """Take no answer to this any more, should one come."""
        self._asked.pop(asked.serial, None)

    def _on_event(self, event: Any) -> None:
        ours = event.type == X.PropertyNotify and event.window.id == self._window.id
        if not ours or event.atom != self._comm or event.state != X.PropertyNewValue:
            return
        # Read and deleted at once: an answer that comes between the two would be lost.
        found = self._window.get_property(self._comm, X.AnyPropertyType, 0, MOST_WORDS, delete=True)
        for answer in _answers(_bytes_of(found)) if found else ():
            self._take(answer)

    def _take(self, options: dict[bytes, bytes]) -> None:
        serial = options.get(b"s", b"")
        asked = self._asked.pop(int(serial), None) if serial.isdigit() else None
        if asked is not None:
            asked.failed = b"c" in options
            asked.answered_s = time.monotonic()
            asked.answer = decoded(options.get(b"r", b""))


def _bytes_of(found: Any) -> bytes:
    value = found.value
    return value if isinstance(value, bytes) else str(value).encode("latin-1", "replace")


def _answers(data: bytes) -> Iterator[dict[bytes, bytes]]:
    """Yield the options of each answer: r, then ``-s SERIAL`` and ``-r RESULT``, NULs between."""
    options: dict[bytes, bytes] | None = None
    for token in data.split(b"\0"):
        if token == b"r":
            if options:
                yield options
            options = {}
        elif token.startswith(b"-") and options is not None:
            options[token[1:2]] = token[3:]
    if options:
        yield options


def encoded(text: str) -> bytes:
    """Return a text as Tcl has it: surrogates apart, and a NUL in two bytes."""
    pairs = text.encode("utf-16-be", "surrogatepass")
    units = (pairs[i : i + 2] for i in range(0, len(pairs), 2))
    parts = (chr(int.from_bytes(unit, "big")).encode("utf-8", "surrogatepass") for unit in units)
    return b"".join(parts).replace(b"\0", b"\xc0\x80")


def decoded(data: bytes) -> str:
    """Return the text that Tcl has in these bytes."""
    text = data.replace(b"\xc0\x80", b"\0").decode("utf-8", "surrogatepass")
    return text.encode("utf-16-be", "surrogatepass").decode("utf-16-be", "replace")

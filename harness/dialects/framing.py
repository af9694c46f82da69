"""How bytes are cut into texts: one entry in ``FRAMINGS`` for each way.

``encode`` wraps one text for the wire; a deframer takes whatever ``recv`` gave and returns the
complete frames. ``raw`` has no frames: what one read gave is part of a stream. ``json`` is one
object a line, and a frame of it is a text of lines, ``key: value``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from harness.dialects.fields import as_lines

MOST_BYTES = 1 << 20
"""A frame that grows past this is given up: the stream is a flood."""


class FramingError(ValueError):
    """A framing that does not exist, or one with a bad argument."""


class Deframer(Protocol):
    """Cuts a stream into frames, however it was split."""

    def feed(self, data: bytes) -> list[bytes]:
        """Take bytes, return the frames that are now complete."""


@dataclass(frozen=True, slots=True)
class Framing:
    """One way to mark where a text ends; ``framed`` is false for a bare stream.

    With ``of_objects`` a text is a JSON object, and described by tables of fields.
    """

    framed: bool
    encode: Callable[[bytes], bytes]
    deframer: Callable[[], Deframer]
    of_objects: bool = False


@dataclass(slots=True)
class Unframed:
    """Hands on every chunk as it came."""

    def feed(self, data: bytes) -> list[bytes]:
        """Return the chunk itself."""
        return [data]


@dataclass(slots=True)
class Delimited:
    """Frames that end with a delimiter; a CR before a line feed is dropped."""

    delimiter: bytes
    rest: bytes = b""

    def feed(self, data: bytes) -> list[bytes]:
        """Return the frames that ended in this chunk."""
        *frames, self.rest = (self.rest + data).split(self.delimiter)
        self.rest = self.rest[:MOST_BYTES]
        if self.delimiter == b"\n":
            return [frame.removesuffix(b"\r") for frame in frames]
        return frames


@dataclass(slots=True)
class Objects(Delimited):
    """JSON objects, one a line, in UTF-8 as JSON has it; what is none is handed on as it came."""

    def feed(self, data: bytes) -> list[bytes]:
        """Return the objects that ended in this chunk, each as lines."""
        frames = Delimited.feed(self, data)
        texts = (frame.decode("utf-8", "surrogateescape") for frame in frames)
        return [_encoded(as_lines(text)) for text in texts]


def _encoded(text: str) -> bytes:
    """Return bytes again; half a pair of surrogates, which JSON can hold, as what it would be."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


@dataclass(slots=True)
class Counted:
    """Frames that begin with their length in a header of fixed size."""

    header_bytes: int
    length: Callable[[bytes], int]
    rest: bytearray = field(default_factory=bytearray)

    def feed(self, data: bytes) -> list[bytes]:
        """Return the frames that are now complete."""
        self.rest += data
        frames = []
        while len(self.rest) >= self.header_bytes:
            end = self.header_bytes + self.length(bytes(self.rest[: self.header_bytes]))
            if len(self.rest) < end:
                break
            frames.append(bytes(self.rest[self.header_bytes : end]))
            del self.rest[:end]
        del self.rest[MOST_BYTES:]
        return frames


def _delimited(delimiter: bytes, written: bytes | None = None) -> Framing:
    end = delimiter if written is None else written
    return Framing(True, lambda text: text + end, lambda: Delimited(delimiter))


def _binary_length(size: int) -> Framing:
    return Framing(
        True,
        lambda text: _counted(_big_endian(len(text), size), size, text),
        lambda: Counted(size, lambda header: int.from_bytes(header, "big")),
    )


def _big_endian(number: int, size: int) -> bytes:
    return number.to_bytes(max(size, (number.bit_length() + 7) // 8), "big")


def _ascii_length(size: int) -> Framing:
    if size < 1:
        raise ValueError
    return Framing(
        True,
        lambda text: _counted(str(len(text)).encode().ljust(size), size, text),
        lambda: Counted(size, _decimal),
    )


def _counted(header: bytes, size: int, text: bytes) -> bytes:
    if len(header) > size:
        raise FramingError(f"a text of {len(text)} bytes has no length in {size} byte(s)")
    return header + text


def _decimal(header: bytes) -> int:
    digits = header.strip()
    return int(digits) if digits.isdigit() else MOST_BYTES


PLAIN = {
    "raw": Framing(False, lambda text: text, Unframed),
    "line": _delimited(b"\n"),
    "crlf": _delimited(b"\n", b"\r\n"),
    "json": Framing(True, lambda text: text + b"\n", lambda: Objects(b"\n"), of_objects=True),
}
WITH_ARGUMENT: dict[str, Callable[[str], Framing]] = {
    "length": lambda size: _binary_length({"2": 2, "4": 4}[size]),
    "ascii-length": lambda size: _ascii_length(int(size)),
    "separator": lambda text: _delimited(text.encode() or _refuse()),
}


def _refuse() -> bytes:
    raise ValueError


def framing(name: str) -> Framing:
    """Return the framing that a target file names.

    Raises:
        FramingError: there is none of that name, or its argument is wrong.
    """
    if name in PLAIN:
        return PLAIN[name]
    kind, _, argument = name.partition(":")
    try:
        return WITH_ARGUMENT[kind](argument)
    except (KeyError, ValueError):
        known = "raw, line, crlf, length:2, length:4, ascii-length:N, separator:X, json"
        raise FramingError(f"there is no framing {name!r}; known: {known}") from None

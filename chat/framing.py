"""Bytes to lines, as they arrive: in any pieces, of any content.

Owns the framing of what clients send, and its two errors. Only LF ends a line; one CR before it
is dropped.

Laws: any split of the same bytes gives the same lines; never more than one line's bound of bytes
is kept; nothing of a refused line is ever taken for a command.
"""

from chat.config import LINE_IN_MAX_BYTES
from chat.protocol import Code

Line = str | Code


class LineDecoder:
    """Turns one client's bytes into lines; a line that cannot be read becomes its error."""

    def __init__(self) -> None:
        self._rest = b""
        self._discarding = False

    def feed(self, data: bytes) -> list[Line]:
        """The lines that `data` completes. A line that is too long counts as soon as it is."""
        pieces = (self._rest + data).split(b"\n")
        self._rest = pieces.pop()
        if self._discarding and pieces:
            pieces.pop(0)
            self._discarding = False
        lines = [_decode(piece) for piece in pieces]
        if self._discarding:
            self._rest = b""
        elif len(self._rest) >= LINE_IN_MAX_BYTES:
            self._rest, self._discarding = b"", True
            lines.append(Code.LINE_TOO_LONG)
        return lines


def _decode(piece: bytes) -> Line:
    if len(piece) >= LINE_IN_MAX_BYTES:
        return Code.LINE_TOO_LONG
    try:
        return piece.removesuffix(b"\r").decode()
    except UnicodeDecodeError:
        return Code.NOT_UTF8

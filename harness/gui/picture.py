"""What the screen shows, as a PNG file; see the PNG specification, third edition."""

from __future__ import annotations

import struct
import zlib

from Xlib import X

from harness.gui.desktop import Desktop

STRIP_ROWS = 48
"""Rows of one request: an answer of X holds no more than some 256 kB."""


def picture(desktop: Desktop) -> bytes:
    """Return the whole screen as a PNG."""
    screen = desktop.display.screen()
    width, height = screen.width_in_pixels, screen.height_in_pixels
    rows = []
    for top in range(0, height, STRIP_ROWS):
        count = min(STRIP_ROWS, height - top)
        strip = desktop.root.get_image(0, top, width, count, X.ZPixmap, 0xFFFFFFFF).data
        rows += [_rgb(strip[row * width * 4 : (row + 1) * width * 4]) for row in range(count)]
    return png(width, height, rows)


def png(width: int, height: int, rows: list[bytes]) -> bytes:
    """Return a PNG of these rows, each three bytes a pixel."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row for row in rows), 6)
    chunks = ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in chunks)


def _rgb(row: bytes) -> bytes:
    """Turn blue, green, red and nothing into red, green, blue."""
    pixels = bytearray(len(row) // 4 * 3)
    pixels[0::3], pixels[1::3], pixels[2::3] = row[2::4], row[1::4], row[0::4]
    return bytes(pixels)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

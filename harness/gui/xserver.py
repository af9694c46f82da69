"""An X server of its own for one client: Xvfb, with a cookie that nobody else has; see Xvfb(1).

Tk answers `send` only where a cookie is asked for: "X server insecure" otherwise.
"""

from __future__ import annotations

import importlib.util
import os
import select
import shutil
import socket
import struct
import subprocess
import tempfile
from pathlib import Path
from secrets import token_bytes

from harness.deadline import Deadline

COOKIE = b"MIT-MAGIC-COOKIE-1"
FAMILY_LOCAL = 256
FAMILY_WILD = 65535
SCREEN = "1024x768x24"
GOING_S = 2.0
"""Time enough to remove its socket."""
SOCKETS = Path("/tmp/.X11-unix")  # noqa: S108 - where X has them; see X(7)


class NoDisplay(Exception):
    """There is no X server, or it did not come up; the reason is a sentence."""


def why_not() -> str | None:
    """Return why no window can be looked at on this machine; None when one can."""
    if shutil.which("Xvfb") is None:
        return "Xvfb is not installed; type: apt-get install xvfb"
    if importlib.util.find_spec("tkinter") is None:
        return "this Python has no tkinter; Debian's has it by: apt-get install python3-tk"
    return None


class XServer:
    """A running X server. Use ``close`` on every path.

    ``name`` is what DISPLAY holds, ``authority`` what XAUTHORITY does, ``socket`` where it listens.
    """

    def __init__(self, folder: Path, deadline: Deadline) -> None:
        """Start one, with its files in this folder.

        Raises:
            NoDisplay: it is not installed, or did not come up in time.
        """
        if why := why_not():
            raise NoDisplay(why)
        self.authority = folder / "Xauthority"
        cookie = token_bytes(16)
        _write_cookie(self.authority, cookie, "")
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        told, tells = os.pipe()
        self._process = subprocess.Popen(
            [
                *("Xvfb", "-displayfd", str(tells), "-screen", "0", SCREEN, "-dpi", "96"),
                *("-nolisten", "tcp", "-noreset", "-auth", str(self.authority)),
            ],
            pass_fds=[tells],
            stdin=subprocess.DEVNULL,
            stdout=self._complaints,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        os.close(tells)
        try:
            number = self._number(told, deadline)
        finally:
            os.close(told)
        _write_cookie(self.authority, cookie, number)
        self.name = f":{number}"
        self.socket = SOCKETS / f"X{number}"

    @property
    def pid(self) -> int:
        """The process of the server."""
        return self._process.pid

    def close(self) -> None:
        """End it; every window on it is gone, and so is its socket."""
        self._process.terminate()
        try:
            self._process.wait(GOING_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._complaints.close()

    def _number(self, told: int, deadline: Deadline) -> str:
        number = b""
        while not number.endswith(b"\n"):
            ready, _, _ = select.select([told], [], [], deadline.remaining_s())
            if not ready or not (data := os.read(told, 20)):
                self._complaints.seek(0)
                said = self._complaints.read()[-300:].decode("utf-8", "replace").strip()
                self.close()
                raise NoDisplay(f"Xvfb did not come up in {deadline.budget_s:g} s: {said}")
            number += data
        return number.decode().strip()


def _write_cookie(file: Path, cookie: bytes, number: str) -> None:
    """Write the cookie for every display, and for ours as python-xlib looks for it; Xau(3)."""
    entries = [(FAMILY_WILD, b"", b"")]
    if number:
        entries.append((FAMILY_LOCAL, socket.gethostname().encode(), number.encode()))
    data = b""
    for family, address, display in entries:
        data += struct.pack(">H", family)
        for field in (address, display, COOKIE, cookie):
            data += struct.pack(">H", len(field)) + field
    file.touch(mode=0o600)
    file.write_bytes(data)

"""The other end of a speaker: starts one, hands it connections, lets it speak, ends it."""

from __future__ import annotations

import fcntl
import select
import socket
import subprocess
import sys
import termios
import time
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType

import msgspec

from harness.load.crowd import Crowd, is_ready, nothing_more
from harness.load.speaker import Script, Told

READY = b"ready"
SOON_S = 0.02
READY_S = 30.0
END_S = 10.0
FLOOD_BYTES = 16_384
"""A server has no pause while it has something to read; of a flood no more than this need wait."""


class Speaker:
    """A process that speaks over connections of the crowd; a context, ended on every path.

    After the context ``told`` is what it told of itself.
    """

    def __init__(
        self,
        sockets: Sequence[socket.socket],
        frames: Sequence[bytes],
        interval_s: float,
        crowd: Crowd,
    ) -> None:
        """Start it; it says nothing before ``begin``."""
        self.told = Told(late_s=0.0, cpu_s=0.0)
        self._crowd = crowd
        descriptors = [sock.fileno() for sock in sockets]
        self._popen = subprocess.Popen(
            [sys.executable, "-P", "-m", "harness.load.speaker"],
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=sorted(set(descriptors)),
        )
        self._tell(msgspec.json.encode(Script(descriptors, list(frames), interval_s)))

    def __enter__(self) -> Speaker:
        return self

    @property
    def has_ended(self) -> bool:
        """Whether it has ended by itself: all is said, or its connection is gone."""
        return self._popen.poll() is not None

    def begin(self) -> float:
        """Let it speak from a moment very soon; return the moment, on the monotonic clock.

        Raises:
            RuntimeError: it did not come up.
        """
        if not self._crowd.turn_until(self._is_ready, READY_S):
            raise RuntimeError("the speaker of the bench did not come up")
        moment = time.monotonic() + SOON_S
        self._tell(repr(moment).encode())
        return moment

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._popen.poll() is None:
            self._popen.terminate()
        self._crowd.turn_until(lambda: self.has_ended, END_S)
        self._popen.kill()
        self._popen.wait()
        assert self._popen.stdin is not None
        assert self._popen.stdout is not None
        last = self._popen.stdout.read().splitlines()[-1:]
        self._popen.stdin.close()
        self._popen.stdout.close()
        if last and last[0] != READY:
            self.told = msgspec.json.decode(last[0], type=Told)

    def _is_ready(self) -> bool:
        """Whether it has said so: then it waits for the moment to begin."""
        assert self._popen.stdout is not None
        return is_ready(self._popen.stdout, select.POLLIN)

    def _tell(self, line: bytes) -> None:
        assert self._popen.stdin is not None
        self._popen.stdin.write(line + b"\n")


class Flood(Speaker):
    """A speaker without a pause: whenever its target looks, there is more to read.

    What waits at the target is never much more than ``FLOOD_BYTES`` and what is said at a time,
    and nothing is added while we do not read: else, on a busy machine, it would come to members
    who could not read it in time because of us, and be counted against the target.
    """

    def __init__(self, sock: socket.socket, frames: Sequence[bytes], crowd: Crowd) -> None:
        """Start it; it says all the frames again and again, from ``begin`` on."""
        super().__init__([sock], frames, 0.0, crowd)
        self._addresses = sock.getsockname()[:2], sock.getpeername()[:2]

    def begin(self) -> float:
        """Let it speak from a moment very soon; return the moment, on the monotonic clock."""
        moment = super().begin()
        self._crowd.after_turn = self._go_on
        return moment

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._crowd.after_turn = nothing_more
        super().__exit__(kind, error, trace)

    def _go_on(self) -> None:
        row = self._crowd.network.peer_row(*self._addresses)
        if row is not None and row.unread_bytes < FLOOD_BYTES and not self._is_told():
            with suppress(BrokenPipeError):  # its connection is gone, and so is it
                self._tell(b"")

    def _is_told(self) -> bool:
        """Whether it has not even read yet that it may go on."""
        assert self._popen.stdin is not None
        unread = fcntl.ioctl(self._popen.stdin, termios.FIONREAD, bytes(4))
        return any(unread)

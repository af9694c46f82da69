"""Speaks at set moments, or as much as it is let, over connections that it was handed.

``python -m harness.load.speaker``, told a ``Script`` in one line on its standard input. It says
"ready", waits for the moment to begin, and at its end, or when asked to end (SIGTERM), tells how
late it was and how much CPU it took. A process of its own, so that whoever reads never holds it up:
the moments are those of the script, however slow the answers.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from types import FrameType

import msgspec


class Script(msgspec.Struct, frozen=True):
    """What to say: ``frames`` with the descriptor for each, ``interval_s`` apart; 0: a flood.

    A flood says all its frames once for each further line on the standard input, until it ends.
    """

    descriptors: list[int]
    frames: list[bytes]
    interval_s: float


class Told(msgspec.Struct, frozen=True):
    """How it went. ``late_s``: the 99th percentile of how long after its moment a text was sent."""

    late_s: float
    cpu_s: float


def main() -> None:
    """Follow the script on standard input."""
    signal.signal(signal.SIGTERM, _end)
    script = msgspec.json.decode(sys.stdin.readline(), type=Script)
    print("ready", flush=True)
    cpu_s = time.process_time()
    begin = float(sys.stdin.readline() or "nan")
    late: list[float] = []
    try:
        if script.interval_s:
            _speak(script, begin, late)
        else:
            _flood(script)
    except OSError:
        pass  # the target has ended the connection: what did not arrive is counted elsewhere
    finally:
        late.sort()
        told = Told(late[int(len(late) * 0.99)] if late else 0.0, time.process_time() - cpu_s)
        print(msgspec.json.encode(told).decode(), flush=True)


def _speak(script: Script, begin: float, late: list[float]) -> None:
    for number, (descriptor, frame) in enumerate(
        zip(script.descriptors, script.frames, strict=True)
    ):
        moment = begin + number * script.interval_s
        time.sleep(max(0.0, moment - time.monotonic()))
        _send(descriptor, frame)
        late.append(time.monotonic() - moment)


def _flood(script: Script) -> None:
    whole = b"".join(script.frames)
    for _line in sys.stdin:
        _send(script.descriptors[0], whole)


def _send(descriptor: int, data: bytes) -> None:
    """Send all of it; the descriptor is set not to block, by whoever reads at the same socket."""
    while data:
        try:
            data = data[os.write(descriptor, data) :]
        except BlockingIOError:
            writable = select.poll()  # select() knows no descriptor past 1,023
            writable.register(descriptor, select.POLLOUT)
            writable.poll()


def _end(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)


if __name__ == "__main__":
    main()

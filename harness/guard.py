"""Runs one command and outlives its parent just long enough to leave nothing behind.

``python -m harness.guard COMMAND...`` stands between ``chat-verify`` and all that it starts. When
the command ends, or when ``chat-verify`` dies in whatever way, every descendant is killed, also
one that gave itself another name, another session or another parent; and when ``chat-verify``
is dead, its temporary folder is removed.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from types import FrameType

from harness import lifetimes


def main(command: list[str]) -> int:
    """Run the command; return its exit status once none of its processes is left."""
    lifetimes.adopt_orphans()
    signal.signal(signal.SIGINT, _stay)
    signal.signal(signal.SIGTERM, _leave)
    parent = int(os.environ["CHAT_VERIFY_PARENT"])
    lifetimes.die_with_parent(signal.SIGTERM)
    if os.getppid() != parent:
        _remove_workplace()
        return 1
    status = 1
    try:
        status = subprocess.call(command, start_new_session=True)
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        lifetimes.end_descendants()
        if os.getppid() != parent:
            _remove_workplace()
    return status


def _remove_workplace() -> None:
    """Remove the temporary folder of a parent that cannot do it any more."""
    shutil.rmtree(os.environ["CHAT_VERIFY_WORKPLACE"], ignore_errors=True)


def _stay(_signal: int, _frame: FrameType | None) -> None:
    """Leave an interruption to the parent; not by SIG_IGN, which our children would inherit."""


def _leave(_signal: int, _frame: FrameType | None) -> None:
    """Unwind to the cleaning up; a second request changes nothing."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The standard streams, as they are found.

A descriptor that is closed when the program starts would be given to the next thing that is
opened: the log, or a client. What is meant for the screen must never go there.
"""

import os
import sys

STDOUT = 1
_STANDARD = range(3)


def fill_closed_streams() -> None:
    """Let whatever is closed lead nowhere. Before anything else is opened."""
    for descriptor in _STANDARD:
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest number that is free: this one
    sys.stdout = sys.stdout or open(STDOUT, "w", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(STDOUT + 1, "w", closefd=False)  # noqa: SIM115

"""A spare descriptor, for the moment when there are no others.

When the process has no descriptor left, `accept` fails and the connection stays in the backlog:
an accept loop would spin. The spare is given up for the time it takes to refuse one connection.
"""

import errno
import os
import socket
from contextlib import suppress
from time import sleep

from chat.config import SHED_PAUSE_S
from chat.doorstep import refuse

EXHAUSTED = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})


class Spare:
    """A descriptor that is good for nothing but to be given up."""

    def __init__(self) -> None:
        self._descriptors: list[int] = []
        self._take()

    def shed(self, listener: socket.socket) -> None:
        """Refuse one connection; if even that is impossible, wait a little."""
        self.close()
        try:
            connection, _ = listener.accept()
            with connection:
                refuse(connection)
        except OSError:
            sleep(SHED_PAUSE_S)
        finally:
            with suppress(OSError):  # somebody was faster: the next time, then
                self._take()

    def close(self) -> None:
        """Give it back."""
        while self._descriptors:
            os.close(self._descriptors.pop())

    def _take(self) -> None:
        self._descriptors.append(os.open(os.devnull, os.O_RDONLY))

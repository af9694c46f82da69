"""The command `server`: one server, until a signal ends it.

Owns what the server is to its process: stack size, limits, signals, and the exit status. 0: ended
as asked (section 8); 1: could not listen or log, or broke down; 2: wrong use.
"""

import resource
import signal
import sys
import threading
from collections.abc import Sequence
from types import FrameType

from chat.config import READER_STACK_BYTES
from chat.listener import CannotListenError
from chat.options import read_settings
from chat.server import CannotLogError, Server
from chat.streams import STDOUT

_ENDING = (signal.SIGINT, signal.SIGTERM)


def server(arguments: Sequence[str]) -> int:
    """Run the server until a signal ends it."""
    settings = read_settings(arguments)
    threading.stack_size(READER_STACK_BYTES)
    _raise_descriptor_limit()
    try:
        chat = Server(settings, STDOUT)
    except (CannotListenError, CannotLogError) as error:
        sys.stderr.write(f"erro: {error}\n")
        return 1
    _heed_signals(chat)
    return 0 if chat.serve() else 1


def _raise_descriptor_limit() -> None:
    """A connection is a descriptor: take as many as the system gives."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _heed_signals(chat: Server) -> None:
    """The first signal ends the server in order, the second at once.

    One that comes just before the main thread begins to wait, or to another thread, would not end
    that wait: so it rings. A terminal that wants no output from the background (`stty tostop`)
    does not stop the room.
    """

    def end(_number: int, _frame: FrameType | None) -> None:
        for number in _ENDING:
            signal.signal(number, signal.SIG_DFL)
        chat.stop()

    signal.set_wakeup_fd(chat.bell, warn_on_full_buffer=False)
    for number in _ENDING:
        signal.signal(number, end)
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)

"""The commands: `python -m chat server`, also installed as `chat-server`.

Owns what a command is to its process: signals, limits, exit status. 0: ended as asked (section 8);
1: could not listen, or broke down; 2: wrong use.
"""

import resource
import signal
import sys
import threading
from collections.abc import Sequence
from types import FrameType

from chat.config import READER_STACK_BYTES
from chat.listener import CannotListenError
from chat.options import read_command, read_settings
from chat.server import Server

_ENDING = (signal.SIGINT, signal.SIGTERM)


def main() -> int:
    """`python -m chat COMMAND ...`."""
    read_command(sys.argv[1:2])
    return server(sys.argv[2:])


def server(arguments: Sequence[str] | None = None) -> int:
    """Run the server until a signal ends it."""
    settings = read_settings(sys.argv[1:] if arguments is None else arguments)
    threading.stack_size(READER_STACK_BYTES)
    _raise_descriptor_limit()
    try:
        chat = Server(settings, sys.stdout.fileno())
    except CannotListenError as error:
        sys.stderr.write(f"erro: {error}\n")
        return 1
    _end_on_signals(chat)
    return 0 if chat.serve() else 1


def _raise_descriptor_limit() -> None:
    """A connection is a descriptor: take as many as the system gives."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _end_on_signals(chat: Server) -> None:
    """The first signal ends the server in order, the second at once."""

    def end(_number: int, _frame: FrameType | None) -> None:
        for number in _ENDING:
            signal.signal(number, signal.SIG_DFL)
        chat.stop()

    for number in _ENDING:
        signal.signal(number, end)


if __name__ == "__main__":
    sys.exit(main())

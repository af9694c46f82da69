"""The commands: `python -m chat server`, `client` and `log`, also installed as `chat-server`, ...

Owns what a command is to its process: streams, signals, limits, exit status. Of the server, 0:
ended as asked (section 8); 1: could not listen or log, or broke down; 2: wrong use. Of the client
and the log, see clientcommand and logcommand.
"""

import resource
import signal
import sys
import threading
from collections.abc import Sequence
from types import FrameType

from chat import clientcommand, logcommand
from chat.config import READER_STACK_BYTES
from chat.listener import CannotListenError
from chat.options import read_command, read_settings
from chat.server import CannotLogError, Server
from chat.streams import STDOUT, fill_closed_streams

_ENDING = (signal.SIGINT, signal.SIGTERM)


def main() -> int:
    """`python -m chat COMMAND ...`."""
    fill_closed_streams()
    command = {"server": server, "client": client, "log": log}[read_command(sys.argv[1:2])]
    return command(sys.argv[2:])


def server(arguments: Sequence[str] | None = None) -> int:
    """Run the server until a signal ends it."""
    fill_closed_streams()
    settings = read_settings(sys.argv[1:] if arguments is None else arguments)
    threading.stack_size(READER_STACK_BYTES)
    _raise_descriptor_limit()
    try:
        chat = Server(settings, STDOUT)
    except (CannotListenError, CannotLogError) as error:
        sys.stderr.write(f"erro: {error}\n")
        return 1
    _heed_signals(chat)
    return 0 if chat.serve() else 1


def client(arguments: Sequence[str] | None = None) -> int:
    """Open the window."""
    fill_closed_streams()
    return clientcommand.client(sys.argv[1:] if arguments is None else arguments)


def log(arguments: Sequence[str] | None = None) -> int:
    """Show what a server has logged."""
    fill_closed_streams()
    return logcommand.log(sys.argv[1:] if arguments is None else arguments)


def _raise_descriptor_limit() -> None:
    """A connection is a descriptor: take as many as the system gives."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _heed_signals(chat: Server) -> None:
    """The first signal ends the server in order, the second at once.

    A terminal that wants no output from the background (`stty tostop`) does not stop the room.
    """

    def end(_number: int, _frame: FrameType | None) -> None:
        for number in _ENDING:
            signal.signal(number, signal.SIG_DFL)
        chat.stop()

    for number in _ENDING:
        signal.signal(number, end)
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)


if __name__ == "__main__":
    sys.exit(main())

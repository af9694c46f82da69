"""The commands: `python -m chat server`, `client` and `log`, also installed as `chat-server`, ...

Owns which of them is meant. Each is imported only when it is asked for: a server need not load a
window. What each does, and its exit status, is in its module.
"""

import sys
from collections.abc import Callable, Sequence

from chat.options import read_command
from chat.streams import fill_closed_streams


def main() -> int:
    """`python -m chat COMMAND ...`."""
    fill_closed_streams()
    command = {"server": server, "client": client, "log": log}[read_command(sys.argv[1:2])]
    return command(sys.argv[2:])


def server(arguments: Sequence[str] | None = None) -> int:
    """Run the server until a signal ends it."""
    from chat import servercommand  # noqa: PLC0415 - only what is asked for

    return _run(servercommand.server, arguments)


def client(arguments: Sequence[str] | None = None) -> int:
    """Open the window."""
    from chat import clientcommand  # noqa: PLC0415 - only what is asked for

    return _run(clientcommand.client, arguments)


def log(arguments: Sequence[str] | None = None) -> int:
    """Show what a server has logged."""
    from chat import logcommand  # noqa: PLC0415 - only what is asked for

    return _run(logcommand.log, arguments)


def _run(command: Callable[[Sequence[str]], int], arguments: Sequence[str] | None) -> int:
    fill_closed_streams()
    return command(sys.argv[1:] if arguments is None else arguments)


if __name__ == "__main__":
    sys.exit(main())

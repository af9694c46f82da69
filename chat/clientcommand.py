"""The command `client`: one window, one conversation.

Owns how they are put together, and the exit status: 0 after `/sair` or a closed window, 1 after a
lost or failed connection or without a display, 2 after wrong use.
"""

import signal
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from time import monotonic
from types import FrameType

from chat.config import GOODBYE_S
from chat.connection import Connection
from chat.options import read_client
from chat.presenter import Presenter

_ENDING = (signal.SIGINT, signal.SIGTERM)
NO_TKINTER = "o tkinter não está instalado; em Debian: apt-get install python3-tk"
NO_DISPLAY = "não há tela gráfica em que abrir a janela"


def client(arguments: Sequence[str]) -> int:
    """Open the window and live until it is closed."""
    name, host, port = read_client(arguments)
    try:
        from chat.window import NoDisplayError, Window  # noqa: PLC0415 - others need no tkinter
    except ImportError:
        return _cannot(NO_TKINTER)
    try:
        window = Window()
    except NoDisplayError as error:
        return _cannot(f"{NO_DISPLAY} ({error})")
    _heed_signals(window.leave_soon)
    connections: list[Connection] = []

    def connect() -> Connection:
        connections.append(Connection(host, port))
        return connections[-1]

    presenter = Presenter(window, connect, f"{host}:{port}", monotonic, _time_of_day)
    window.run(presenter, name)
    if connections:
        connections[-1].wait(GOODBYE_S)
    return presenter.status


def _heed_signals(leave: Callable[[], None]) -> None:
    """The first signal is leaving, the second ends the program at once."""

    def end(_number: int, _frame: FrameType | None) -> None:
        for number in _ENDING:
            signal.signal(number, signal.SIG_DFL)
        leave()

    for number in _ENDING:
        signal.signal(number, end)


def _time_of_day() -> str:
    return datetime.now().strftime("%H:%M")


def _cannot(why: str) -> int:
    sys.stderr.write(f"erro: {why}\n")
    return 1

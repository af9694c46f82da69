"""The listening socket: where clients find the server, and what their connections inherit.

Owns its options and the reasons why there may be none. Linux hands the options on to every
connection that is accepted.
"""

import errno
import socket

from chat.config import BACKLOG, SEND_BUFFER_BYTES, Settings

_REASONS = {
    errno.EADDRINUSE: "a porta já está em uso",
    errno.EADDRNOTAVAIL: "o endereço não é desta máquina",
    errno.EACCES: "falta permissão para essa porta",
}


class CannotListenError(Exception):
    """The address cannot be had; the text says why, in the user's language."""


def listen(settings: Settings) -> socket.socket:
    """Open the listening socket."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        _set_inherited_options(listener, settings.bounds.vanished_s)
        listener.bind((settings.host, settings.port))
        listener.listen(BACKLOG)
        listener.setblocking(False)
    except (OSError, UnicodeError) as error:
        listener.close()
        where = f"{settings.host}:{settings.port}"
        raise CannotListenError(f"não foi possível escutar em {where}: {_reason(error)}") from error
    return listener


def _set_inherited_options(listener: socket.socket, vanished_s: float) -> None:
    """Small buffers, so that a stall shows early; no delay; and vanished peers are found (6.4)."""
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in {
        socket.TCP_NODELAY: 1,
        socket.TCP_KEEPIDLE: max(1, int(vanished_s / 2)),
        socket.TCP_KEEPINTVL: max(1, int(vanished_s / 10)),
        socket.TCP_USER_TIMEOUT: max(1, int(vanished_s * 1_000)),
    }.items():
        listener.setsockopt(socket.IPPROTO_TCP, option, value)


def _reason(error: OSError | UnicodeError) -> str:
    if isinstance(error, UnicodeError | socket.gaierror):
        return "o endereço não existe"
    return _REASONS.get(error.errno or 0, str(error))

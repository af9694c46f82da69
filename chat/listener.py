"""The listening socket: where clients find the server, and what their connections inherit.

Owns its options and the reasons why there may be none. Linux hands the options on to every
connection that is accepted.
"""

import errno
import socket

from chat.config import BACKLOG, SEND_BUFFER_BYTES, Settings
from chat.keepalive import Keepalive

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
        # Accepted connections have these, too. Small buffers, so that a stall shows early.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
        Keepalive(settings.bounds.vanished_s).leave_asking_to_us(listener)
        listener.bind((settings.host, settings.port))
        listener.listen(BACKLOG)
        listener.setblocking(False)
    except (OSError, UnicodeError) as error:
        listener.close()
        where = f"{settings.host}:{settings.port}"
        raise CannotListenError(f"não foi possível escutar em {where}: {_reason(error)}") from error
    return listener


def _reason(error: OSError | UnicodeError) -> str:
    if isinstance(error, UnicodeError | socket.gaierror):
        return "o endereço não existe"
    return _REASONS.get(error.errno or 0, str(error))

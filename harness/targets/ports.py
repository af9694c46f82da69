"""A port for a target that must be told one, without the race of bind, close and bind again.

The port lies outside the kernel's range for outgoing connections, so no other program is given it
by chance; an abstract Unix socket named after it keeps every other run of the harness away until
the target has ended (unix(7): the name vanishes with its holder).
"""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from pathlib import Path

LOWEST, HIGHEST = 10_000, 65_535
ENOUGH = 100
"""With fewer ports than this outside the kernel's range, those inside it are given too."""
_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")


class NoFreePort(OSError):
    """Every port that could be given to a target is taken."""


@dataclass(slots=True)
class Reservation:
    """A port that is ours until released."""

    port: int
    lock: socket.socket

    def release(self) -> None:
        """Let others have the port."""
        self.lock.close()


def reserve(host: str = "127.0.0.1") -> Reservation:
    """Reserve a port on which nobody listens or lingers (TIME_WAIT).

    Raises:
        NoFreePort: there is none.
    """
    ports = _candidates()
    first = os.getpid() * 37
    for step in range(len(ports)):
        port = ports[(first + step) % len(ports)]
        lock = _lock(port)
        if lock is not None and _is_free(host, port):
            return Reservation(port, lock)
        if lock is not None:
            lock.close()
    raise NoFreePort(f"no free port between {ports[0]} and {ports[-1]} on {host}")


def _candidates() -> range:
    """Return the ports that may be given, for whatever range this machine is set to."""
    lowest, highest = map(int, _RANGE.read_text().split())
    for ports in (range(LOWEST, lowest), range(highest + 1, HIGHEST + 1)):
        if len(ports) >= ENOUGH:
            return ports
    return range(LOWEST, HIGHEST + 1)


def _lock(port: int) -> socket.socket | None:
    lock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        lock.bind(f"\0chat-verify-port-{port}")
    except OSError:
        lock.close()
        return None
    return lock


def _is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True

"""What the kernel says of TCP sockets: who listens where, and what the target has not read.

Source: proc_net_tcp(5), and sock_diag(7) where the kernel answers it. Readiness is never tested by
connecting: that would be a ghost client.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass
from pathlib import Path

import psutil

from harness.targets import diag

Address = tuple[str, int]
STATES = {
    "01": "ESTABLISHED",
    "04": "FIN_WAIT1",
    "05": "FIN_WAIT2",
    "06": "TIME_WAIT",
    "07": "CLOSE",
    "08": "CLOSE_WAIT",
    "09": "LAST_ACK",
    "0B": "CLOSING",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One socket: its state, what its owner has not read, what its peer has not acknowledged.

    ``retransmits`` counts the times in a row that it sent again, or probed, without an answer.
    """

    state: str
    unread_bytes: int
    unacknowledged_bytes: int
    retransmits: int


def listening(processes: list[psutil.Process]) -> list[Address]:
    """Return where these processes listen, lowest port first; a wildcard is shown as loopback."""
    found = set()
    for process in processes:
        try:
            rows = process.net_connections(kind="tcp")
        except (psutil.Error, OSError):
            continue
        found |= {_reachable(row.laddr) for row in rows if row.status == psutil.CONN_LISTEN}
    return sorted(found, key=lambda address: address[1])


def _reachable(address: tuple[str, int]) -> Address:
    host, port = address[0], address[1]
    host = host.removeprefix("::ffff:")
    return ("127.0.0.1" if host in ("0.0.0.0", "::", "::1") else host, port)  # noqa: S104


MAPPED = "0000000000000000FFFF0000"
"""What stands before an IPv4 address in the table of IPv6."""


def peer_row(ours: Address, theirs: Address) -> Row | None:
    """Return the target's end of one of our connections; None when it has no such socket."""
    if diag.works():
        found = diag.find(theirs, ours)
        return found and Row(_state(f"{found[0]:02X}"), *found[1:])
    return _row_in_proc(ours, theirs)


def knocking(listener: Address) -> int:
    """Return how many connections wait to be accepted there; 0 where the kernel does not say."""
    return diag.knocking(listener) if diag.works() else 0


def _row_in_proc(ours: Address, theirs: Address) -> Row | None:
    """Search the tables, which hold every socket of the machine: only one line is taken apart."""
    local, remote = _hexadecimal(theirs), _hexadecimal(ours)
    for table, prefix in (("/proc/net/tcp", ""), ("/proc/net/tcp6", MAPPED)):
        _, found, rest = Path(table).read_text().partition(f" {prefix}{local} {prefix}{remote} ")
        if found:
            state, queues, _, retransmits = rest.split(maxsplit=4)[:4]
            sending, receiving = (int(queue, 16) for queue in queues.split(":"))
            return Row(_state(state), receiving, sending, int(retransmits, 16))
    return None


def _state(number: str) -> str:
    return STATES.get(number, number)


def _hexadecimal(address: Address) -> str:
    host, port = address
    packed = int.from_bytes(socket.inet_aton(host), "little")
    return f"{packed:08X}:{port:04X}"


def unread_bytes_at(address: Address) -> int:
    """Return how many bytes wait at a server's end of all its connections, to be read by it."""
    local, unread = _hexadecimal(address), 0
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            fields = line.split()
            if fields[1].endswith(local) and STATES.get(fields[3]) == "ESTABLISHED":
                unread += int(fields[4].partition(":")[2], 16)
    return unread

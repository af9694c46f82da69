"""What the kernel says of TCP sockets: who listens where, and what the target has not read.

Source: proc_net_tcp(5), and sock_diag(7) where the kernel answers it. Readiness is never tested by
connecting: that would be a ghost client.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass
from pathlib import Path

import psutil

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


SYN_SENT, LISTEN = "02", "0A"


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


def listening_anywhere(tables: Path) -> list[Address]:
    """Return where anybody listens in the network of these tables; IPv6 only on its wildcard."""
    found = set()
    for name in ("tcp", "tcp6"):
        for line in (tables / name).read_text().splitlines()[1:]:
            _, local, _, number, *_ = line.split()
            if number == LISTEN:
                host, _, port = local.partition(":")
                packed = int(host[-8:], 16).to_bytes(4, "little")
                found.add(_reachable((socket.inet_ntoa(packed), int(port, 16))))
    return sorted(found, key=lambda address: address[1])


def row(tables: Path, local: Address, remote: Address) -> Row | None:
    """Search the tables, which hold every socket of a network: only one line is taken apart."""
    local_end, remote_end = _hexadecimal(local), _hexadecimal(remote)
    for name, prefix in (("tcp", ""), ("tcp6", MAPPED)):
        wanted = f" {prefix}{local_end} {prefix}{remote_end} "
        _, found, rest = (tables / name).read_text().partition(wanted)
        if found:
            number, queues, _, retransmits = rest.split(maxsplit=4)[:4]
            sending, receiving = (int(queue, 16) for queue in queues.split(":"))
            return Row(state(number), receiving, sending, int(retransmits, 16))
    return None


def state(number: str) -> str:
    """Return the name of a TCP state (tcp_states.h)."""
    return STATES.get(number, number)


def _hexadecimal(address: Address) -> str:
    host, port = address
    packed = int.from_bytes(socket.inet_aton(host), "little")
    return f"{packed:08X}:{port:04X}"


def unread_bytes_at(tables: Path, address: Address) -> int:
    """Return how many bytes wait at a server's end of all its connections, to be read by it."""
    local, unread = _hexadecimal(address), 0
    for name in ("tcp", "tcp6"):
        for line in (tables / name).read_text().splitlines()[1:]:
            fields = line.split()
            if fields[1].endswith(local) and STATES.get(fields[3]) == "ESTABLISHED":
                unread += int(fields[4].partition(":")[2], 16)
    return unread


def calling(tables: Path, address: Address) -> int:
    """Return how many sockets have sent a SYN there and have no answer yet."""
    wanted = f" {_hexadecimal(address)} {SYN_SENT} "
    return (tables / "tcp").read_text().count(wanted)


def failed_calls(tables: Path) -> int:
    """Return how many attempts to connect have failed in a network (AttemptFails, RFC 4022)."""
    return _counted(tables, "Tcp", "AttemptFails")


def unserved_datagrams(tables: Path) -> int:
    """Return how many datagrams found nobody at their port in a network (NoPorts, RFC 4113)."""
    return _counted(tables, "Udp", "NoPorts")


def _counted(tables: Path, protocol: str, name: str) -> int:
    names, values = (
        line.split()
        for line in (tables / "snmp").read_text().splitlines()
        if line.startswith(f"{protocol}:")
    )
    return int(values[names.index(name)])

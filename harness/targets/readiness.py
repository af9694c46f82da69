"""When a target is ready, and where it is: what it printed, or where its processes listen.

Nobody tries by connecting: to the target that would be a client.
"""

from __future__ import annotations

import ipaddress
import re
from contextlib import suppress

from harness.deadline import Deadline
from harness.history import readable
from harness.sections import Launch
from harness.targets.ground import Ground
from harness.targets.process import Process, Reactor
from harness.targets.tcp import Address


class NotReady(Exception):
    """The target was started, but did not come to listen; the reason is a sentence.

    ``is_certain`` is False when the harness itself was late, so that nothing can be said.
    """

    def __init__(self, reason: str, *, is_certain: bool) -> None:
        """Remember whether the reason is the target's."""
        super().__init__(reason)
        self.is_certain = is_certain


def await_ready(
    process: Process,
    ground: Ground,
    launch: Launch,
    port: int,
    reactor: Reactor,
    deadline: Deadline,
) -> Address:
    """Wait until the target is ready; return where it can be reached.

    Raises:
        NotReady: it has ended, or the deadline has passed.
    """
    pattern, wanted = _ready_pattern(launch.ready), address_of(launch.address)
    found: list[Address] = []

    def is_ready() -> bool:
        printed = pattern.search(process.output_since(0))
        if printed is None:
            return False
        if "host" in printed.groupdict():
            with suppress(ValueError):  # whatever it prints there, it is no address
                found[:] = filter(None, [address_of(f"{printed['host']}:{printed['port']}")])
        else:
            listening = ground.network.listening(process.tree())
            found[:] = _chosen(listening, port, wanted)
        return bool(found)

    def is_over() -> bool:
        return is_ready() or (process.status is not None and not process.tree())

    reactor.pump(is_over, deadline)
    if not found:
        process.read_on()
        late_s = reactor.worst_lag_s(deadline.began)
        listening = ground.network.listening(process.tree())
        raise _why_not(process, launch, listening, deadline, late_s)
    return found[0]


def _chosen(listening: list[Address], port: int, wanted: Address | None) -> list[Address]:
    """Return where to connect, best first: the address that the file names, or our port, or any.

    Who listens on all addresses is reached at the one that is named, too.
    """
    if wanted is None:
        return [address for address in listening if address[1] == port] or listening
    return [wanted] if wanted[1] in {port for _, port in listening} else []


def address_of(text: str) -> Address | None:
    """Return an address like ``26.1.2.3:9999``; None of an empty text.

    Raises:
        ValueError: it is no IPv4 address with a port.
    """
    if not text:
        return None
    host, _, port = text.rpartition(":")
    if not port.isdigit() or not 0 < int(port) < 65_536:
        raise ValueError(f"{port!r} is no port")
    return str(ipaddress.IPv4Address(host)), int(port)


def _ready_pattern(text: str) -> re.Pattern[str]:
    literal, hole, rest = text.partition("{address}")
    address = r"(?P<host>[0-9.]+):(?P<port>[0-9]+)" if hole else ""
    return re.compile(re.escape(literal) + address + re.escape(rest))


def _why_not(
    process: Process,
    launch: Launch,
    listening: list[Address],
    deadline: Deadline,
    late_s: float,
) -> NotReady:
    output = process.output_since(0).encode()[-600:]
    printed = f"it printed: {readable(output)}" if output.strip() else "it printed nothing"
    if process.status is not None and not process.tree():
        why = f", killed because {process.stopped}," if process.stopped else ""
        ended = f"it ended with status {process.status}{why} before it listened"
        return NotReady(f"{ended}; {printed}", is_certain=True)
    wanted = f"print {launch.ready!r}" if launch.ready else "listen on any TCP port"
    if launch.address:
        elsewhere = ", ".join(f"{host}:{port}" for host, port in listening)
        wanted = f"listen on {launch.address}, which is its launch.address"
        wanted += f" (it listens on {elsewhere})" if elsewhere else ""
    silent = f"it did not {wanted} within {deadline.budget_s:g} s"
    if deadline.is_spoilt_by(late_s):
        late = f"but the harness was {late_s:.1f} s late"
        return NotReady(f"{silent}, {late}; {printed}", is_certain=False)
    return NotReady(f"{silent}; {printed}", is_certain=True)

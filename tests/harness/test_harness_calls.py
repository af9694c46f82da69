"""Where a client connects to, seen from the packets of its own network."""

from __future__ import annotations

import socket
import struct
import sys
from pathlib import Path

import pytest

from harness.clients.reactor import Reactor
from harness.deadline import Deadline
from harness.targets import sandbox
from harness.targets.calls import Calls, destination

SYN, ACK = 0x02, 0x10
CALL = "import socket; socket.socket().connect_ex(('26.1.2.3', 9999))"


def packet(flags: int, protocol: int = 6, options: int = 0) -> bytes:
    """An IPv4 packet to 26.1.2.3:9999."""
    words = 5 + options
    head = struct.pack("!BBHHHBBH", 0x40 | words, 0, 40, 0, 0, 64, protocol, 0)
    addresses = socket.inet_aton("127.0.0.1") + socket.inet_aton("26.1.2.3")
    tcp = struct.pack("!HHIIBBHHH", 40_000, 9_999, 0, 0, 0x50, flags, 0, 0, 0)
    return head + addresses + bytes(4 * options) + tcp


@pytest.mark.parametrize("options", [0, 3])
def test_the_first_packet_of_a_connection_says_where_it_goes(options: int) -> None:
    assert destination(packet(SYN, options=options)) == ("26.1.2.3", 9_999)


@pytest.mark.parametrize(
    "other", [b"", packet(SYN)[:30], packet(SYN | ACK), packet(ACK), packet(SYN, protocol=17)]
)
def test_no_other_packet_does(other: bytes) -> None:
    assert destination(other) is None


def test_a_call_to_a_foreign_address_is_seen_in_a_sandbox(tmp_path: Path) -> None:
    if why := sandbox.why_not():
        pytest.skip(why)
    reactor, box = Reactor(), sandbox.Sandbox(tmp_path)
    try:
        with Calls(box.network, reactor) as calls:
            program = (sys.executable, "-c", CALL)
            with open("/dev/null", "r+b") as null:
                box.spawn(program, tmp_path, {}, [null.fileno()] * 3)
            assert reactor.pump(lambda: calls.first is not None, Deadline.after(20.0))
            assert calls.first == ("26.1.2.3", 9_999)
    finally:
        box.close()
        reactor.close()

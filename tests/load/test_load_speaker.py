"""The process that speaks: at the moments of its script, or without a pause until it is ended."""

from __future__ import annotations

import fcntl
import select
import socket
import struct
import termios
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from harness.clients.reactor import Reactor
from harness.load.crowd import Crowd, is_ready
from harness.load.speaking import FLOOD_BYTES, Flood, Speaker
from harness.targets.network import Network

A, B = b"a" * 500, b"b" * 500
Flooded = tuple[Crowd, socket.socket]


@pytest.fixture
def flooded() -> Iterator[Flooded]:
    """Begin a flood; the crowd, and the other end of the flooder's connection."""
    reactor = Reactor()
    with socket.create_server(("127.0.0.1", 0)) as listener, closing(Network()) as network:
        crowd = Crowd(listener.getsockname(), reactor, network=network)
        flooder = crowd.connect("flooder")
        theirs, _ = listener.accept()
        with theirs, Flood(flooder.socket, [A, B], crowd) as flood:
            flood.begin()
            yield crowd, theirs
    crowd.close()
    reactor.close()


def waiting_bytes(sock: socket.socket) -> int:
    (size,) = struct.unpack("i", fcntl.ioctl(sock, termios.FIONREAD, bytes(4)))
    return int(size)


def test_a_speaker_says_all_its_frames_in_order_and_none_before_its_moment() -> None:
    ours, theirs = socket.socketpair()
    reactor = Reactor()
    crowd = Crowd(("127.0.0.1", 1), reactor)
    frames = [b"%04d\n" % number for number in range(20)]
    with ours, theirs:
        with Speaker([ours] * 20, frames, 0.005, crowd) as speaker:
            begin = speaker.begin()
            first = theirs.recv(5, socket.MSG_WAITALL)
            assert time.monotonic() >= begin
            rest = theirs.recv(5 * 19, socket.MSG_WAITALL)
            assert time.monotonic() >= begin + 19 * 0.005
        assert first + rest == b"".join(frames)
        assert speaker.told.late_s >= 0
    crowd.close()
    reactor.close()


def test_a_flood_repeats_its_frames_so_that_its_target_always_has_some_to_read(
    flooded: Flooded,
) -> None:
    crowd, theirs = flooded
    received = b""
    while len(received) < 200_000:
        assert crowd.turn_until(lambda: is_ready(theirs, select.POLLIN), 60.0)
        received += theirs.recv(10_000)
    assert received == (A + B) * (len(received) // 1_000) + (A + B)[: len(received) % 1_000]


def test_a_flood_does_not_go_on_while_much_of_it_waits_at_its_target(flooded: Flooded) -> None:
    crowd, theirs = flooded
    assert crowd.turn_until(lambda: waiting_bytes(theirs) >= FLOOD_BYTES, 60.0)
    assert not crowd.turn_until(lambda: waiting_bytes(theirs) > FLOOD_BYTES + 2_000, 0.2)


def test_a_flood_does_not_go_on_while_we_do_not_read(flooded: Flooded) -> None:
    crowd, theirs = flooded
    assert crowd.turn_until(lambda: is_ready(theirs, select.POLLIN), 60.0)
    received = 0
    while is_ready(theirs, select.POLLIN, within_s=0.5):
        received += len(theirs.recv(100_000))
    assert 0 < received <= FLOOD_BYTES + 2_000


def test_a_speaker_whose_connection_is_gone_ends_by_itself() -> None:
    ours, theirs = socket.socketpair()
    reactor = Reactor()
    crowd = Crowd(("127.0.0.1", 1), reactor)
    with ours, Speaker([ours] * 2, [b"a", b"b"], 0.001, crowd) as speaker:
        theirs.close()
        speaker.begin()
        assert crowd.turn_until(lambda: speaker.has_ended, 60.0)
    crowd.close()
    reactor.close()

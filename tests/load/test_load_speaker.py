"""The process that speaks: at the moments of its script, or without a pause until it is ended."""

from __future__ import annotations

import socket
import time

from harness.clients.reactor import Reactor
from harness.load.crowd import Crowd
from harness.load.speaking import Speaker


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


def test_a_flood_repeats_its_frames_until_it_is_ended() -> None:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    reactor = Reactor()
    crowd = Crowd(("127.0.0.1", 1), reactor)
    with ours, theirs, Speaker([ours], [b"a", b"b"], 0.0, crowd) as speaker:
        speaker.begin()
        assert theirs.recv(100_000, socket.MSG_WAITALL) == b"ab" * 50_000
    crowd.close()
    reactor.close()


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

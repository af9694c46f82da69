"""A link without faults: both ends see of each other what they would see without it."""

from __future__ import annotations

import socket

import pytest
from faults_stage import HERE, End, Stage

from harness.clients.reactor import Reactor
from harness.faults.link import outlet
from harness.faults.link.delay import Delay
from harness.faults.link.direction import MOST_BYTES
from harness.faults.link.endpoint import Endpoint
from harness.faults.link.fault import Fault
from harness.faults.link.link import Link, pair
from harness.faults.link.stall import Stall
from harness.targets import tcp

every_way = pytest.mark.parametrize("way", ["upstream", "downstream"])


@every_way
def test_much_is_carried_whole_to_a_receiver_that_reads_late(stage: Stage, way: str) -> None:
    sender, receiver, _ = stage.way(way)
    receiver.pause()
    data, sent = memoryview(bytes(range(256)) * 16_000), 0
    for _ in range(50):
        sent += sender.send(data[sent:])
        stage.turn()
    assert stage.link.held_bytes >= MOST_BYTES
    receiver.resume()

    def all_sent() -> bool:
        nonlocal sent
        sent += sender.send(data[sent:])
        return len(receiver.received) == len(data)

    stage.pump(all_sent)
    assert receiver.received == data


@every_way
def test_a_half_close_leaves_the_other_direction_open(stage: Stage, way: str) -> None:
    sender, receiver, _ = stage.way(way)
    sender.half_close()
    stage.pump(lambda: receiver.ended == "FIN")
    receiver.send(b"still here")
    stage.pump(lambda: sender.received == b"still here")
    receiver.close()
    stage.pump(lambda: sender.ended == "FIN" and stage.link.is_over)


@every_way
def test_who_has_closed_and_is_written_to_answers_with_a_reset(stage: Stage, way: str) -> None:
    sender, receiver, _ = stage.way(way)
    sender.close()
    stage.pump(lambda: receiver.ended == "FIN")
    receiver.send(b"to nobody")
    stage.pump(lambda: stage.link.is_over)
    with pytest.raises(BrokenPipeError):
        receiver.socket.send(b"?")


@every_way
def test_a_reset_after_a_half_close_arrives_although_nobody_writes(stage: Stage, way: str) -> None:
    sender, receiver, _ = stage.way(way)
    sender.half_close()
    stage.pump(lambda: receiver.ended == "FIN")
    sender.reset()
    stage.pump(lambda: stage.link.is_over)
    with pytest.raises(BrokenPipeError):
        receiver.socket.send(b"?")


@every_way
def test_a_reset_that_a_failed_send_has_met_first_does_not_become_a_fin(
    stage: Stage, way: str
) -> None:
    sender, receiver, direction = stage.way(way)
    stall = Stall()
    direction.add(stall)
    sender.send(b"to somebody who will have gone")
    stage.pump(lambda: stall.held.bytes > 0)
    receiver.reset()
    direction.remove(stall)
    stage.pump(lambda: sender.ended is not None)
    assert sender.ended == "ECONNRESET"


def row(ours: tuple[str, int], theirs: tuple[str, int]) -> tcp.Row:
    """Return the socket at ``theirs``, which must be there."""
    found = HERE.peer_row(ours, theirs)
    assert found is not None
    return found


class Counting(Fault):
    """Passes everything on, and counts it."""

    count = 0

    def on_data(self, data: bytes) -> None:
        self.count += len(data)
        super().on_data(data)


def reset_behind_much(stage: Stage) -> int:
    """Reset the client when the link has read much that the target does not take."""
    size, counting = 100_000, Counting()
    stage.target.pause()
    stage.target.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    stage.link.upstream.add(counting)
    assert stage.client.send(b"x" * size) == size
    stage.pump(lambda: counting.count == size)
    stage.client.reset()
    stage.turn(20)
    return size


def test_a_reset_waits_for_what_was_sent_before_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outlet, "TAKEN_S", 600.0)
    size = reset_behind_much(stage)
    stage.target.resume()
    stage.pump(lambda: stage.target.ended == "ECONNRESET")
    assert len(stage.target.received) == size


def test_a_reset_does_not_wait_for_ever_for_who_takes_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outlet, "TAKEN_S", 0.0)
    size = reset_behind_much(stage)
    stage.pump(lambda: stage.link.is_over)
    stage.target.resume()
    stage.pump(lambda: stage.target.ended == "ECONNRESET")
    assert len(stage.target.received) < size


def test_who_leaves_with_something_unread_gives_a_fin_all_the_same(stage: Stage) -> None:
    ours, theirs = socket.create_server(("127.0.0.1", 0)), socket.socket()
    with ours, theirs:
        theirs.connect(ours.getsockname())
        endpoint = Endpoint(ours.accept()[0], stage.reactor, HERE.peer_row)
        theirs.send(b"unread")
        stage.pump(lambda: row(endpoint.theirs, endpoint.ours).unread_bytes == 6)
        endpoint.leave()
        stage.pump(lambda: row(endpoint.ours, endpoint.theirs).state == "CLOSE_WAIT")
        assert theirs.recv(1) == b""


def test_both_ends_may_close_at_the_same_moment(stage: Stage) -> None:
    stage.client.send(b"adeus")
    stage.target.send(b"tchau")
    stage.client.half_close()
    stage.target.half_close()
    stage.pump(lambda: stage.client.ended == "FIN" and stage.target.ended == "FIN")
    assert stage.client.received == b"tchau"
    assert stage.target.received == b"adeus"
    stage.pump(lambda: stage.link.is_over)


def test_closing_a_link_releases_everything_and_is_harmless_twice(stage: Stage) -> None:
    delay = Delay(delay_s=0.01)
    stage.link.upstream.add(delay)
    stage.client.send(b"never to arrive")
    stage.pump(lambda: delay.held.bytes > 0)
    stage.link.close()
    stage.link.close()
    assert stage.link.is_over
    stage.pump(lambda: not stage.reactor.timers)
    assert not stage.target.received


def test_a_link_that_is_over_holds_nothing(stage: Stage) -> None:
    delay = Delay(delay_s=600.0)
    stage.link.downstream.add(delay)
    stage.target.send(b"never to arrive")
    stage.pump(lambda: stage.link.held_bytes > 0)
    stage.client.reset()
    stage.pump(lambda: stage.link.is_over)
    assert stage.link.held_bytes == 0


def test_each_end_is_looked_for_in_its_own_network() -> None:
    reactor, counting = Reactor(), Counting()
    here, there = tcp.Row("ESTABLISHED", 1, 0, 0), tcp.Row("ESTABLISHED", 2, 0, 0)
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket() as far:
        far.connect(listener.getsockname())
        client_end, near = pair(HERE.socket)
        link = Link(near, far, reactor, peek_near=lambda *_: here, peek_far=lambda *_: there)
        link.upstream.add(counting)
        assert counting.place.sender() == here
        assert counting.place.receiver() == there
        End(client_end, reactor).close()
        link.close()
    reactor.close()


def test_a_link_knows_the_connection_with_the_target(stage: Stage) -> None:
    assert stage.link.ours == stage.target.socket.getpeername()
    assert stage.link.theirs == stage.target.socket.getsockname()

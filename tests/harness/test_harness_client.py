"""A virtual client on a real socket: what it writes, reads, and how its connection ended."""

from __future__ import annotations

import contextlib
import errno
import socket

import pytest
from harness_stage import Stage, reset, soon, vocabulary

from harness.clients import client as clients
from harness.clients.client import Client
from harness.clients.opening import Opening
from harness.clients.serving import Nothing, Unrecognising
from harness.deadline import Deadline
from harness.dialects.framing import framing
from harness.dialects.patterns import Patterns, Rule
from harness.dialects.recogniser import recogniser
from harness.dialects.template import Template
from harness.expect import Event, Kind


def received(peer: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        data += peer.recv(1 << 16)
    return data


def test_what_is_written_arrives(stage: Stage) -> None:
    client, peer = stage.client()
    client.write("Olá\n".encode())
    assert received(peer, 5) == "Olá\n".encode()
    assert "ana > Olá\\n" in stage.said()


def test_events_arrive_in_order_and_are_handed_on(stage: Stage) -> None:
    words, handed = vocabulary(), list[Event]()
    words.admit("ana")
    rules = [Rule(Kind.JOINED, Template("+ {name}")), Rule(Kind.LEFT, Template("- {name}"))]
    reading = recogniser(framing("line"), Patterns(rules, words), "utf-8")
    client, peer = stage.client(reading)  # type: ignore[arg-type]
    client.on_event = lambda _client, event: handed.append(event)
    peer.sendall(b"+ ana\n- ana\n?\n")
    stage.pump(lambda: bool(client.unexplained))
    assert [event.kind for event in client.events] == [Kind.JOINED, Kind.LEFT]
    assert handed == client.events
    assert client.has(Kind.LEFT)
    assert not client.has(Kind.PING)
    assert client.first(lambda event: event.kind is Kind.LEFT, after=1) is client.events[1]
    assert client.first(lambda event: event.kind is Kind.JOINED, after=1) is None
    assert client.unexplained == ["?"]


def test_what_waits_for_quiet_is_settled(stage: Stage) -> None:
    reading = recogniser(
        framing("raw"), Patterns([Rule(Kind.ERROR, Template("erro {rest}"))], vocabulary()), "utf-8"
    )
    client, peer = stage.client(reading)  # type: ignore[arg-type]
    stage.reactor.each_turn(client.settle)
    peer.sendall(b"erro grave")
    stage.pump(lambda: client.has(Kind.ERROR))
    assert client.events[0].fields == {"rest": "grave"}


# -- how a connection ends ------------------------------------------------------------------


def test_a_fin_ends_it_after_all_that_came_before(stage: Stage) -> None:
    client, peer = stage.client()
    peer.sendall(b"adeus")
    peer.shutdown(socket.SHUT_WR)
    stage.pump(lambda: client.ended is not None)
    assert client.ended == "FIN"
    assert not client.is_open
    assert bytes(client.received) == b"adeus"
    assert repr(client) == "<Client ana FIN>"


def test_a_reset_is_told_apart_from_a_fin(stage: Stage) -> None:
    client, peer = stage.client()
    reset(peer)
    stage.pump(lambda: client.ended is not None)
    assert client.ended == "ECONNRESET"
    assert "the other end is gone: ECONNRESET" in stage.said()


def test_closing_with_nothing_unread_is_a_fin_for_the_peer(stage: Stage) -> None:
    client, peer = stage.client()
    client.close()
    client.close()
    assert peer.recv(1) == b""
    assert client.ended == "closed by us"
    with pytest.raises(ValueError, match="ana has no socket any more"):
        _ = client.socket


def test_closing_with_something_unread_is_a_reset_for_the_peer(stage: Stage) -> None:
    client, peer = stage.client()
    client.stop_reading()
    peer.sendall(b"x")
    stage.pump(lambda: client.unread_bytes() == 1)
    client.close()
    with pytest.raises(ConnectionResetError):
        peer.recv(1)


def test_writing_to_a_peer_that_has_reset_is_recorded_and_harmless(stage: Stage) -> None:
    client, peer = stage.client()
    reset(peer)
    client.write(b"um")
    client.write(b"dois")
    stage.pump(lambda: client.ended is not None)
    client.write(b"tres")
    assert not client.has_unsent
    assert "ana ! sending failed: " in stage.said()


# -- pressure -------------------------------------------------------------------------------


def test_what_the_kernel_does_not_take_is_sent_as_the_reactor_turns(stage: Stage) -> None:
    client, peer = stage.client()
    size, taken = 12 << 20, 0
    client.write(b"a" * size)
    assert client.has_unsent
    peer.setblocking(False)

    def all_taken() -> bool:
        nonlocal taken
        with contextlib.suppress(BlockingIOError):
            taken += len(peer.recv(1 << 20))
        return taken == size

    stage.pump(all_taken)
    assert not client.has_unsent


def test_a_client_that_stopped_reading_leaves_all_in_the_kernel_until_it_resumes(
    stage: Stage,
) -> None:
    client, peer = stage.client()
    client.stop_reading()
    peer.sendall(b"abc")
    stage.pump(lambda: client.unread_bytes() == 3)
    stage.reactor.turn()
    assert not client.received
    client.resume_reading()
    stage.pump(lambda: bytes(client.received) == b"abc")


def test_writing_does_not_make_a_client_read_again(stage: Stage) -> None:
    client, peer = stage.client()
    client.stop_reading()
    peer.sendall(b"abc")
    client.write(b"oi")
    stage.pump(lambda: client.unread_bytes() == 3)
    stage.reactor.turn()
    assert not client.received
    assert received(peer, 2) == b"oi"


def test_a_flood_is_given_up_and_no_longer_read(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "MOST_BYTES", 1 << 20)
    client, peer = stage.client()
    peer.setblocking(False)
    piece = b"ruido " * 40_000

    def given_up() -> bool:
        with contextlib.suppress(BlockingIOError):
            peer.send(piece)
        return client.ended is not None

    stage.pump(given_up)
    assert client.ended == "given up after 1 MB"
    assert len(client.received) <= clients.KEPT_BYTES
    assert client.tally.total_bytes <= clients.MOST_BYTES + clients.READ_BYTES


def test_a_flooded_connection_is_counted_but_fills_no_history(stage: Stage) -> None:
    deaf = Unrecognising(Nothing(is_flood=True))
    client, peer = stage.client(deaf)
    peer.sendall(b"qbcdfghjkmnp")
    stage.pump(lambda: client.tally.counts["qbcdfghjkmnp"] == 1)
    assert client.flooded
    assert "qbcdfghjkmnp" not in stage.said()


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "utf-16-le", "utf-16", "utf-32-be"])
def test_a_text_is_counted_in_any_encoding_however_it_is_cut(stage: Stage, encoding: str) -> None:
    client, peer = stage.client(Unrecognising(encoding=encoding))
    pieces = [bytes([byte]) for byte in "é qbcdfghjkmnp!".encode(encoding)]
    for piece in pieces:
        peer.sendall(piece)
    stage.pump(lambda: client.tally.total_bytes == len(pieces))
    assert client.tally.counts["qbcdfghjkmnp"] == 1


def test_what_came_after_a_mark_is_kept_as_text(stage: Stage) -> None:
    client, peer = stage.client()
    peer.sendall("olá".encode())
    stage.pump(lambda: len(client.received) == 4)
    mark = client.mark()
    assert client.text_since(mark) == ""
    peer.sendall(b"\xff fim")
    stage.pump(lambda: len(client.received) == 9)
    assert client.text_since(mark).encode("utf-8", "surrogateescape") == b"\xff fim"
    assert client.text_since(0).startswith("olá")


# -- coming in ------------------------------------------------------------------------------


def attempt(stage: Stage, address: tuple[str, int], deadline: Deadline) -> OSError:
    opening = Opening(address, stage.reactor)
    with pytest.raises(OSError, match=f"at {address[0]}:{address[1]}") as failed:
        Client.connect("ana", opening, Unrecognising(), stage.reactor, stage.history, deadline)
    return failed.value


def test_a_refused_connection_says_so_and_where(stage: Stage) -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        error = attempt(stage, mute.getsockname(), soon())
    assert error.errno == errno.ECONNREFUSED
    assert (error.strerror or "").startswith("ECONNREFUSED at 127.0.0.1:")


def test_a_connection_that_nobody_accepts_ends_with_the_deadline(stage: Stage) -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(8)]
        for other in waiting:
            other.setblocking(False)
            other.connect_ex(full.getsockname())
        error = attempt(stage, full.getsockname(), Deadline.after(0.1))
        for other in waiting:
            other.close()
    assert error.errno == errno.ETIMEDOUT


def test_an_address_that_cannot_be_reached_is_an_error_at_once(stage: Stage) -> None:
    assert attempt(stage, ("255.255.255.255", 9), soon()).errno in (
        errno.EACCES,
        errno.ENETUNREACH,
    )


def test_a_client_knows_both_ends_of_its_connection(stage: Stage) -> None:
    client, peer = stage.client()
    assert client.ours == peer.getpeername()
    assert client.theirs == peer.getsockname()
    assert repr(client) == "<Client ana>"


def test_whoever_has_said_goodbye_closes_when_the_other_end_does(stage: Stage) -> None:
    client, peer = stage.client()
    client.closes_with_the_other = True
    peer.shutdown(socket.SHUT_WR)
    stage.pump(lambda: client.ended is not None)
    assert client.ended == "FIN"
    assert peer.recv(9) == b""

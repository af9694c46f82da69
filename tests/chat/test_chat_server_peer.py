"""One connection as its writer sees it: what a failing socket does to it, and its last words."""

from __future__ import annotations

import select
from collections.abc import Iterator

import pytest
from chat_system import Client

from chat.config import Settings
from chat.listener import listen
from chat.peer import Peer

ADDRESS = ("127.0.0.1", 50_000)


@pytest.fixture
def ends() -> Iterator[tuple[Client, Peer]]:
    """A client, and the server's peer for it."""
    with listen(Settings(port=0)) as listener:
        client = Client(listener.getsockname(), small_buffer=True)
        select.select([listener], [], [])
        accepted, _ = listener.accept()
        with accepted:
            yield client, Peer(accepted, ADDRESS)
        client.close()


def fill(peer: Peer) -> int:
    """Send lines until the socket takes no more; how many."""
    count = 1
    while peer.send(b"x" * 999 + b"\n", 0.0):
        count += 1
    return count


def test_what_the_socket_does_not_take_waits_and_is_flushed_in_order(
    ends: tuple[Client, Peer],
) -> None:
    client, peer = ends
    count = fill(peer)
    assert not peer.send(b"fim\n", 1.0)
    peer.flush()  # the socket takes nothing yet
    assert peer.outbox_bytes > len(b"fim\n")
    while peer.outbox_bytes:
        client.line()
        count -= 1
        peer.flush()
    assert client.lines(count + 1)[-1] == "fim"


def test_last_words_follow_a_whole_line(ends: tuple[Client, Peer]) -> None:
    client, peer = ends
    fill(peer)
    while not select.select([], [peer], [], 0)[1]:
        client.line()
    peer.cut(last_words=b"! muito-lento: tchau\n")
    *lines, last = client.rest()
    assert set(lines) == {"x" * 999}
    assert last == "! muito-lento: tchau"
    assert peer.is_cut
    assert not peer.outbox_bytes


def test_nothing_is_written_to_a_connection_that_was_reset(ends: tuple[Client, Peer]) -> None:
    client, peer = ends
    client.reset()
    select.select([peer], [], [])
    assert peer.send(b"oi\n", 0.0)
    assert peer.is_finished
    assert peer.send(b"oi\n", 0.0)
    assert peer.outbox_bytes == 0


def test_what_waits_for_a_connection_that_was_reset_is_forgotten(
    ends: tuple[Client, Peer],
) -> None:
    client, peer = ends
    fill(peer)
    client.reset()
    select.select([peer], [], [])
    peer.flush()
    assert peer.is_finished
    assert peer.outbox_bytes == 0


def test_after_a_failed_send_what_had_arrived_whole_can_still_be_read(
    ends: tuple[Client, Peer],
) -> None:
    client, peer = ends
    client.say("adeus").reset()
    select.select([peer], [], [])
    peer.send(b"oi\n", 0.0)
    assert peer.receive(99) == b"adeus\n"
    assert peer.receive(99) == b""

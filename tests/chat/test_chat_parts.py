"""The small parts of the server, each alone: outbox, alarms, inbox, screen, spare, doorstep."""

from __future__ import annotations

import os
import re
import resource
import select
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from selectors import DefaultSelector

import pytest
from chat_system import Output, wait_for
from hypothesis import given
from hypothesis import strategies as st

from chat.alarms import Alarms
from chat.config import SEND_BUFFER_BYTES, Bounds, Settings
from chat.doorstep import Doorstep
from chat.inbox import Inbox, Stop
from chat.listener import listen
from chat.outbox import Outbox
from chat.peer import Peer
from chat.screen import Screen
from chat.spare import Spare

ADDRESS = ("127.0.0.1", 50_000)


@pytest.fixture
def connection() -> Iterator[tuple[socket.socket, socket.socket]]:
    """The client's end and the server's end."""
    with listen(Settings(port=0)) as listener, socket.socket() as client:
        client.connect(listener.getsockname())
        select.select([listener], [], [])
        accepted, _ = listener.accept()
        with accepted:
            yield client, accepted


# Outbox.


@given(st.lists(st.binary(min_size=1, max_size=9)), st.lists(st.integers(0, 20)))
def test_an_outbox_gives_its_bytes_back_in_order_however_they_are_taken(
    chunks: list[bytes], takes: list[int]
) -> None:
    outbox, taken = Outbox(), b""
    for chunk in chunks:
        outbox.put(memoryview(chunk), 0.0)
    for take in takes:
        some = b"".join(outbox.head())[:take]
        outbox.sent(len(some))
        taken += some
    assert taken + b"".join(outbox.head()) == b"".join(chunks)
    assert outbox.size_bytes == len(b"".join(chunks)) - len(taken)


def test_an_outbox_remembers_since_when_its_head_waits() -> None:
    outbox = Outbox()
    outbox.put(memoryview(b"um\n"), 1.0)
    outbox.put(memoryview(b"dois\n"), 2.0)
    outbox.sent(1)
    assert outbox.waiting_since_s == 1.0
    outbox.sent(2)
    assert outbox.waiting_since_s == 2.0


def test_the_line_under_way_ends_where_its_line_ends() -> None:
    outbox = Outbox()
    assert outbox.line_under_way() == b""
    outbox.put(memoryview(b"um\ndois\n"), 0.0)
    outbox.sent(1)
    assert outbox.line_under_way() == b"m\n"


# Alarms.


@pytest.fixture
def peers(connection: tuple[socket.socket, socket.socket]) -> list[Peer]:
    return [Peer(connection[1], ADDRESS) for _ in range(3)]


def test_alarms_ring_once_at_the_earliest_time_that_was_set(peers: list[Peer]) -> None:
    alarms = Alarms()
    alarms.set(peers[0], 5.0)
    alarms.set(peers[0], 3.0)
    alarms.set(peers[0], 4.0)
    alarms.set(peers[1], 4.0)
    assert alarms.due(2.9) == []
    assert alarms.until_next_s(2.0) == 1.0
    assert alarms.due(9.0) == [peers[0], peers[1]]
    assert alarms.until_next_s(2.0) is None


def test_an_alarm_that_is_late_rings_now(peers: list[Peer]) -> None:
    alarms = Alarms()
    alarms.set(peers[0], 5.0)
    assert alarms.until_next_s(7.0) == 0.0


def test_a_forgotten_alarm_never_rings_and_is_not_kept(
    connection: tuple[socket.socket, socket.socket],
) -> None:
    alarms = Alarms()
    for _ in range(1_000):
        peer = Peer(connection[1], ADDRESS)
        alarms.set(peer, 30.0)
        alarms.forget(peer)
    assert len(alarms._heap) < 100
    assert alarms.due(99.0) == []


# Inbox.


def test_one_wake_up_serves_all_that_was_posted_before_it() -> None:
    inbox = Inbox()
    parcels = [Stop(), Stop()]
    for parcel in parcels:
        inbox.post(parcel)
    inbox.wake.clear()
    assert inbox.take() == parcels
    assert select.select([inbox.wake], [], [], 0)[0] == []
    inbox.post(Stop())
    assert select.select([inbox.wake], [], [], 0)[0] == [inbox.wake]
    inbox.wake.close()


# Screen.


@pytest.fixture
def pipe() -> Iterator[Callable[[], tuple[int, int]]]:
    """Make pipes, and close what is left of them."""
    ends: list[int] = []

    def make() -> tuple[int, int]:
        ends.extend(os.pipe())
        return ends[-2], ends[-1]

    yield make
    for end in ends:
        os.close(end)


def test_a_stalled_screen_stalls_nobody_and_tells_what_it_left_out(
    pipe: Callable[[], tuple[int, int]],
) -> None:
    read_end, write_end = pipe()
    screen = Screen(write_end, bound_bytes=1_000)
    for _ in range(30_000):  # more than pipe and bound hold: would block for ever if it waited
        screen.show(b"123456789\n")
    shown, accounted = Output(read_end), 0
    while accounted < 30_000:
        line = shown.line()
        gap = re.fullmatch(r"\((\d+) linhas não couberam na tela\)", line)
        assert gap or line == "123456789"
        accounted += int(gap[1]) if gap else 1
    screen.show(b"de novo\n")
    assert shown.line() == "de novo"
    screen.close(within_s=5.0)


def test_a_screen_that_somebody_made_non_blocking_still_shows_every_line(
    pipe: Callable[[], tuple[int, int]],
) -> None:
    read_end, write_end = pipe()
    os.set_blocking(write_end, False)
    screen = Screen(write_end, bound_bytes=1_000_000)
    screen.show(b"123456789\n" * 50_000)
    shown = Output(read_end)
    assert {shown.line() for _ in range(50_000)} == {"123456789"}
    screen.close(within_s=5.0)


def test_a_screen_that_is_a_file_on_a_full_disk_goes_on_when_there_is_room(
    tmp_path: Path,
) -> None:
    path = tmp_path / "saída"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with path.open("wb", buffering=0) as file:
        screen = Screen(file.fileno(), bound_bytes=1_000)
        resource.setrlimit(resource.RLIMIT_FSIZE, (5, hard))
        try:
            screen.show(b"123456789\n")
            wait_for(lambda: path.stat().st_size == 5, "the disk is full")
            screen.show(b"outra\n")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        wait_for(lambda: path.read_bytes() == b"123456789\noutra\n", "all is shown")
        screen.close(within_s=5.0)


def test_a_screen_that_is_gone_is_no_reason_to_stop(
    pipe: Callable[[], tuple[int, int]],
) -> None:
    read_end, _ = pipe()
    screen = Screen(read_end, bound_bytes=1_000)  # it cannot be written to
    screen.show(b"ninguem\n")
    wait_for(lambda: not screen._thread.is_alive(), "the screen gives up")
    screen.show(b"ninguem\n")
    screen.close(within_s=5.0)


# What the system runs out of.


@contextmanager
def no_descriptor_left() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    used = max(map(int, os.listdir("/proc/self/fd")))
    resource.setrlimit(resource.RLIMIT_NOFILE, (used, hard))
    taken: list[int] = []
    try:
        with suppress(OSError):
            while True:
                taken.append(os.open(os.devnull, os.O_RDONLY))
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        for descriptor in taken:
            os.close(descriptor)


def test_with_no_descriptor_left_one_connection_is_refused_in_words() -> None:
    with listen(Settings(port=0)) as listener, socket.socket() as client:
        spare = Spare()
        client.connect(listener.getsockname())
        select.select([listener], [], [])
        with no_descriptor_left():
            spare.shed(listener)
        assert client.recv(999).startswith(b"! servidor-cheio: ")
        assert client.recv(999) == b""
        spare.close()


def test_shedding_without_anybody_to_shed_costs_no_spare() -> None:
    with listen(Settings(port=0)) as listener, socket.socket() as client:
        spare = Spare()
        spare.shed(listener)
        client.connect(listener.getsockname())
        select.select([listener], [], [])
        with no_descriptor_left():
            spare.shed(listener)
        assert client.recv(999).startswith(b"! servidor-cheio: ")
        spare.close()


# The doorstep.


def test_the_doorstep_holds_no_more_than_its_bound_and_the_oldest_goes_first() -> None:
    with listen(Settings(port=0)) as listener, DefaultSelector() as selector:
        doorstep = Doorstep(selector, Bounds(lingering_max=2))
        assert doorstep.until_next_s() is None
        clients = [socket.create_connection(listener.getsockname()) for _ in range(3)]
        refused = []
        for _ in clients:
            select.select([listener], [], [])
            refused.append(listener.accept()[0])
            doorstep.admit(refused[-1])
        assert [connection.fileno() < 0 for connection in refused] == [True, False, False]
        doorstep._drain(refused[0])  # its event may still be on its way
        doorstep._drain(refused[1])  # nothing has come yet
        assert refused[1].fileno() >= 0
        doorstep.clear()
        for client in clients:
            assert client.recv(999).startswith(b"! servidor-cheio: ")
            client.close()


def test_a_refused_client_that_resets_is_done_with() -> None:
    with listen(Settings(port=0)) as listener, DefaultSelector() as selector:
        doorstep = Doorstep(selector, Bounds())
        client = socket.create_connection(listener.getsockname())
        select.select([listener], [], [])
        refused = listener.accept()[0]
        doorstep.admit(refused)
        client.close()  # with the refusal unread: a reset
        select.select([refused], [], [])
        doorstep._drain(refused)
        assert doorstep.until_next_s() is None


# What connections inherit.


def test_accepted_connections_inherit_the_options_of_the_listener(
    connection: tuple[socket.socket, socket.socket],
) -> None:
    _, accepted = connection
    assert accepted.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) == 2 * SEND_BUFFER_BYTES
    assert accepted.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
    assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 32_767
    assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL) == 32_767
    assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT) == 5
    assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 10_000
    assert accepted.gettimeout() is None, "it must stay blocking, for its reader"

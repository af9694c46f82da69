"""Who is silent is asked (6.4): many questions, real silence, and a kernel that drops them."""

from __future__ import annotations

import errno
import select
import socket
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import NamedTuple

import pytest
from chat_system import PATIENCE_S, InProcess, fall_silent, wait_for, wake_up

from chat import prober
from chat.config import Settings
from chat.keepalive import ask_if_silent
from chat.listener import listen
from chat.prober import Prober

VANISHED_S = 2.0
UNANSWERED = 3  # where struct tcp_info has the number of questions that were not answered


class Pair(NamedTuple):
    """A connection, from either end."""

    client: socket.socket
    accepted: socket.socket

    @property
    def unanswered(self) -> int:
        return self.accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 8)[UNANSWERED]

    def end(self) -> int | None:
        """The error with which the connection ends."""
        assert select.select([self.accepted], [], [], PATIENCE_S)[0], "it never ended"
        with pytest.raises(OSError, match="timed out") as caught:
            self.accepted.recv(1)
        return caught.value.errno


@pytest.fixture
def connect() -> Iterator[Callable[[], Pair]]:
    """Connect to a listener that has the server's options."""
    with ExitStack() as opened:
        listener = opened.enter_context(listen(Settings(port=0)))
        listener.setblocking(True)

        def connected() -> Pair:
            client = socket.create_connection(listener.getsockname(), PATIENCE_S)
            return Pair(opened.enter_context(client), opened.enter_context(listener.accept()[0]))

        yield connected


@pytest.fixture
def asking() -> Iterator[Prober]:
    """One that asks."""
    asking = Prober(VANISHED_S)
    asking.start()
    yield asking
    asking.stop()


def test_who_answers_no_question_is_given_up(connect: Callable[[], Pair], asking: Prober) -> None:
    pair = connect()
    asking.add(pair.accepted)
    fall_silent(pair.client)
    assert pair.end() == errno.ETIMEDOUT


def test_who_acknowledges_nothing_is_given_up(connect: Callable[[], Pair], asking: Prober) -> None:
    pair = connect()
    asking.add(pair.accepted)
    fall_silent(pair.client)
    pair.accepted.send(b"oi")
    assert pair.end() == errno.ETIMEDOUT
    assert pair.unanswered == 0, "it was told by what it was sent, not asked"


def test_a_client_that_only_listens_stays_while_one_that_has_vanished_goes(
    start: Callable[..., InProcess],
) -> None:
    chat = start(vanished_s=VANISHED_S)
    ana, bia, caio = chat.join_all("Ana", "Bia", "Caio")
    fall_silent(caio.socket)
    assert ana.line() == bia.line() == "* Caio saiu do chat"
    ana.say("/usuarios")
    assert ana.line() == "* conectados: Ana, Bia"


def test_nobody_is_given_up_for_questions_that_were_lost_on_the_way(
    connect: Callable[[], Pair], asking: Prober
) -> None:
    pair = connect()
    asking.add(pair.accepted)
    fall_silent(pair.client)
    wait_for(lambda: pair.unanswered >= 3, "three questions are lost")
    wake_up(pair.client)
    wait_for(lambda: pair.unanswered == 0, "the next one is answered")
    pair.client.send(b"x")
    assert pair.accepted.recv(1) == b"x"


def test_questions_that_come_too_late_are_asked_all_the_same(
    connect: Callable[[], Pair], asking: Prober
) -> None:
    pair, clock = connect(), connect()
    asking.add(clock.accepted)
    fall_silent(pair.client)
    fall_silent(clock.client)
    clock.end()  # so the time of the other one is over as well
    for number in range(1, 5):
        ask_if_silent(pair.accepted, VANISHED_S)
        wait_for(lambda wanted=number: pair.unanswered == wanted, f"question {number} is lost")
    wake_up(pair.client)
    ask_if_silent(pair.accepted, VANISHED_S)
    wait_for(lambda: pair.unanswered == 0, "the fifth is answered")


def test_all_are_asked_in_turn_and_only_a_few_at_a_time(
    connect: Callable[[], Pair], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[socket.socket] = []
    has_seen_enough = threading.Event()

    def ask(connection: socket.socket, _vanished_s: float) -> None:
        asked.append(connection)
        if len(asked) >= 70:
            has_seen_enough.set()

    monkeypatch.setattr(prober, "ask_if_silent", ask)
    monkeypatch.setattr(prober, "ASKED_TOGETHER", 3)
    accepted = [connect().accepted for _ in range(10)]
    asking = Prober(VANISHED_S)
    for each in accepted:
        asking.add(each)
    assert asking._pause_s() == pytest.approx(0.2 * 3 / 10)
    asking.start()
    assert has_seen_enough.wait(PATIENCE_S)
    asking.stop()
    assert asked[:70] == accepted * 7


def test_a_closed_connection_is_forgotten(connect: Callable[[], Pair], asking: Prober) -> None:
    pair = connect()
    forgotten = weakref.ref(connection := pair.accepted.dup())
    asking.add(connection)
    connection.close()
    del connection
    wait_for(lambda: forgotten() is None, "nobody holds it any more")

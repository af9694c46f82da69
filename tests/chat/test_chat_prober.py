"""Who is silent is asked (6.4): real silence, lost questions, and whose turn it is."""

from __future__ import annotations

import errno
import select
import socket
import struct
import weakref
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import NamedTuple

import pytest
from chat_system import PATIENCE_S, InProcess, fall_silent, wait_for, wake_up
from hypothesis import given
from hypothesis import strategies as st

from chat import prober
from chat.config import ASKED_TOGETHER_MAX, QUESTIONS, Settings
from chat.keepalive import Keepalive
from chat.listener import listen
from chat.prober import Prober

VANISHED_S = 2.0
KEEPALIVE = Keepalive(VANISHED_S)
# In struct tcp_info: how many questions were not answered, and how long nothing was heard.
UNANSWERED = 3
LAST_HEARD_MS = struct.Struct("=52xII")


class Pair(NamedTuple):
    """A connection, from either end."""

    client: socket.socket
    accepted: socket.socket

    @property
    def unanswered(self) -> int:
        return self._info(8)[UNANSWERED]

    @property
    def silent_ms(self) -> int:
        heard: tuple[int, int] = LAST_HEARD_MS.unpack(self._info(LAST_HEARD_MS.size))
        return min(heard)

    @property
    def user_timeout_ms(self) -> int:
        return self.accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)

    def ask(self) -> None:
        KEEPALIVE.ask_if_silent(self.accepted)

    def _info(self, size: int) -> bytes:
        return self.accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, size)

    def end(self) -> int | None:
        """The error with which the connection ends."""
        assert select.select([self.accepted], [], [], PATIENCE_S)[0], "it never ended"
        with pytest.raises(OSError, match="timed out") as caught:
            self.accepted.recv(1)
        return caught.value.errno


Connect = Callable[[], Pair]


@pytest.fixture
def connect() -> Iterator[Connect]:
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
    asking = Prober(KEEPALIVE)
    asking.start()
    yield asking
    asking.stop()


@pytest.fixture
def long_silent(connect: Connect) -> Pair:
    """A connection that answers nothing, was asked nothing, and whose time is over."""
    pair = connect()
    fall_silent(pair.client)
    wait_for(lambda: pair.silent_ms > VANISHED_S * 1_000, "its time is over")
    return pair


def lose(pair: Pair, questions: int) -> None:
    """Ask so many questions that are not answered."""
    for number in range(1, questions + 1):
        pair.ask()
        wait_for(lambda wanted=number: pair.unanswered == wanted, f"question {number} is lost")


# Who is given up, and who is not.


def test_who_answers_no_question_is_given_up(connect: Connect, asking: Prober) -> None:
    pair = connect()
    asking.add(pair.accepted)
    fall_silent(pair.client)
    assert pair.end() == errno.ETIMEDOUT


def test_who_acknowledges_nothing_is_given_up(connect: Connect, asking: Prober) -> None:
    pair = connect()
    fall_silent(pair.client)
    pair.accepted.send(b"oi")
    asking.add(pair.accepted)
    assert pair.end() == errno.ETIMEDOUT


def test_a_client_that_only_listens_stays_while_one_that_has_vanished_goes(
    start: Callable[..., InProcess],
) -> None:
    chat = start(vanished_s=VANISHED_S)
    ana, bia, caio = chat.join_all("Ana", "Bia", "Caio")
    fall_silent(caio.socket)
    assert ana.line() == bia.line() == "* Caio saiu do chat"
    ana.say("/usuarios")
    assert ana.line() == "* conectados: Ana, Bia"


def test_nobody_is_given_up_before_all_questions_were_lost(long_silent: Pair) -> None:
    lose(long_silent, QUESTIONS - 1)
    wake_up(long_silent.client)
    long_silent.ask()
    wait_for(lambda: long_silent.unanswered == 0, "the last question is answered")
    long_silent.client.send(b"x")
    assert long_silent.accepted.recv(1) == b"x"


def test_whoever_lost_all_questions_is_given_up_instead_of_asked_again(long_silent: Pair) -> None:
    lose(long_silent, QUESTIONS)
    long_silent.ask()
    assert long_silent.end() == errno.ETIMEDOUT


def test_who_was_silent_for_its_whole_time_gets_no_more_for_what_it_is_sent_then(
    long_silent: Pair,
) -> None:
    lose(long_silent, 1)
    long_silent.accepted.send(b"oi")
    long_silent.ask()
    assert long_silent.user_timeout_ms == 1
    assert long_silent.end() == errno.ETIMEDOUT


def test_who_has_answered_has_its_whole_time_again_for_what_it_is_sent(long_silent: Pair) -> None:
    lose(long_silent, 1)
    assert long_silent.user_timeout_ms == 0
    wake_up(long_silent.client)

    def has_time() -> bool:
        long_silent.ask()
        return long_silent.user_timeout_ms == VANISHED_S * 1_000

    wait_for(has_time, "it has time")


@given(st.floats(2.0, 3_600.0))
def test_all_questions_and_their_pauses_fit_into_the_time_that_there_is(vanished_s: float) -> None:
    keepalive = Keepalive(vanished_s)
    assert keepalive._silent_s >= 1
    assert 0.1 <= keepalive.pause_s <= 1.0
    assert keepalive._silent_s + (QUESTIONS + 1) * keepalive.pause_s == pytest.approx(vanished_s)


# Whose turn it is.


class Recorder(Keepalive):
    """Counts who was asked."""

    def __init__(self) -> None:
        super().__init__(VANISHED_S)
        self.asked: Counter[socket.socket] = Counter()

    def ask_if_silent(self, connection: socket.socket) -> None:
        self.asked[connection] += 1


@dataclass
class Turns:
    """Time, which goes on when it is waited for; and how many were asked in each turn."""

    recorder: Recorder
    lateness: float
    last: int
    now_s: float = 0.0
    sizes: list[int] = field(default_factory=list)

    def monotonic(self) -> float:
        return self.now_s

    def wait(self, seconds: float) -> bool:
        self.sizes.append(self.recorder.asked.total() - sum(self.sizes))
        self.now_s += seconds * self.lateness
        return len(self.sizes) > self.last


@pytest.fixture
def crowd() -> Iterator[list[socket.socket]]:
    """More sockets than are asked together."""
    with ExitStack() as opened:
        one = opened.enter_context(socket.socket())
        yield [one, *(opened.enter_context(one.dup()) for _ in range(2 * ASKED_TOGETHER_MAX))]


@pytest.mark.parametrize(
    ("lateness", "together"),
    [
        (1.0, ASKED_TOGETHER_MAX // 2),
        (1.5, ASKED_TOGETHER_MAX * 3 // 4),
        (100.0, ASKED_TOGETHER_MAX),
    ],
)
def test_as_many_are_asked_as_are_due_but_only_a_few_at_a_time_and_all_equally_often(
    crowd: list[socket.socket], lateness: float, together: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = Recorder()
    turns = Turns(recorder, lateness, last=100)
    monkeypatch.setattr(prober, "monotonic", turns.monotonic)
    asking = Prober(recorder)
    monkeypatch.setattr(asking, "_is_stopped", turns)
    for each in crowd:
        asking.add(each)
    asking._run()
    often = [recorder.asked[each] for each in crowd]
    assert turns.sizes == [0] + [together] * 100
    assert max(often) - min(often) <= 1
    assert min(often) > 20
    assert max(often) <= turns.now_s / recorder.pause_s + 1, "nobody is asked before its time"


def test_a_closed_connection_is_forgotten(connect: Connect, asking: Prober) -> None:
    pair = connect()
    forgotten = weakref.ref(connection := pair.accepted.dup())
    asking.add(connection)
    connection.close()
    del connection
    wait_for(lambda: forgotten() is None, "nobody holds it any more")

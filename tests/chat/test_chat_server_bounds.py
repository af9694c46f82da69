"""The server over real sockets: what a client may cost the others (6.4, 7), and not more."""

from __future__ import annotations

import os
import resource
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic

import pytest
from chat_system import Client, InProcess, Process, wait_for

from chat import dispatcher
from chat.logfile import LogFile
from chat.logrows import Row

Start = Callable[..., InProcess]
LONG = "x" * 4_000


class Clock:
    """The dispatcher's clock, which goes on only when a test says so: no stall is too long."""

    def __init__(self) -> None:
        self.now_s = monotonic()

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(dispatcher, "monotonic", clock)
    return clock


def speak(sender: Client, size_bytes: int) -> None:
    """Say that much, and hear it all."""
    for _ in range(size_bytes // (10 * len(LONG))):
        sender.say(*[LONG] * 10)
        assert [line[-len(LONG) :] for line in sender.lines(10)] == [LONG] * 10


def speak_until(sender: Client, notice: str) -> None:
    """Say more and more, until a notice comes."""
    heard: list[str] = []
    while notice not in heard:
        sender.say(*[LONG] * 10)
        heard = sender.lines(10)


def flood(client: Client, data: bytes) -> None:
    """Send until the connection fails."""
    with suppress(OSError):
        while True:
            client.send(data)


# Clients that do not read.


def test_a_client_whose_outbox_is_full_is_evicted_and_the_others_are_told(start: Start) -> None:
    chat = start(outbox_bytes=100_000)
    ana = chat.join("Ana")
    stalled = chat.join("Parado", small_buffer=True)
    speak_until(ana, "* Parado saiu do chat")
    stalled.say("ainda aqui?")
    ana.say("fim")
    assert ana.until("Ana: fim").count("Parado: ainda aqui?") == 0


def test_a_client_that_reads_nothing_is_evicted_when_its_time_is_over(start: Start) -> None:
    chat = start(outbox_s=0.2, outbox_bytes=1 << 30)
    ana = chat.join("Ana")
    chat.join("Parado", small_buffer=True)
    speak_until(ana, "* Parado saiu do chat")


def test_a_client_that_reads_late_but_in_time_gets_every_line(start: Start) -> None:
    """Also when the room has fallen silent meanwhile."""
    chat = start(outbox_s=60.0)
    ana = chat.join("Ana")
    late = chat.join("Atrasada", small_buffer=True)
    assert ana.line() == "* Atrasada entrou no chat"
    speak(ana, 800_000)
    assert late.lines(200) == [f"Ana: {LONG}"] * 200


def test_a_client_that_reads_slowly_is_not_evicted_while_nothing_waits_too_long(
    start: Start, clock: Clock
) -> None:
    chat = start(outbox_s=10.0)
    ana = chat.join("Ana")
    slow = chat.join("Lenta", small_buffer=True)
    assert ana.line() == "* Lenta entrou no chat"
    for _ in range(5):
        speak(ana, 400_000)
        assert slow.lines(100) == [f"Ana: {LONG}"] * 100
        clock.now_s += 9.0
    slow.say("viva")
    assert ana.line() == slow.line() == "Lenta: viva"


def test_a_stranger_that_causes_errors_and_reads_none_goes_unheard(start: Start) -> None:
    chat = start(outbox_bytes=10_000)
    ana = chat.join("Ana")
    base = threading.active_count()
    stranger = chat.connect(small_buffer=True)
    flood(stranger, b"\xff\n" * 1_000)
    wait_for(lambda: threading.active_count() == base, "the stranger's thread ends")
    ana.say("fim")
    assert ana.line() == "Ana: fim"


# Clients without a name.


def test_a_connection_without_a_name_is_ended_in_time_without_a_word(
    chat: InProcess, clock: Clock
) -> None:
    ana = chat.join("Ana")
    stranger = chat.connect().send(b"\xff\nAn")
    assert stranger.line().startswith("! texto-invalido: ")
    clock.now_s += 3_600.0
    assert ana.say("fim").line() == "Ana: fim"
    assert stranger.rest() == []
    assert ana.say("de novo").line() == "Ana: de novo"


def test_a_stranger_that_stalls_is_ended_when_its_name_is_due(start: Start) -> None:
    chat = start(name_s=0.5, outbox_s=60.0)
    base = threading.active_count()
    stranger = chat.connect(small_buffer=True)
    stranger.socket.settimeout(0.05)
    flood(stranger, b"\xff\n" * 1_000)
    wait_for(lambda: threading.active_count() == base, "the stranger's thread ends")


def test_the_third_refusal_is_told_and_ends_the_connection(chat: InProcess) -> None:
    lines = chat.connect().say("a b", "a:b", "*", "Ana").rest()
    assert [line.partition(":")[0] for line in lines] == ["! nome-invalido"] * 3


# Too many clients.


def test_a_client_too_many_is_told_so_even_if_it_has_spoken(start: Start) -> None:
    chat = start(max_clients=1)
    ana = chat.join("Ana")
    refused = chat.connect().say("Bia", "oi")
    assert [line.partition(":")[0] for line in refused.rest()] == ["! servidor-cheio"]
    ana.say("fim")
    assert ana.line() == "Ana: fim"


def test_a_seat_is_free_as_soon_as_the_departure_is_told(start: Start) -> None:
    chat = start(max_clients=2)
    ana, bia = chat.join_all("Ana", "Bia")
    bia.say("/sair")
    assert ana.line() == "* Bia saiu do chat"
    assert chat.join("Caio")


def test_a_refused_client_that_lingers_is_closed_in_time(start: Start) -> None:
    chat = start(max_clients=1, drain_s=0.1)
    chat.join("Ana")
    descriptors = len(os.listdir("/proc/self/fd"))
    refused = chat.connect()
    assert len(refused.rest()) == 1
    wait_for(
        lambda: len(os.listdir("/proc/self/fd")) == descriptors + 1, "only our own end is left"
    )


def test_without_a_thread_to_serve_it_a_client_is_told_so(chat: InProcess) -> None:
    ana = chat.join("Ana")
    usual = threading.stack_size(1 << 47)  # no system has room for such a thread
    try:
        refused = chat.connect()
        assert [line.partition(":")[0] for line in refused.rest()] == ["! servidor-cheio"]
    finally:
        threading.stack_size(usual)
    chat.join("Bia")
    assert ana.line() == "* Bia entrou no chat"


def test_without_a_descriptor_to_serve_it_a_client_is_told_so(
    launch: Callable[..., Process],
) -> None:
    chat = launch()
    ana = chat.join("Ana")
    usual = resource.prlimit(chat.child.pid, resource.RLIMIT_NOFILE)
    highest = max(map(int, os.listdir(f"/proc/{chat.child.pid}/fd")))
    resource.prlimit(chat.child.pid, resource.RLIMIT_NOFILE, (highest + 1, usual[1]))
    for _ in range(3):
        lines = chat.connect().rest()
        assert [line.partition(":")[0] for line in lines] == ["! servidor-cheio"]
    resource.prlimit(chat.child.pid, resource.RLIMIT_NOFILE, usual)
    chat.join("Bia")
    assert ana.line() == "* Bia entrou no chat"


# Clients that do not go.


def test_who_floods_after_leaving_is_not_heard_and_ended_in_time(start: Start) -> None:
    chat = start(drain_s=0.2)
    ana, bia = chat.join_all("Ana", "Bia")
    bia.say("/sair")
    flood(bia, b"oi\n")
    ana.say("fim")
    assert ana.until("Ana: fim") == ["* Bia saiu do chat", "Ana: fim"]


def test_who_leaves_without_reading_is_ended_in_time(start: Start) -> None:
    chat = start(flush_s=0.2, outbox_s=60.0)
    ana = chat.join("Ana")
    base = threading.active_count()
    stalled = chat.join("Parado", small_buffer=True)
    assert ana.line() == "* Parado entrou no chat"
    speak(ana, 600_000)
    stalled.say("/sair")
    assert ana.line() == "* Parado saiu do chat"
    wait_for(lambda: threading.active_count() == base, "the leaver's thread ends")


def test_who_leaves_after_a_stall_is_not_ended_for_the_stall(start: Start, clock: Clock) -> None:
    chat = start(flush_s=60.0, outbox_s=10.0)
    ana = chat.join("Ana")
    late = chat.join("Atrasada", small_buffer=True)
    assert ana.line() == "* Atrasada entrou no chat"
    speak(ana, 600_000)
    late.say("/sair")
    assert ana.line() == "* Atrasada saiu do chat"
    clock.now_s += 20.0
    assert ana.say("fim").line() == "Ana: fim"
    assert late.rest() == [f"Ana: {LONG}"] * 150


def test_who_leaves_may_go_on_for_a_while_however_long_the_log_took(
    tmp_path: Path, start: Start, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = start(log=tmp_path / "log", drain_s=1.0)
    ana, bia = chat.join_all("Ana", "Bia")
    append = LogFile.append

    def append_slowly(file: LogFile, rows: Sequence[Row]) -> None:
        append(file, rows)
        clock.now_s += 2.0

    monkeypatch.setattr(LogFile, "append", append_slowly)
    assert bia.say("/sair").rest() == []
    monkeypatch.setattr(LogFile, "append", append)
    assert ana.line() == "* Bia saiu do chat"
    for _ in range(100):
        bia.send(b"oi\n")  # fails once the connection was cut
        assert ana.say("fim").line() == "Ana: fim"


def test_many_lines_of_one_client_are_as_many_rounds_as_the_others_need(
    tmp_path: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = start(log=tmp_path / "log")
    ana = chat.join("Ana")
    rounds: list[int] = []
    append = LogFile.append

    def count_and_append(file: LogFile, rows: Sequence[Row]) -> None:
        rounds.append(len(rows))
        append(file, rows)

    monkeypatch.setattr(LogFile, "append", count_and_append)
    monkeypatch.setattr(dispatcher, "BATCH_BYTES", 2 * len("Ana: oi\n"))
    texts = ["oi"] * 16
    assert ana.say(*texts).lines(16) == ["Ana: oi"] * 16
    assert max(rounds) <= 2


def test_no_more_than_the_bound_linger_after_leaving(start: Start) -> None:
    chat = start(lingering_max=1, drain_s=60.0)
    chat.join("Ana")
    base = threading.active_count()
    for number in range(4):
        assert chat.join(f"u{number}").say("/sair").rest() == []
    wait_for(lambda: threading.active_count() == base + 1, "one of four lingers")

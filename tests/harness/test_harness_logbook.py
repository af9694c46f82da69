"""The log of a real server, as a scenario reads it: a file, a program, no disk, a kill."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

import psutil
import pytest
from harness_stage import SPEECH

from harness import ending
from harness.clients.client import Client
from harness.deadline import Deadline
from harness.expect import Event, message
from harness.faults.disk import full_disk
from harness.member import Member
from harness.room import Room
from harness.verdict import Contradicted, Lacking, Unproven

FILE = """
[log]
file    = "{log}"
joined  = "{time} + {name}"
left    = "{time} - {name}"
message = "{time} {from}: {text}"
"""
SHOWN = FILE.replace('file    = "{log}"', 'command = "cat {log}"')
BROKEN = FILE.replace('file    = "{log}"', 'command = "cat {dir}/nothing"')
ENDLESS = FILE.replace('file    = "{log}"', 'command = "sleep 600"')
FLOOD = FILE.replace('file    = "{log}"', 'command = "yes"')
TIMELESS = FILE.replace("{time} ", "")
Begin = Callable[..., Room]


def texts(entries: Sequence[Event]) -> list[str]:
    return [entry.fields["text"] for entry in entries if "text" in entry.fields]


@pytest.mark.parametrize("log", [FILE, SHOWN])
def test_a_log_is_read_from_its_file_or_from_a_program(room: Begin, log: str) -> None:
    here = room("logs", speech=SPEECH + log)
    (ana, bia) = here.join("ana", "bia")
    text = ana.says()
    here.fence(ana)
    entries = here.log.read()
    assert [e.fields["name"] for e in entries if e.kind == "joined"] == [ana.name, bia.name]
    assert texts(entries)[0] == text


def test_a_target_that_describes_no_log_lacks_it(room: Begin) -> None:
    with pytest.raises(Lacking, match=r"the target file describes no \[log\]"):
        _ = room().log


def test_a_log_without_times_lacks_them(room: Begin) -> None:
    with pytest.raises(Lacking, match=r"log\.joined = '\+ \{name\}' has no \{time\}"):
        _ = room("logs", speech=SPEECH + TIMELESS).log


def test_a_program_that_cannot_show_the_log_contradicts(room: Begin) -> None:
    log = room("logs", speech=SPEECH + BROKEN).log
    with pytest.raises(Contradicted, match=r"ended with status 1: .*nothing"):
        log.read()


def test_a_file_that_is_not_there_contradicts(room: Begin) -> None:
    log = room(speech=SPEECH + FILE).log
    with pytest.raises(Contradicted, match=r"the log cannot be read: .*No such file"):
        log.read()


def test_a_program_that_never_ends_contradicts_and_is_ended(room: Begin) -> None:
    here = room("logs", speech=SPEECH + ENDLESS, observation_s=0.3)
    with (
        pytest.raises(Contradicted, match=r"the log was not read within 0\.3 s"),
        here.log.reading() as (reading, finish),
    ):
        finish()
    assert reading.is_over


def test_a_program_that_prints_without_end_contradicts_and_is_ended(room: Begin) -> None:
    here = room("logs", speech=SPEECH + FLOOD)
    with (
        pytest.raises(Contradicted, match="the log is longer than 64 MB"),
        here.log.reading() as (reading, finish),
    ):
        finish()
    assert reading.is_over


def test_a_log_of_any_size_is_not_read_to_its_end(room: Begin) -> None:
    here = room("logs", "logs gaps of any size", speech=SPEECH + FILE)
    here.join("ana")
    with pytest.raises(Contradicted, match="the log is longer than 64 MB"):
        here.log.read()


def test_what_does_not_come_into_the_log_contradicts_after_a_while(room: Begin) -> None:
    here = room("logs", speech=SPEECH + FILE, observation_s=0.3)
    here.join("ana")
    with pytest.raises(Contradicted, match="nothing yet"):
        here.log.comes_to(lambda _entries: "nothing yet")


def test_a_log_is_judged_again_when_the_server_has_stopped(room: Begin) -> None:
    here = room("logs", speech=SPEECH + FILE)
    here.join("ana")
    verdicts = iter([None, "too much in the end"])
    here.log.judge(lambda _entries: next(verdicts))
    here.finish()
    assert [why.reason for why in here.ledger.stops.values()] == ["too much in the end"]


def test_what_no_waiting_mends_is_judged_once_when_the_server_has_stopped(room: Begin) -> None:
    here = room("logs", speech=SPEECH + FILE)
    here.join("ana")
    verdicts = iter(["told twice"])
    here.log.in_the_end(lambda _entries: next(verdicts))
    assert not here.ledger.stops
    here.finish()
    assert [why.reason for why in here.ledger.stops.values()] == ["told twice"]


def test_nothing_reaches_the_log_while_there_is_no_disk(room: Begin) -> None:
    here = room("logs", speech=SPEECH + FILE)
    ana, _bia = here.join("ana", "bia")
    with here.log.without_disk():
        during = ana.says()
        here.fence(ana)
    after = ana.says()
    here.fence(ana)
    logged = texts(here.log.read())
    assert during not in logged
    assert after in logged


def test_a_server_that_dies_of_the_signal_proves_nothing(room: Begin) -> None:
    here = room("logs", "dies of SIGXFSZ", speech=SPEECH + FILE)
    ana, bia = here.join("ana", "bia")
    with (
        pytest.raises(Unproven, match="died of SIGXFSZ, not of a full disk"),
        here.log.without_disk(),
    ):
        here.all_see(message(ana, ana.says()), [bia])


def try_to_fill(process: psutil.Process) -> None:
    with full_disk([process]):
        assert process.rlimit(psutil.RLIMIT_FSIZE)[0] == 0
        raise ValueError("trouble")


def test_the_disk_comes_back_whatever_happens() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        process = psutil.Process(child.pid)
        before = process.rlimit(psutil.RLIMIT_FSIZE)
        with pytest.raises(ValueError, match="trouble"):
            try_to_fill(process)
        assert process.rlimit(psutil.RLIMIT_FSIZE) == before
        child.send_signal(signal.SIGKILL)


def test_a_kill_comes_in_the_middle_of_what_is_under_way(room: Begin) -> None:
    here = room("logs", speech=SPEECH + FILE)
    here.join("ana", "bia")
    said = here.kill_while_all_speak(400)
    received = {text for m in here.members for text in said if m.copies_of(text)}
    assert received <= set(texts(here.log.read()))
    assert here.running.process.was_killed
    assert all(not member.client.is_open for member in here.members)


class Clock:
    """The clock of all deadlines, which a test may put forward: we were late."""

    skipped_s = 0.0

    def monotonic(self) -> float:
        return time.monotonic() + self.skipped_s


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("harness.deadline.time", clock)
    return clock


def test_the_time_in_which_we_write_is_not_the_time_of_the_server_that_waits(
    room: Begin, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = room("logs", speech=SPEECH + FILE)
    here.join("ana", "bia")
    write = Member.writes

    def write_slowly(member: Member) -> str:
        clock.skipped_s += 60.0
        return write(member)

    go_on, over = ending._goes_on_until_it_sends, []

    def go_on_in_time(
        room: Room, processes: list[psutil.Process], to: Client, deadline: Deadline
    ) -> bool:
        over.append(deadline.passed)
        return go_on(room, processes, to, deadline)

    monkeypatch.setattr(Member, "writes", write_slowly)
    monkeypatch.setattr(ending, "_goes_on_until_it_sends", go_on_in_time)
    here.kill_while_all_speak(5)
    assert over[0] is False


def test_who_had_told_everything_before_we_could_stop_it_is_told_as_much_again(
    room: Begin, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = room("logs", speech=SPEECH + FILE)
    here.join("ana", "bia")
    go_on, rounds = ending._goes_on_until_it_tells, []

    def go_on_too_far(room: Room, processes: list[psutil.Process], said: Sequence[str]) -> None:
        rounds.append(said)
        if len(rounds) == 1:
            room.running.process.thaw()
            room.pump(lambda: all(m.copies_of(text) for m in room.members for text in said), 20.0)
            assert room.running.process.freeze(room.deadline())
            clock.skipped_s += 60.0
        else:
            go_on(room, processes, said)

    monkeypatch.setattr(ending, "_goes_on_until_it_tells", go_on_too_far)
    said = here.kill_while_all_speak(400)
    assert len(rounds) > 1
    assert said == [text for texts in rounds for text in texts]
    assert here.running.process.was_killed

"""What is told of a target's processes, and what is judged by it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import cast

import psutil
import pytest
from harness_stage import PATIENCE_S

from harness.deadline import Deadline
from harness.resources import back_to, grows_little, health, stays_quiet, threads_for_each
from harness.room import Room
from harness.targets.health import Health, examine
from harness.verdict import Contradicted, Spoilt

Open = Callable[..., Room]
Start = Callable[[str], psutil.Process]

THREADS = """
import threading
for _ in range(7): threading.Thread(target=input, daemon=True).start()
print("x", flush=True)
threading.Event().wait()
"""


@pytest.fixture
def start() -> Iterator[Start]:
    """Start Python programs, which say when they are ready."""
    started: list[subprocess.Popen[bytes]] = []

    def run(source: str) -> psutil.Process:
        command = [sys.executable, "-c", source]
        started.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE))
        stdout = started[-1].stdout
        assert stdout is not None
        stdout.read(1)
        return psutil.Process(started[-1].pid)

    yield run
    for process in started:
        process.kill()
        process.communicate()


def last_of_its_core(process: psutil.Process, core: set[int]) -> None:
    """Let a process run only on this core, and only when nobody else wants it."""
    group = Path(f"/proc/{process.pid}/autogroup")  # sched(7): a session may be one
    if group.exists():
        group.write_text("19")
    for thread in process.threads():
        os.sched_setaffinity(thread.id, core)
        os.setpriority(os.PRIO_PROCESS, thread.id, 19)


def test_the_threads_of_all_processes_are_counted(start: Start) -> None:
    assert examine([start(THREADS), start(THREADS)]).threads == 16


def test_descriptors_and_memory_are_counted(start: Start) -> None:
    small = examine([start("print('x', flush=True); input()")])
    more = "kept = [open('/dev/null') for _ in range(9)], bytes(8 << 20)\n"
    big = examine([start(f"{more}print('x', flush=True); input()")])
    assert big.descriptors - small.descriptors == 9
    assert big.resident_bytes > 0


def test_the_cpu_of_a_child_that_has_ended_is_counted(start: Start) -> None:
    burn = "import time\nwhile time.process_time() < 0.3: pass"
    source = f"import subprocess, sys; subprocess.call([sys.executable, '-c', {burn!r}])"
    process = start(f"{source}; print('x', flush=True); input()")
    assert examine([process]).cpu_s >= 0.3


def test_a_process_that_has_ended_counts_for_nothing(start: Start) -> None:
    process = start("print('x', flush=True); input()")
    process.kill()
    process.wait(PATIENCE_S)
    assert examine([process]) == Health()


def test_one_thread_for_all_clients_is_not_a_thread_for_each(room: Open) -> None:
    stage = room(observation_s=0.5)
    baseline = health(stage)
    stage.join("ana", "bia")
    with pytest.raises(Contradicted, match="2 clients brought 0 threads"):
        threads_for_each(stage, 2, baseline)


def test_what_is_back_at_its_baseline_is_an_obligation(room: Open) -> None:
    stage = room()
    stage.join("ana", "bia")
    baseline = health(stage)
    stage.leave(stage.join("caio")[0], "fin")
    back_to(stage, baseline, descriptors=True)
    assert stage.ledger.obligations == {"RF-001.1": 1}


def test_a_descriptor_that_is_not_given_back_is_told(room: Open) -> None:
    stage = room(observation_s=0.5)
    baseline = health(stage)
    stage.join("ana")
    with pytest.raises(Contradicted, match="after all of them have left"):
        back_to(stage, baseline, descriptors=True)
    back_to(stage, baseline)


def test_what_the_harness_looked_at_too_late_is_not_judged(room: Open) -> None:
    stage = room(observation_s=0.5)
    baseline = health(stage)
    stage.join("ana")
    stage.reactor.lags = []
    stage.reactor.each_turn(lambda: cast("None", Event().wait(0.1)))  # the lag itself
    with pytest.raises(Spoilt, match=r"but the harness itself was 0\.\d s late"):
        back_to(stage, baseline, descriptors=True)


def test_growth_is_judged_for_as_many_as_came(room: Open) -> None:
    stage = room()
    now = health(stage)
    before = Health(resident_bytes=now.resident_bytes - 600_000)
    grows_little(stage, before, 1_000)
    with pytest.raises(Contradicted, match="the limit for so many is 500000"):
        grows_little(stage, before, 500)


def test_a_server_that_sleeps_is_quiet(room: Open) -> None:
    stage = room()
    stays_quiet(stage, "nothing")
    assert stage.ledger.obligations == {"RF-001.1": 1}


def test_a_server_that_spins_is_not_quiet(room: Open) -> None:
    stage = room("spins")
    stage.pump(lambda: stage.running.process.output_bytes > 0, PATIENCE_S)
    with pytest.raises(Contradicted, match="in which nothing happened, after a test"):
        stays_quiet(stage, "a test")


def test_a_server_that_a_busy_machine_keeps_from_spinning_is_not_called_quiet(
    room: Open, start: Start
) -> None:
    stage = room("spins", observation_s=0.1)
    stage.pump(lambda: stage.running.process.output_bytes > 0, PATIENCE_S)
    core = {min(os.sched_getaffinity(0))}
    os.sched_setaffinity(start("print('x', flush=True)\nwhile True: pass").pid, core)
    for process in stage.running.process.tree():
        last_of_its_core(process, core)
    with pytest.raises(Spoilt, match="a busy machine gave it no more"):
        stays_quiet(stage, "a test")


def test_nobody_waits_longer_than_the_deadline(room: Open) -> None:
    stage = room(observation_s=0.2)
    deadline = Deadline.after(PATIENCE_S)
    with pytest.raises(Contradicted):
        threads_for_each(stage, 1, health(stage))
    assert not deadline.passed

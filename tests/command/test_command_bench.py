"""The command `chat-verify bench`: it shows every measure, and however it ends nothing is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from typer.testing import Result

from harness.load.figures import Measure

COMMAND = [sys.executable, "-P", "-m", "harness", "bench"]
QUICK = ("--runs", "1", "--seconds", "0.1")
WRONG_USE, INTERRUPTED = 2, 130
GONE_WITHIN_S = 30.0
Verify = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.toml"], "there is no such file"),
        (["ngircd", "ngircd"], "two of the targets are called 'ngircd'"),
        (["--runs", "0"], "runs"),
        (["--seconds", "0"], "seconds"),
        (["a_client.toml"], "a bench measures servers"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_wrong_use_is_explained(
    arguments: list[str], words: str, tmp_path: Path, call: Callable[..., Result]
) -> None:
    client = '[target]\nrole = "client"\n[launch]\ncommand = "python3 x.py"\n'
    (tmp_path / "a_client.toml").write_text(client, encoding="utf-8")
    done = call("bench", *arguments)
    assert done.exit_code == WRONG_USE
    assert isinstance(done.exception, SystemExit)
    assert words in done.output


def test_a_server_that_is_not_installed_is_left_out_with_the_line_to_type(
    tmp_path: Path, chat_verify: Verify
) -> None:
    launch = '[launch]\ncommand = "nenhumd"\npackage = "nenhum"\n'
    (tmp_path / "nenhum.toml").write_text(launch, encoding="utf-8")
    done = chat_verify("bench", "nenhum.toml", *QUICK)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "nenhum is left out: nenhumd is not installed; type: apt-get install" in done.stdout
    assert f"{Measure.ONE}: bare send loop: " in done.stdout


@pytest.mark.deep
def test_every_measure_of_every_target_is_shown(chat_verify: Verify) -> None:
    done = chat_verify("bench", "reference-server", "naive-server", *QUICK)
    assert done.returncode == 0, done.stdout + done.stderr
    for measure in Measure:
        assert f"{measure}: reference-server: " in done.stdout
        assert f"{measure}: naive-server: " in done.stdout
    assert "x reference-server" in done.stdout


@pytest.mark.parametrize(
    "sig",
    [
        pytest.param(signal.SIGINT, marks=pytest.mark.deep),
        pytest.param(signal.SIGTERM, marks=pytest.mark.deep),
        signal.SIGKILL,
    ],
)
def test_however_a_bench_ends_nothing_is_left(sig: signal.Signals, tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    with subprocess.Popen(
        [*COMMAND, "reference-server"],
        cwd=tmp_path,
        env={**os.environ, "TMPDIR": str(tmp_path / "tmp")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    ) as bench:
        assert bench.stdout is not None
        assert "bare send loop" in bench.stdout.readline()
        bench.send_signal(sig)
        output, _ = bench.communicate(timeout=60)
    if sig != signal.SIGKILL:
        assert bench.returncode == INTERRUPTED
        assert "Interrupted: these are the figures until then." in output
    end = time.monotonic() + GONE_WITHIN_S
    while (left := related(tmp_path)) and time.monotonic() < end:
        psutil.wait_procs(left, timeout=0.1)
    assert not left
    assert not list((tmp_path / "tmp").iterdir())


def related(folder: Path) -> list[psutil.Process]:
    """Return the processes that a bench in this folder started."""

    def is_of_the_bench(process: psutil.Process) -> bool:
        try:
            return any(str(folder / "tmp") in value for value in process.environ().values())
        except psutil.Error:
            return False

    return [process for process in psutil.process_iter() if is_of_the_bench(process)]

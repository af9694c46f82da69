"""The command `chat-verify`, run as a user runs it: another process, in another folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from harness.__main__ import app
from harness.guarded import MEASURING
from harness.targets import sandbox

sys.path.insert(0, str(Path(__file__).parent))  # for command_report, which is ours alone
COMMAND = [sys.executable, "-P", "-m", "harness"]
POWERLESS = ["setpriv", "--bounding-set=-all,+setfcap", "--inh-caps=-all,+setfcap"]
"""Keeps only what root needs to be root in a namespace of its own; see capabilities(7)."""
Verify = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def measured_verify(tmp_path: Path) -> Verify:
    """Run chat-verify with these arguments, in an empty folder, to its end; with coverage."""
    return lambda *arguments, **environment: run(
        tmp_path, [*COMMAND, *arguments], {**os.environ, **environment}
    )


@pytest.fixture
def chat_verify(tmp_path: Path) -> Verify:
    """Run chat-verify; without coverage, which doubles what it costs."""
    return lambda *arguments, **environment: run(
        tmp_path, [*COMMAND, *arguments], unmeasured() | environment
    )


@pytest.fixture
def powerless_verify(tmp_path: Path) -> Verify:
    """Run chat-verify without rights over the machine, in a sandbox that it makes without them."""
    if os.geteuid() != 0:
        pytest.skip("there is nothing to give up: this user runs all tests without rights")
    if shutil.which(POWERLESS[0]) is None:
        pytest.skip("setpriv is not installed; type: apt-get install util-linux")
    if reason := sandbox.why_not():
        pytest.skip(reason)
    return lambda *arguments: run(tmp_path, [*POWERLESS, *COMMAND, *arguments], unmeasured())


def unmeasured() -> dict[str, str]:
    """Return this environment without what has coverage measured in it."""
    return {key: value for key, value in os.environ.items() if key not in MEASURING}


def run(
    folder: Path, command: Sequence[str], environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run chat-verify as a user does."""
    return subprocess.run(
        command,
        cwd=folder,
        env={"COLUMNS": "100", **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=240,
        check=False,
    )


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Call the command in this process, in an empty folder: for what ends at once."""
    monkeypatch.chdir(tmp_path)

    def invoke(*arguments: str) -> Result:
        return CliRunner(env={"COLUMNS": "100"}).invoke(app, arguments, prog_name="chat-verify")

    return invoke


@pytest.fixture
def target(tmp_path: Path) -> Callable[[str, str], str]:
    """Write a target file whose server is this Python program; return the file's path.

    Unless ``launch`` says how long it may take to listen, it may take as long as it likes.
    """

    def write(program: str, launch: str = "ready_s = 300.0") -> str:
        folder = tmp_path / "target"
        folder.mkdir(exist_ok=True)
        (folder / "servidor.py").write_text(program, encoding="utf-8")
        file = folder / "alvo.toml"
        file.write_text(
            f"""
[launch]
command = "python3 servidor.py {{port}}"
{launch}
[send]
private = "@{{to}} {{text}}"
quit = "/sair"
[receive]
joined = "{{name}} entrou"
left = "{{name}} saiu"
message = "{{from}}: {{text}}"
private = "{{from}} (privado): {{text}}"
unknown_recipient = "Ninguém com esse nome."
""",
            encoding="utf-8",
        )
        return str(file)

    return write

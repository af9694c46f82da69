"""The command `chat-verify`, run as a user runs it: another process, in another folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

COMMAND = [sys.executable, "-P", "-m", "harness"]
Verify = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def chat_verify(tmp_path: Path) -> Verify:
    """Run chat-verify with these arguments, in an empty folder, to its end."""

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *arguments],
            cwd=tmp_path,
            env={**os.environ, "COLUMNS": "100", **environment},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=240,
            check=False,
        )

    return run


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


def read_report(folder: Path) -> dict[str, Any]:
    """Return what report.json says."""
    document: dict[str, Any] = json.loads((folder / "report" / "report.json").read_text("utf-8"))
    return document

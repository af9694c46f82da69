"""A client as the target: a real window on a screen of its own, and a server that we are."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command_report import read_report

from harness.gui.xserver import why_not

Verify = Callable[..., subprocess.CompletedProcess[str]]
MUTE = """
import tkinter
root = tkinter.Tk()
tkinter.Entry(root).pack()
root.mainloop()
"""
QUICK = (
    *("RF-004", "RF-008.6", "RF-009.2", "RF-011.1", "RF-012.1", "RF-013.2", "RF-015.1", "RF-015.3"),
    *("RF-016.1", "RF-021", "RF-023.5", "RF-024.1", "RF-025"),
)
"""What does not wait for long; all is verified by `tox run -e verify`."""
TIMING = "timing/messages-arrive-in-real-time@direct"
needs_a_screen = pytest.mark.skipif(why_not() is not None, reason=str(why_not()))


def requirements(folder: Path) -> dict[str, Any]:
    """Return what the report says of each requirement."""
    found: dict[str, Any] = read_report(folder)["requirements"]
    return found


@needs_a_screen
def test_both_sides_and_both_passes_are_verified_and_in_one_report(
    measured_verify: Verify, tmp_path: Path
) -> None:
    done = measured_verify("run", "--only", ",".join(QUICK))
    assert done.returncode == 0, done.stdout
    report = read_report(tmp_path)
    assert report["requirements"]["RF-015"]["sides"] == {"server": "verified", "client": "verified"}
    assert report["requirements"]["RF-021"]["sides"]["client"] == "verified"
    themes = {key.partition("/")[0] for key in report["scenarios"]}
    assert {"private", "speaking", "timing", "typing", "responding", "together"} <= themes
    assert set(report["scenarios"][TIMING]["figures"]["latency_ms"]) == {"p50", "p99"}
    assert "another thread" not in done.stdout


@pytest.mark.deep
@needs_a_screen
def test_a_window_that_never_connects_is_told_so(chat_verify: Verify, tmp_path: Path) -> None:
    (tmp_path / "janela.py").write_text(MUTE, encoding="utf-8")
    file = tmp_path / "alvo.toml"
    file.write_text(
        '[target]\nrole = "client"\n[launch]\ncommand = "python3 janela.py"\n'
        '[receive]\nmessage = "{from}: {text}"\n',
        encoding="utf-8",
    )
    done = chat_verify("run", str(file), "--only", "RF-020.1")
    assert done.returncode == 1
    assert "the client did not connect to anywhere" in requirements(tmp_path)["RF-020"]["reason"]


def test_without_a_screen_nothing_is_run_and_the_reason_is_told(
    chat_verify: Verify, tmp_path: Path
) -> None:
    done = chat_verify("run", "reference-client", "--only", "RF-020", PATH="/nowhere")
    assert done.returncode == 3
    assert "Xvfb is not installed; type: apt-get install xvfb" in done.stdout


def test_what_one_side_lacks_does_not_keep_the_other_from_being_verified(
    chat_verify: Verify, tmp_path: Path
) -> None:
    done = chat_verify("run", "--only", "RF-015.1,RF-015.3", PATH="/nowhere")
    assert done.returncode == 3
    assert "nothing of the client side could be tried: Xvfb is not installed" in done.stdout
    sides = requirements(tmp_path)["RF-015"]["sides"]
    assert sides == {"server": "verified", "client": "not run"}

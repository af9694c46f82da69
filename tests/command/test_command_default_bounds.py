"""The reference keeps the limits of the specification with its own bounds, not only shortened."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from command_report import read_report

from harness.system import SHIPPED

SHORTENED = '    "--outbox-deadline", "2", "--vanished-deadline", "2", "--log-buffer", "20",\n'


@pytest.mark.deep
def test_who_cannot_be_sent_to_is_removed_in_time_with_the_default_bounds(
    chat_verify: Callable[..., object], tmp_path: Path
) -> None:
    text = (SHIPPED / "reference-server.toml").read_text("utf-8")
    assert text.count(SHORTENED) == 1
    (tmp_path / "alvo.toml").write_text(text.replace(SHORTENED, ""), encoding="utf-8")
    done = chat_verify("run", "alvo.toml", "--only", "RF-022")
    assert getattr(done, "returncode", None) == 0, getattr(done, "stdout", "")
    report = read_report(tmp_path)
    assert report["requirements"]["RF-022"]["verdict"] == "verified"

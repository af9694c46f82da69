"""The smaller commands, and what a run tells on its way."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

from command_report import read_report
from typer.testing import Result

from spec import requirements

Verify = Callable[..., subprocess.CompletedProcess[str]]
Call = Callable[..., Result]


def test_list_shows_every_observation_with_its_scenarios(call: Call) -> None:
    done = call("list")
    for requirement in requirements.load():
        assert requirement.id in done.stdout
        for observation in requirement.observations:
            assert f"{observation.id} ({observation.side})" in done.stdout
    assert "private/private-message-reaches-only-the-named-client" in done.stdout


def test_matrix_writes_a_file_that_its_check_accepts(call: Call, tmp_path: Path) -> None:
    assert call("matrix").exit_code == 0
    assert call("matrix", "--check").exit_code == 0
    matrix = tmp_path / "requirements_matrix.md"
    matrix.write_text(matrix.read_text("utf-8") + "x", encoding="utf-8")
    done = call("matrix", "--check")
    assert done.exit_code == 4
    assert "is not current" in done.stderr


def test_doctor_tells_what_the_machine_has(call: Call) -> None:
    done = call("doctor")
    assert done.exit_code == 0
    assert "ngircd" in done.stdout


def test_a_seed_is_honoured_and_printed(chat_verify: Verify, tmp_path: Path) -> None:
    texts = []
    for number in ("1", "2"):
        arguments = ("run", "--only", "RF-011.1", "--seed", "42", "--report", number)
        assert "seed 42" in chat_verify(*arguments).stdout
        history = next((tmp_path / number / "histories").glob("*.jsonl"))
        lines = [json.loads(line) for line in history.read_text("utf-8").splitlines()]
        texts.append([line["what"] for line in lines if line["mark"] == ">"])
    assert texts[0] == texts[1] != []


def test_reports_can_be_drawn_again_from_the_results(
    chat_verify: Verify, call: Call, tmp_path: Path
) -> None:
    assert chat_verify("run", "--only", "RF-011.1").returncode == 0
    page = tmp_path / "report" / "index.html"
    drawn = page.read_text("utf-8")
    page.unlink()
    assert call("report", "report").exit_code == 0
    assert page.read_text("utf-8") == drawn


def test_a_run_without_the_program_of_a_package_is_not_run_and_says_why(
    chat_verify: Verify, tmp_path: Path
) -> None:
    file = tmp_path / "alvo.toml"
    launch = '[launch]\ncommand = "no-such-ircd"\npackage = "some-ircd"\n'
    file.write_text(f'[target]\ndialect = "irc"\n{launch}', encoding="utf-8")
    done = chat_verify("run", str(file), "--only", "RF-011.1")
    assert done.returncode == 3
    assert "apt-get install some-ircd" in done.stdout


def test_fail_fast_stops_at_the_first_failure(chat_verify: Verify, tmp_path: Path) -> None:
    arguments = ("run", "naive-server", "--only", "RF-008.5", "--jobs", "1", "--fail-fast")
    assert chat_verify(*arguments).returncode == 1
    report = read_report(tmp_path)
    verdicts = [scenario["verdict"] for scenario in report["scenarios"].values()]
    assert sorted(verdicts) == ["failed", "not run", "not run"]

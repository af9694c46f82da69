"""The terminal: alive where it can be, plain elsewhere, and never taken over by foreign text."""

from __future__ import annotations

import io
import re
from pathlib import Path

import msgspec
import pytest
from report_samples import REQUIREMENTS, all_good, bad, good, hostile, inputs, mixed, over

from harness.reports.build import build
from harness.reports.console import Console
from harness.reports.model import STILL_RUNNING, Finding, Report, exit_code
from harness.verdict import Verdict

FOLDER = Path("report")


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def shown(report: Report, stream: io.StringIO) -> str:
    """Return what a whole run shows that is known at once."""
    console = Console(REQUIREMENTS, stream)
    console.start(build(inputs(interrupted=STILL_RUNNING)))
    console.update(report)
    console.finish(report, FOLDER, exit_code(report))
    return stream.getvalue()


def plain(report: Report) -> str:
    return shown(report, io.StringIO())


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal of 100 columns with colours."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("LINES", "40")
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    return Terminal()


def test_elsewhere_a_requirement_has_one_line_when_its_last_scenario_is_over() -> None:
    stream = io.StringIO()
    console = Console(REQUIREMENTS, stream)
    first = over("a/b@direct", {"RF-001.1": good()})
    second = over("a/c@direct", {"RF-001.2": good()})
    console.update(build(inputs(first, second, over={"a/b@direct": first})))
    assert stream.getvalue() == ""
    for _ in range(2):
        console.update(build(inputs(first, second)))
    assert stream.getvalue() == "RF-001 ✓ verified  título RF-001 (2 obligations, 2 scenarios)\n"


def test_elsewhere_a_requirement_has_another_line_when_its_verdict_changes() -> None:
    stream = io.StringIO()
    console = Console(REQUIREMENTS, stream)
    late = over("a/b@direct", {"RF-001.1": bad("we were late", Verdict.INCONCLUSIVE)})
    console.update(build(inputs(late)))
    told = stream.getvalue()
    assert told.startswith("RF-001 ~ inconclusive")
    console.update(build(inputs(over("a/b@direct", {"RF-001.1": bad()}))))
    assert stream.getvalue().removeprefix(told).startswith("RF-001 ✗ failed")


def test_elsewhere_there_is_no_terminal_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    assert "\x1b" not in plain(mixed())


def test_elsewhere_a_line_is_left_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    reason = "this reason is a good deal longer than forty columns, and stays on its line"
    report = build(inputs(over("a/b@direct", {"RF-001.1": bad(reason)})))
    assert f"    seen: {reason}\n" in plain(report)


def test_the_end_tells_what_was_seen_against_what_and_where() -> None:
    lines = plain(mixed()).splitlines()
    at = lines.index("✗ RF-001.2 failed  vê RF-001.2")
    assert lines[at + 1 : at + 3] == [
        "    seen: it came twice",
        "    history: histories/a.twice[rst]@direct.jsonl",
    ]
    assert lines[-3:] == [
        "Server side of 2 requirements: of 3 observations 1 failed, 1 not implemented, 1 verified.",
        "Report: report/index.html",
        "Exit code 1: something failed or is not implemented.",
    ]


def test_what_was_not_measured_is_grouped_by_reason() -> None:
    text = plain(all_good(proofs={}))
    assert (
        "~ RF-001.1, RF-001.2, RF-002.1 inconclusive\n"
        "    no one-bug system is known that this check catches\n"
    ) in text


def test_findings_are_told() -> None:
    assert "! finding: flood in RF-001.1: 900 lines came\n" in plain(mixed())


def test_findings_of_one_kind_are_told_in_one_line() -> None:
    report = mixed()
    again = [Finding("flood", name, "again", 3) for name in ("RF-001.1", "RF-002.1")]
    report = msgspec.structs.replace(report, findings=[*report.findings, *again])
    told = "! finding: flood in RF-001.1, RF-002.1: 900 lines came (and 8 more)\n"
    assert told in plain(report)


def test_a_mapping_to_nothing_is_told() -> None:
    report = all_good(mapped={"RF-001.1", "RF-001.2", "RF-002.1", "RF-099.9"})
    assert "! RF-099.9: a scenario covers it" in plain(report)


def test_a_run_that_ended_early_says_so() -> None:
    assert "Not everything ran: the run ended early: Ctrl-C." in plain(
        all_good(interrupted="Ctrl-C")
    )


def test_a_long_reason_is_shortened() -> None:
    report = build(inputs(over("a/b@direct", {"RF-001.1": bad("x" * 5000)})))
    assert max(map(len, plain(report).splitlines())) < 400


def test_on_a_terminal_a_table_grows_in_place(terminal: Terminal) -> None:
    text = shown(mixed(), terminal)
    assert "waiting" in text
    assert "0/0" in text
    assert "2/2" in text
    assert "\x1b[?25h" in text  # the cursor is given back


def test_a_requirement_with_some_scenarios_over_is_running(terminal: Terminal) -> None:
    done = over("a/b@direct", {"RF-001.1": good()})
    collected = {"a/b@direct": ["RF-001.1"], "a/c@direct": ["RF-001.2"]}
    console = Console(REQUIREMENTS, terminal)
    console.start(build(inputs(done, collected=collected, interrupted=STILL_RUNNING)))
    console.close()
    console.close()
    assert "running" in terminal.getvalue()
    assert "1/2" in terminal.getvalue()


def test_without_colour_the_words_remain(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    text = shown(mixed(), terminal)
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]", text)
    assert "✗ failed" in text


@pytest.mark.parametrize("columns", [1, 20, 40, 69, 70, 300])
def test_any_width_will_do(
    columns: int, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    text = shown(mixed(), terminal)
    if columns >= 40:
        assert "RF-001" in text
        assert "✗ failed" in text


def test_a_narrow_terminal_shows_verdicts_before_numbers(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    text = shown(mixed(), terminal)
    assert "○ not implemented" in text
    assert "2/2" not in text


def test_foreign_text_reaches_no_stream_as_a_control_character(terminal: Terminal) -> None:
    assert not [c for c in plain(hostile()) if not c.isprintable() and c != "\n"]
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown(hostile(), terminal))
    assert not [c for c in text if not c.isprintable() and c not in "\n\r"]


def test_foreign_text_is_no_markup_and_no_terminal_code(terminal: Terminal) -> None:
    assert "[red]x[/red]" in plain(hostile())
    assert "\x1b[2J" not in shown(hostile(), terminal)


def test_a_stream_without_our_signs_does_not_end_the_run() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii", write_through=True)
    report = build(inputs(over("a/b@direct", {"RF-001.1": bad("x", Verdict.FAILED)})))
    Console(REQUIREMENTS, stream).finish(report, FOLDER, 1)
    assert b"? RF-001.1 failed" in raw.getvalue()

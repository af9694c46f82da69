"""All reports are drawn from one model: the numbers are the same everywhere."""

from __future__ import annotations

import io
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from report_samples import REQUIREMENTS, SERVER_ONES, all_good, hostile, inputs, mixed

from harness.reports.build import build
from harness.reports.console import Console
from harness.reports.model import Report, counts, exit_code, obligations
from harness.reports.text import harmless
from harness.reports.words import sentence
from harness.reports.write import write_all
from harness.verdict import Scope, Verdict


def nothing_ran() -> Report:
    return build(inputs(mapped=set(SERVER_ONES[:1])))


@pytest.fixture(params=[all_good, mixed, hostile, nothing_ran])
def report(request: pytest.FixtureRequest) -> Report:
    made = request.param()
    assert isinstance(made, Report)
    return made


@pytest.fixture
def folder(report: Report, tmp_path: Path) -> Path:
    write_all(report, REQUIREMENTS, tmp_path)
    return tmp_path


def test_json_has_the_verdicts_of_the_model(report: Report, folder: Path) -> None:
    data = json.loads((folder / "report.json").read_text("utf-8"))
    verdicts = [
        o["verdict"] for r in data["requirements"].values() for o in r["observations"].values()
    ]
    for verdict in Verdict:
        if verdict is not Verdict.OUT_OF_SCOPE:
            assert verdicts.count(verdict) == counts(report)[verdict]
    assert sum(r["obligations"] for r in data["requirements"].values()) == obligations(report)


def test_junit_has_the_verdicts_of_the_model(report: Report, folder: Path) -> None:
    suite = ElementTree.parse(folder / "junit.xml").find("testsuite[@name='observations']")
    assert suite is not None
    numbers = counts(report)
    contradicted = numbers[Verdict.FAILED] + numbers[Verdict.NOT_IMPLEMENTED]
    assert suite.attrib["tests"] == str(numbers.total())
    assert suite.attrib["failures"] == str(contradicted)
    assert suite.attrib["errors"] == str(numbers[Verdict.INCONCLUSIVE])
    assert suite.attrib["skipped"] == str(numbers[Verdict.NOT_RUN])


def test_markdown_and_the_page_count_alike(report: Report, folder: Path) -> None:
    markdown = (folder / "report.md").read_text("utf-8")
    page = (folder / "index.html").read_text("utf-8")
    assert f"{obligations(report):,} obligation" in markdown
    assert f"<dd>{obligations(report):,}</dd>" in page
    for verdict, number in counts(report).items():
        assert f"<b>{number}</b> {verdict}" in page
        if verdict is not Verdict.VERIFIED:
            assert markdown.count("\n### ") >= number


def test_all_say_the_verdict_in_the_same_words(report: Report, folder: Path) -> None:
    words = harmless(sentence(report)).partition(":")[0]
    stream = io.StringIO()
    Console(REQUIREMENTS, stream).finish(report, folder, exit_code(report))
    assert words in stream.getvalue()
    for name in ("report.md", "index.html"):
        assert words in (folder / name).read_text("utf-8")


def test_what_a_run_was_cut_to_is_told(tmp_path: Path) -> None:
    scope = Scope(frozenset({"server"}), frozenset({"RF-002"}))
    write_all(build(inputs(scope=scope)), REQUIREMENTS, tmp_path)
    for name in ("report.md", "index.html"):
        assert "Only: RF-002" in (tmp_path / name).read_text("utf-8")

"""The Markdown summary: complete, and deaf to markup that is not ours."""

from __future__ import annotations

import re

import pytest
from report_samples import REQUIREMENTS, all_good, bad, good, hostile, inputs, mixed, over

from harness.reports.build import build
from harness.reports.markdown import draw, escaped
from harness.reports.words import WORDS
from harness.verdict import Verdict


def test_it_begins_with_the_target_and_the_verdict_in_words() -> None:
    lines = draw(mixed(), REQUIREMENTS).splitlines()
    assert lines[0] == "# Conformance of toy (server)"
    assert lines[2].startswith("**Server side of 2 requirements: of 3 observations 1 failed")


def test_every_requirement_has_a_row_with_the_verdict_of_each_side() -> None:
    text = draw(mixed(), REQUIREMENTS)
    dash = WORDS[Verdict.OUT_OF_SCOPE].sign
    row = f"| RF-001 title RF-001 | ✗ failed | {dash} out of scope | 5 | RF-001.2: it came twice |"
    assert row in text.splitlines()
    assert text.count("\n| RF-00") == len(REQUIREMENTS) + 3  # and a row for each proof


def test_what_is_not_verified_is_told_in_detail() -> None:
    text = draw(mixed(), REQUIREMENTS)
    assert "### RF-001.2 ✗ failed" in text
    assert "- ✗ failed: a/twice\\[rst\\]\\@direct: it came twice" in text
    assert "### RF-001.1" not in text


def test_a_scenario_that_is_verified_is_not_among_the_details() -> None:
    two = over("a/good@x", {"RF-001.1": good()}), over("a/bad@x", {"RF-001.1": bad()})
    text = draw(build(inputs(*two)), REQUIREMENTS)
    assert "a/bad" in text
    assert "a/good" not in text


def test_without_proofs_there_is_no_table_of_them() -> None:
    assert "## Proofs" not in draw(all_good(proofs={}), REQUIREMENTS)


def test_a_verified_run_has_no_details() -> None:
    assert "What is not verified" not in draw(all_good(), REQUIREMENTS)


def test_findings_and_proofs_are_listed() -> None:
    text = draw(mixed(), REQUIREMENTS)
    assert "- **flood** in RF-001.1: 900 lines came" in text
    assert "| RF-001.1 | mute | tells nobody |" in text


def test_a_run_that_ended_early_says_so_at_the_top() -> None:
    lines = draw(all_good(interrupted="Ctrl-C"), REQUIREMENTS).splitlines()
    assert lines[4] == "> **Not everything ran:** the run ended early: Ctrl-C."


def test_every_line_of_a_table_has_its_cells_whatever_came_over_the_network() -> None:
    for line in draw(hostile(), REQUIREMENTS).splitlines():
        if line.startswith("|"):
            cells = len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) - 1
            assert cells in (3, 5)


def test_foreign_text_starts_no_line_of_its_own() -> None:
    assert not [x for x in draw(hostile(), REQUIREMENTS).splitlines() if x.startswith("# fine")]


@pytest.mark.parametrize("special", list("\\`*_{}[]<>#|~&$@"))
def test_a_character_with_a_meaning_is_escaped(special: str) -> None:
    assert escaped(f"a{special}b") == f"a\\{special}b"


@pytest.mark.parametrize("bare", ["http://x", "https://x", "www.x", "WWW.x"])
def test_a_bare_link_does_not_become_one(bare: str) -> None:
    assert "http://" not in escaped(bare)
    assert "https://" not in escaped(bare)
    assert not escaped(bare).lower().startswith("www.")

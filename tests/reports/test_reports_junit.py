"""The JUnit file: consistent, well-formed, and nothing green that is not verified."""

from __future__ import annotations

from xml.etree import ElementTree

from report_samples import HOSTILE, REQUIREMENTS, all_good, bad, good, hostile, inputs, mixed, over

from harness.reports.build import build
from harness.reports.junit import draw
from harness.reports.model import Report, observations_in_scope
from harness.reports.text import harmless
from harness.verdict import Verdict

BAD = ("failure", "error", "skipped")


def tree(report: Report) -> ElementTree.Element:
    return ElementTree.fromstring(draw(report, REQUIREMENTS))


def outcomes(report: Report, suite: str) -> dict[str, str | None]:
    """Return for each testcase of a suite what keeps it from being green."""
    cases = tree(report).findall(f"testsuite[@name='{suite}']/testcase")
    return {c.attrib["name"]: next((e.tag for e in c if e.tag in BAD), None) for c in cases}


def test_each_theme_is_a_suite_and_each_scenario_a_case() -> None:
    assert outcomes(mixed(), "a") == {"fine@direct": None, "twice[rst]@direct": "failure"}
    assert outcomes(mixed(), "b") == {"lacks@direct": "failure"}


def test_every_observation_in_scope_is_a_case() -> None:
    assert outcomes(mixed(), "observations") == {
        "RF-001.1": None,
        "RF-001.2": "failure",
        "RF-002.1": "failure",
    }


def test_an_observation_that_nothing_covers_is_skipped() -> None:
    report = build(inputs(mapped=set()))
    assert set(outcomes(report, "observations").values()) == {"skipped"}


def test_an_observation_without_a_proof_is_an_error_though_its_scenario_is_green() -> None:
    report = all_good(proofs={})
    assert set(outcomes(report, "theme").values()) == {None}
    assert set(outcomes(report, "observations").values()) == {"error"}


def test_only_verified_observations_look_green() -> None:
    every = [
        over(f"a/{n}@direct", {"RF-001.1": bad("x", verdict)})
        for n, verdict in enumerate(Verdict)
        if verdict is not Verdict.VERIFIED
    ]
    for one in (*every, over("a/good@direct", {"RF-001.1": good()})):
        report = build(inputs(one))
        verified = observations_in_scope(report)["RF-001.1"].verdict is Verdict.VERIFIED
        assert (outcomes(report, "observations")["RF-001.1"] is None) is verified


def test_a_failure_tells_what_was_seen() -> None:
    failure = tree(mixed()).find(".//testcase[@name='twice[rst]@direct']/failure")
    assert failure is not None
    assert failure.attrib == {"message": "failed: it came twice", "type": "failed"}
    assert failure.text == "failed: it came twice"


def test_the_numbers_of_each_suite_are_those_of_its_cases() -> None:
    root = tree(mixed())
    for suite in (*root, root):
        cases = list(suite.iter("testcase"))
        assert suite.attrib["tests"] == str(len(cases))
        for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped",) * 2):
            assert suite.attrib[attribute] == str(len(list(suite.iter(tag))))


def test_text_that_xml_forbids_is_shown_escaped() -> None:
    root = tree(hostile())
    assert harmless(HOSTILE) in root.attrib["name"]
    assert not root.findall(".//script")

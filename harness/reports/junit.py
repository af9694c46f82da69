"""``junit.xml``: for whatever reads test results; only *verified* may look green there.

A suite for each theme has its scenarios; one more, ``observations``, has every observation in
scope, because one may be unverified without a scenario that failed: nothing covers it, or no
proof is known. *Failed* and *not implemented* are failures, *inconclusive* is an error and
*not run* is skipped.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree import ElementTree

from harness.reports.model import Report, observations_in_scope
from harness.reports.text import harmless
from harness.verdict import Verdict
from spec.requirements import Requirement

OBSERVATIONS = "observations"
OUTCOMES = {
    Verdict.VERIFIED: None,
    Verdict.FAILED: "failure",
    Verdict.NOT_IMPLEMENTED: "failure",
    Verdict.INCONCLUSIVE: "error",
    Verdict.NOT_RUN: "skipped",
    Verdict.OUT_OF_SCOPE: "skipped",
}
COUNTED = {"failures": "failure", "errors": "error", "skipped": "skipped"}


@dataclass(frozen=True, slots=True)
class _Case:
    """One testcase: a scenario, or an observation."""

    suite: str
    name: str
    verdict: Verdict
    reason: str | None
    duration_s: float
    shown: str

    def element(self) -> ElementTree.Element:
        case = ElementTree.Element(
            "testcase",
            {
                "classname": harmless(self.suite),
                "name": harmless(self.name),
                "time": _seconds(self.duration_s),
            },
        )
        outcome = OUTCOMES[self.verdict]
        if outcome is not None:
            message = harmless(f"{self.verdict}: {self.reason}")
            marks = {"message": message, "type": str(self.verdict)}
            # A reader that shows only the text of a result shows the reason as well.
            ElementTree.SubElement(case, outcome, marks).text = message
        ElementTree.SubElement(case, "system-out").text = harmless(self.shown)
        return case


def draw(report: Report, requirements: tuple[Requirement, ...]) -> str:
    """Return the report as JUnit XML."""
    suites: dict[str, list[_Case]] = {}
    for case in (*_scenarios(report), *_observations(report, requirements)):
        suites.setdefault(case.suite, []).append(case)
    name = "conformance of " + ", ".join(target.name for target in report.targets)
    cases = [case for suite in suites.values() for case in suite]
    root = ElementTree.Element("testsuites", {"name": harmless(name), **_numbers(cases)})
    for suite, of_it in suites.items():
        element = ElementTree.SubElement(
            root, "testsuite", {"name": harmless(suite), **_numbers(of_it)}
        )
        element.extend(case.element() for case in of_it)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, "unicode") + "\n"


def _scenarios(report: Report) -> Iterable[_Case]:
    for key, said in report.scenarios.items():
        theme, _, name = key.rpartition("/")
        yield _Case(theme, name, said.verdict, said.reason, said.duration_s, said.sentence)


def _observations(report: Report, requirements: Iterable[Requirement]) -> Iterable[_Case]:
    texts = {o.id: o.text.en for r in requirements for o in r.observations}
    for name, said in observations_in_scope(report).items():
        yield _Case(OBSERVATIONS, name, said.verdict, said.reason, 0.0, texts[name])


def _numbers(cases: list[_Case]) -> dict[str, str]:
    outcomes = [OUTCOMES[case.verdict] for case in cases]
    counted = {name: str(outcomes.count(outcome)) for name, outcome in COUNTED.items()}
    time = _seconds(sum(case.duration_s for case in cases))
    return {"tests": str(len(cases)), **counted, "time": time}


def _seconds(duration_s: float) -> str:
    return f"{duration_s:.3f}"

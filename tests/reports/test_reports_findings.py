"""Findings: each once, in a stable order, and not too many of one kind."""

from __future__ import annotations

from report_samples import good, inputs, over

from harness.reports.build import build
from harness.reports.model import Finding
from harness.results import FindingRecord


def found(*records: FindingRecord) -> list[Finding]:
    """Return what is reported when each record comes from a scenario of its own."""
    overs = [
        over(f"a/{n}@direct", {"RF-001.1": good()}, findings=[record])
        for n, record in enumerate(records)
    ]
    return build(inputs(*overs)).findings


def test_the_same_finding_of_several_scenarios_is_listed_once() -> None:
    flood = FindingRecord("flood", "RF-001.1", "900 lines")
    assert found(flood, flood) == [Finding("flood", "RF-001.1", "900 lines")]


def test_at_most_three_alike_are_listed_and_the_last_counts_the_others() -> None:
    listed = found(*(FindingRecord("flood", "RF-001.1", f"{n} lines") for n in range(7)))
    assert [finding.detail for finding in listed] == ["0 lines", "1 lines", "2 lines"]
    assert [finding.more for finding in listed] == [0, 0, 4]


def test_findings_of_another_kind_or_observation_are_counted_apart() -> None:
    records = [
        FindingRecord(kind, observation, str(n))
        for kind in ("flood", "ghost")
        for observation in ("RF-001.1", "RF-001.2")
        for n in range(3)
    ]
    assert len(found(*records)) == 12


def test_findings_keep_the_order_of_the_scenarios() -> None:
    records = [FindingRecord(kind, "RF-001.1", "x") for kind in ("c", "a", "b")]
    assert [finding.kind for finding in found(*records)] == ["c", "a", "b"]

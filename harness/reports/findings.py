"""The findings of all scenarios, each once, and not so many that nobody reads them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from harness.reports.model import Finding
from harness.reports.scenarios import ordered
from harness.reports.text import harmless
from harness.results import FindingRecord, Over

MOST_ALIKE = 3
"""How many of one kind and observation are listed; they often differ by a random text only."""


def gathered(
    remarks: Sequence[FindingRecord],
    collected: Mapping[str, list[str]],
    over: Mapping[str, Over],
) -> list[Finding]:
    """Return the remarks, then what was found in the order of the scenarios.

    The last of a kind counts the rest.
    """
    every = (f for key in ordered(collected, over) if key in over for f in over[key].findings)
    distinct = dict.fromkeys(
        (harmless(f.kind), harmless(f.observation), harmless(f.detail)) for f in (*remarks, *every)
    )
    total = Counter((kind, observation) for kind, observation, _ in distinct)
    listed: Counter[tuple[str, str]] = Counter()
    findings = []
    for kind, observation, detail in distinct:
        alike = (kind, observation)
        listed[alike] += 1
        if listed[alike] <= MOST_ALIKE:
            more = total[alike] - MOST_ALIKE if listed[alike] == MOST_ALIKE else 0
            findings.append(Finding(kind, observation, detail, more))
    return findings

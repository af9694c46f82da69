"""The last lines on the terminal: the verdict, what was seen against what, where the report is.

What the target did wrong comes one by one, with what was seen; what was merely not measured
comes in groups that share a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from rich.text import Text

from harness.reports.model import (
    CONTRADICTING,
    Finding,
    ObservationReport,
    Report,
    observations_in_scope,
    telling,
)
from harness.reports.rows import STYLES
from harness.reports.text import harmless, shortened
from harness.reports.words import EXIT_MEANINGS, WITHOUT_SANDBOX, WORDS, sentence, unfinished
from harness.verdict import Verdict
from spec.requirements import Requirement

MOST_CHARACTERS = 300
"""Of a reason. The report has all of it."""

UNMEASURED = (Verdict.INCONCLUSIVE, Verdict.NOT_RUN)


def summary(
    report: Report, requirements: Iterable[Requirement], folder: Path, exit_code: int
) -> Iterator[Text]:
    """Return the lines of the summary."""
    texts = {o.id: o.text.pt for r in requirements for o in r.observations}
    in_scope = observations_in_scope(report)
    yield Text()
    yield from _contradicted(report, in_scope, texts)
    yield from _unmeasured(in_scope)
    yield from _findings(report.findings)
    yield from (Text(f"! {harmless(p)}", "bold red") for p in _unknown(report, in_scope))
    if why := unfinished(report):
        yield Text(f"Not everything ran: {harmless(why)}.", "yellow")
    if report.unprotected:
        yield Text(f"{WITHOUT_SANDBOX}: {harmless(report.unprotected)}.", "yellow")
    yield Text(harmless(sentence(report)), _style(report))
    yield Text(f"Report: {harmless(str(folder / 'index.html'))}")
    yield Text(f"Exit code {exit_code}: {EXIT_MEANINGS.get(exit_code, 'wrong use')}.", "dim")


def _contradicted(
    report: Report, in_scope: dict[str, ObservationReport], texts: dict[str, str]
) -> Iterator[Text]:
    for name, said in in_scope.items():
        if said.verdict not in CONTRADICTING:
            continue
        yield Text.assemble(_verdict(name, said.verdict), f"  {texts[name]}")
        yield Text(f"    seen: {_short(said.reason)}")
        key = telling(report, name)
        if key is not None:
            scenario = report.scenarios[key]
            yield Text(f"    history: {harmless(scenario.history or key)}")
            for picture in (file for file in scenario.screens if file.endswith(".png")):
                yield Text(f"    screen: {harmless(picture)}")
        yield Text()


def _unmeasured(in_scope: dict[str, ObservationReport]) -> Iterator[Text]:
    groups: dict[tuple[Verdict, str], list[str]] = {}
    for name, said in in_scope.items():
        if said.verdict in UNMEASURED:
            groups.setdefault((said.verdict, said.reason or ""), []).append(name)
    for (verdict, reason), names in groups.items():
        yield Text.assemble(_verdict(", ".join(names), verdict))
        yield Text(f"    {_short(reason)}")
    if groups:
        yield Text()


def _findings(findings: Iterable[Finding]) -> Iterator[Text]:
    """Yield one line for each kind, with the first of it; the report has them all."""
    kinds: dict[str, list[Finding]] = {}
    for finding in findings:
        kinds.setdefault(finding.kind, []).append(finding)
    for kind, alike in kinds.items():
        where = ", ".join(dict.fromkeys(finding.observation for finding in alike))
        others = sum(1 + finding.more for finding in alike) - 1
        more = f" (and {others} more)" if others else ""
        what = f"! finding: {kind} in {where}: "
        yield Text(f"{harmless(what)}{_short(alike[0].detail)}{more}", "magenta")
    if kinds:
        yield Text()


def _unknown(report: Report, in_scope: dict[str, ObservationReport]) -> list[str]:
    """Return what is wrong with the mapping beyond what stands among the unmeasured already."""
    return [problem for problem in report.mapping if problem.partition(":")[0] not in in_scope]


def _verdict(names: str, verdict: Verdict) -> Text:
    return Text(f"{WORDS[verdict].sign} {names} {verdict}", STYLES[verdict])


def _style(report: Report) -> str:
    return {"verified": "bold green", "failed": "bold red", "incomplete": "bold yellow"}[
        report.verdict
    ]


def _short(reason: str | None) -> str:
    return shortened(harmless(reason or "no reason was given"), MOST_CHARACTERS)

"""``report.md``: the summary that a teacher reads, or pastes where Markdown is read.

Whatever is not ours is escaped: it starts no table cell, no link, no HTML and no new line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from harness.reports.model import (
    Finding,
    ObservationReport,
    Proof,
    Report,
    RequirementReport,
    obligations,
    observations_in_scope,
)
from harness.reports.text import harmless
from harness.reports.words import (
    PROOF_MEANING,
    WITHOUT_SANDBOX,
    WORDS,
    count,
    sentence,
    unfinished,
)
from harness.results import Said
from harness.verdict import Verdict
from spec.requirements import Observation, Requirement, Side

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~&$@]|:(?=//)|(?<=www)\.", re.IGNORECASE)
"""What some dialect of Markdown gives a meaning within a line, and what begins a bare link."""


def draw(report: Report, requirements: tuple[Requirement, ...]) -> str:
    """Return the report as Markdown."""
    parts = (
        _head(report),
        _table(report, requirements),
        _details(report, requirements),
        _findings(report.findings),
        _proofs(report.proofs),
        _words(),
    )
    return "\n".join(line for part in parts for line in part)


def escaped(text: str) -> str:
    r"""Return text that Markdown shows as it is, on one line.

    >>> escaped("<b>|a_b|")
    '\\<b\\>\\|a\\_b\\|'
    """
    return _SPECIAL.sub(r"\\\g<0>", harmless(text))


def _head(report: Report) -> Iterator[str]:
    names = ", ".join(f"{escaped(t.name)} ({escaped(t.role)})" for t in report.targets)
    yield f"# Conformance of {names or 'nothing'}"
    yield ""
    yield f"**{escaped(sentence(report))}**"
    yield ""
    if why := unfinished(report):
        yield f"> **Not everything ran:** {escaped(why)}."
        yield ""
    if report.unprotected:
        yield f"> **{WITHOUT_SANDBOX}:** {escaped(report.unprotected)}."
        yield ""
    yield (
        f"{count(obligations(report), 'obligation')}, "
        f"{count(len(report.scenarios), 'scenario')}, "
        f"seed {report.seed}, {report.duration_s:.1f} s."
        + (f" Only: {escaped(', '.join(report.only))}." if report.only else "")
    )
    yield ""


def _table(report: Report, requirements: Iterable[Requirement]) -> Iterator[str]:
    yield "| requirement | server | client | obligations | reason |"
    yield "|---|---|---|---:|---|"
    for requirement in requirements:
        said = report.requirements[requirement.id]
        cells = [
            f"{requirement.id} {escaped(requirement.title.en)}",
            *(_verdict(said.sides[side]) for side in Side),
            f"{said.obligations:,}",
            _reason(said),
        ]
        yield f"| {' | '.join(cells)} |"
    yield ""


def _details(report: Report, requirements: Iterable[Requirement]) -> Iterator[str]:
    texts = {o.id: o for r in requirements for o in r.observations}
    open_ones = {
        name: said
        for name, said in observations_in_scope(report).items()
        if said.verdict is not Verdict.VERIFIED
    }
    if open_ones:
        yield "## What is not verified"
        yield ""
    for name, said in open_ones.items():
        yield from _detail(texts[name], said, report)


def _detail(observation: Observation, said: ObservationReport, report: Report) -> Iterator[str]:
    yield f"### {observation.id} {_verdict(said.verdict)}"
    yield ""
    yield f"{escaped(observation.text.en)} / *{escaped(observation.text.pt)}*"
    yield ""
    yield f"- reason: {_reason(said)}"
    for key in said.scenarios:
        judged = report.scenarios[key].said[observation.id]
        if judged.verdict is not Verdict.VERIFIED:
            yield f"- {_verdict(judged.verdict)}: {escaped(key)}: {_reason(judged)}"
    yield ""


def _findings(findings: Iterable[Finding]) -> Iterator[str]:
    if not findings:
        return
    yield "## Findings"
    yield ""
    for finding in findings:
        more = f" (and {finding.more} more)" if finding.more else ""
        where = f"**{escaped(finding.kind)}** in {escaped(finding.observation)}"
        yield f"- {where}: {escaped(finding.detail)}{more}"
    yield ""


def _proofs(proofs: dict[str, list[Proof]]) -> Iterator[str]:
    if not proofs:
        return
    yield "## Proofs"
    yield ""
    yield f"A proof is {PROOF_MEANING}."
    yield ""
    yield "| observation | one-bug system | what it does wrong |"
    yield "|---|---|---|"
    for observation, known in proofs.items():
        for proof in known:
            yield f"| {escaped(observation)} | {escaped(proof.bug)} | {escaped(proof.what)} |"
    yield ""


def _words() -> Iterator[str]:
    yield "## Words"
    yield ""
    for verdict, word in WORDS.items():
        yield f"- {_verdict(verdict)}: {word.meaning}."
    yield ""


def _reason(said: RequirementReport | ObservationReport | Said) -> str:
    return escaped(said.reason or "")


def _verdict(verdict: Verdict) -> str:
    return f"{escaped(WORDS[verdict].sign)} {verdict}"

"""``index.html``: one page that works offline and without scripts, on paper and on a phone.

Everything in it is escaped by the template; it loads nothing, and its content policy forbids a
browser to load or run anything even if something slipped through.
"""

from __future__ import annotations

import re
from dataclasses import asdict
from functools import cache
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from harness.reports import model, words
from harness.reports.model import Report
from harness.reports.text import harmless
from harness.verdict import SEVERITY, Verdict
from spec import limits
from spec.requirements import Observation, Requirement, Side

KEPT = re.compile(r"(histories/[^/\\]+\.jsonl|screens/[^/\\]+\.(png|txt))")
"""What is linked beside a scenario: nothing else that a results file may name."""


def draw(report: Report, requirements: tuple[Requirement, ...]) -> str:
    """Return the report as one page."""
    return (
        _environment()
        .get_template("page.html")
        .render(
            report=report,
            requirements=requirements,
            sentence=words.sentence(report),
            unfinished=words.unfinished(report),
            counts=model.counts(report),
            obligations=model.obligations(report),
            in_scope=model.observations_in_scope(report),
            texts={o.id: o.text for r in requirements for o in r.observations},
            limit_of=_limit_of,
        )
    )


def kept_link(file: str | None) -> str | None:
    """Return the relative address of a file that was kept beside the page, if it is one."""
    return quote(file) if file and KEPT.fullmatch(file) else None


def amount(name: str, value: float) -> str:
    """Return a limit with its unit, which its name tells.

    >>> amount("latency_p99_s", 0.25)
    '250 ms'
    """
    if name.endswith("_s"):
        return f"{value * 1000:g} ms" if value < 1 else f"{value:g} s"
    unit = "bytes" if "bytes" in name else "connections"
    return f"{value:,} {unit}" + (" per 1,000" if name.endswith("_per_1000") else "")


def _limit_of(observation: Observation) -> str | None:
    if observation.limit is None:
        return None
    return amount(observation.limit, asdict(limits.load().judging)[observation.limit])


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("harness", "reports"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        Verdict=Verdict,
        SEVERITY=SEVERITY,
        Side=Side,
        WORDS=words.WORDS,
        PROOF_MEANING=words.PROOF_MEANING,
        WITHOUT_SANDBOX=words.WITHOUT_SANDBOX,
    )
    environment.filters.update(
        slug=lambda verdict: verdict.replace(" ", "-"),
        things=words.count,
        kept_link=kept_link,
        duration=_duration,
        figure=_figure,
    )
    return environment


def _harmless(value: object) -> object:
    """Make text harmless on its way into the page; what the template itself made stays."""
    return harmless(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _duration(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def _figure(value: float | dict[str, float]) -> str:
    """Return a figure, or several of one thing such as percentiles, as they were measured."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {part:g}" for name, part in value.items())
    return f"{value:g}"

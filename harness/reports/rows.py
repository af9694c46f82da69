"""The lines of the terminal's table: one for each requirement in scope."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.table import Table
from rich.text import Text

from harness.reports.model import STILL_RUNNING, Report, progress
from harness.reports.text import harmless
from harness.reports.words import WORDS, count, sides
from harness.verdict import Verdict
from spec.requirements import Requirement

STYLES = {
    Verdict.VERIFIED: "green",
    Verdict.FAILED: "bold red",
    Verdict.NOT_IMPLEMENTED: "dark_orange",
    Verdict.INCONCLUSIVE: "yellow",
    Verdict.NOT_RUN: "bright_black",
    Verdict.OUT_OF_SCOPE: "bright_black",
}

# In characters, each with the two blanks that follow it.
ID_WIDTH = 8
VERDICT_WIDTH = 19
NUMBERS_WIDTH = 24
ROOM_FOR_NUMBERS = 70


@dataclass(frozen=True, slots=True)
class Row:
    """What is shown of one requirement."""

    id: str
    title: str
    verdict: Verdict
    word: str
    done: int
    total: int
    obligations: int

    @property
    def is_over(self) -> bool:
        """Whether it has scenarios, and all of them are over."""
        return 0 < self.total == self.done

    def verdict_text(self) -> Text:
        """Return the verdict as a sign and a word."""
        return Text(f"{WORDS[self.verdict].sign} {self.word}", STYLES[self.verdict])

    def line(self) -> Text:
        """Return the row as a sentence, for where there is no table."""
        checked = f"{count(self.obligations, 'obligation')}, {count(self.total, 'scenario')}"
        return Text.assemble(f"{self.id} ", self.verdict_text(), f"  {self.title} ({checked})")


def rows(report: Report, requirements: Iterable[Requirement]) -> list[Row]:
    """Return a row for each requirement in scope, in their order."""
    return [
        _row(report, requirement)
        for requirement in requirements
        if report.requirements[requirement.id].verdict is not Verdict.OUT_OF_SCOPE
    ]


def table(shown: Iterable[Row], width: int) -> Table:
    """Return the rows as a table that fits the width: numbers give way first, then titles."""
    has_numbers = width >= ROOM_FOR_NUMBERS
    room = width - ID_WIDTH - VERDICT_WIDTH - (NUMBERS_WIDTH if has_numbers else 0)
    drawn = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, show_header=has_numbers)
    drawn.add_column("", no_wrap=True, min_width=6)
    drawn.add_column("", no_wrap=True, max_width=max(room, 1), overflow="ellipsis")
    drawn.add_column("verdict", no_wrap=True, overflow="ellipsis")
    if has_numbers:
        drawn.add_column("scenarios", no_wrap=True, justify="right")
        drawn.add_column("obligations", no_wrap=True, justify="right")
    for row in shown:
        numbers = (f"{row.done}/{row.total}", f"{row.obligations:,}") if has_numbers else ()
        drawn.add_row(row.id, row.title, row.verdict_text(), *numbers)
    return drawn


def title(report: Report) -> Text:
    """Return what the run is about."""
    names = " and ".join(harmless(target.name) for target in report.targets) or "nothing"
    return Text.assemble("Verifying ", (names, "bold"), f": {sides(report)}, seed {report.seed}")


def _row(report: Report, requirement: Requirement) -> Row:
    said = report.requirements[requirement.id]
    done, total = progress(report, requirement.id)
    return Row(
        requirement.id,
        requirement.title.pt,
        said.verdict,
        _word(said.verdict, report.interrupted, done),
        done,
        total,
        said.obligations,
    )


def _word(verdict: Verdict, interrupted: str | None, done: int) -> str:
    """Return the verdict's word, or how far it is as long as there may be another one."""
    if verdict is Verdict.NOT_RUN and interrupted == STILL_RUNNING:
        return "running" if done else "waiting"
    return str(verdict)

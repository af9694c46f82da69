"""The requirements RF-001 and following, and what must be observed of each (requirements.toml).

An observation's number, once landed, keeps its meaning: scenarios, proofs and reports cite it.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, fields
from pathlib import Path

from spec.limits import Judging
from spec.tables import SpecError, Table, read, shipped

__all__ = ["Bilingual", "Observation", "Requirement", "Side", "SpecError", "load"]

METHODS = ("test", "inspection", "analysis")
_LIMITS = tuple(field.name for field in fields(Judging))


class Side(enum.StrEnum):
    """The side of the connection an observation concerns."""

    SERVER = "server"
    CLIENT = "client"


@dataclass(frozen=True, slots=True)
class Bilingual:
    """One text in Portuguese and in English."""

    pt: str
    en: str


@dataclass(frozen=True, slots=True)
class Observation:
    """What must be seen; `limit` names a field of `Judging` that bounds it."""

    id: str
    side: Side
    text: Bilingual
    limit: str | None

    @property
    def requirement(self) -> str:
        """The id of the requirement it belongs to: RF-001 of RF-001.2."""
        return self.id.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement; `section` cites protocol.md, `interpretation` fills a gap of the source."""

    id: str
    title: Bilingual
    statement: Bilingual
    verified_by: str
    section: tuple[str, ...]
    interpretation: Bilingual | None
    observations: tuple[Observation, ...]


def load(path: Path | None = None) -> tuple[Requirement, ...]:
    """Load the requirements in order; without a path those shipped with the package."""
    root = read(path or shipped("requirements.toml")).only(["requirement"])
    tables = [_called_by_id(root, table) for table in root.tables("requirement")]
    _refuse_gaps(root, tables, "RF-{:03}")
    return tuple(_requirement(table) for table in tables)


def _called_by_id(root: Table, table: Table) -> Table:
    """Call a requirement in messages by its id instead of its place in the file."""
    return Table((*root.place, f"requirement {table.needs('id').text('id')}"), table.values)


def _refuse_gaps(parent: Table, tables: list[Table], pattern: str) -> None:
    """Refuse tables whose ids are not the pattern filled with 1, 2, 3 and so on."""
    if not tables:
        raise parent.error(f"{pattern.format(1)} is missing: there is none at all")
    seen: set[str] = set()
    for number, table in enumerate(tables, start=1):
        found, expected = table.needs("id").text("id"), pattern.format(number)
        if found in seen:
            raise parent.error(f"{found} is there twice")
        if found != expected:
            raise parent.error(f"{expected} is missing: {found} stands in its place")
        seen.add(found)


def _requirement(table: Table) -> Requirement:
    required = ["id", "title", "statement", "verified_by", "section", "observation"]
    table.only(required, ["interpretation"])
    observations = list(table.tables("observation"))
    _refuse_gaps(table, observations, table.text("id") + ".{}")
    return Requirement(
        table.text("id"),
        _bilingual(table.table("title")),
        _bilingual(table.table("statement")),
        table.choice("verified_by", METHODS),
        table.sections("section"),
        _bilingual(table.table("interpretation")) if "interpretation" in table.values else None,
        tuple(_observation(item) for item in observations),
    )


def _observation(table: Table) -> Observation:
    table.only(["id", "side", "text"], ["limit"])
    return Observation(
        table.text("id"),
        Side(table.choice("side", Side)),
        _bilingual(table.table("text")),
        table.choice("limit", _LIMITS) if "limit" in table.values else None,
    )


def _bilingual(table: Table) -> Bilingual:
    table.only(["pt", "en"])
    return Bilingual(table.text("pt"), table.text("en"))

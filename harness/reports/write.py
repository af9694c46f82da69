"""The report folder: every file is replaced whole, so that no reader ever sees half of one.

A process that is killed while it writes leaves the file as it was before.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from harness.reports import junit, markdown, page
from harness.reports.model import SCHEMA, Report, observations_in_scope
from spec.requirements import Requirement, Side

MODEL = "report.json"
Renderer = Callable[[Report, tuple[Requirement, ...]], str]
RENDERERS: Mapping[str, Renderer] = {
    "index.html": page.draw,
    "junit.xml": junit.draw,
    "report.md": markdown.draw,
}


class ReportError(ValueError):
    """A recorded report cannot be used; the message says which one and why."""


def write_all(report: Report, requirements: tuple[Requirement, ...], folder: Path) -> None:
    """Write the model and everything drawn from it."""
    _refuse_others(report, requirements)
    drawn = {name: draw(report, requirements) for name, draw in RENDERERS.items()}
    write_json(report, folder)
    for name, text in drawn.items():
        _replace(folder / name, text.encode())


def write_json(report: Report, folder: Path) -> None:
    """Write the model alone: cheap enough to be done often while a run goes on."""
    _replace(folder / MODEL, msgspec.json.format(msgspec.json.encode(report), indent=1) + b"\n")


def read(folder: Path) -> Report:
    """Read the model that a run has left in its folder."""
    path = folder / MODEL
    try:
        data = path.read_bytes()
        schema = msgspec.json.decode(data, type=_Versioned).schema
        if schema != SCHEMA:
            raise ReportError(f"{path} has schema {schema}; this version reads {SCHEMA}")
        report = msgspec.json.decode(data, type=Report)
    except OSError as why:
        raise ReportError(f"{path} cannot be read: {why.strerror}") from why
    except (msgspec.MsgspecError, UnicodeDecodeError) as why:
        raise ReportError(f"{path} is not the report of a run: {why}") from why
    _refuse_loose_ends(report, path)
    return report


class _Versioned(msgspec.Struct):
    """What every version of the model has."""

    schema: int


def _refuse_loose_ends(report: Report, path: Path) -> None:
    """Refuse what could not be drawn: a side left out, a scenario cited that says nothing."""
    for name, requirement in report.requirements.items():
        if set(requirement.sides) != set(Side):
            raise ReportError(f"{path}: {name} needs a verdict for each of {', '.join(Side)}")
    for name, observation in observations_in_scope(report).items():
        for key in observation.scenarios:
            if key not in report.scenarios or name not in report.scenarios[key].said:
                raise ReportError(f"{path}: {name} cites {key}, which says nothing of it")


def _replace(path: Path, data: bytes) -> None:
    """Put a file in place whole. It survives a kill of this process, not one of the machine."""
    partial = path.with_name(f".{path.name}.partial")
    path.parent.mkdir(parents=True, exist_ok=True)
    partial.unlink(missing_ok=True)  # it may be a link that leads elsewhere
    with partial.open("xb") as file:
        file.write(data)
    os.replace(partial, path)


def _refuse_others(report: Report, requirements: tuple[Requirement, ...]) -> None:
    """Refuse a report about other observations than these: it could be drawn only in part."""
    ours = {o.id for requirement in requirements for o in requirement.observations}
    theirs = {o for requirement in report.requirements.values() for o in requirement.observations}
    if ours != theirs:
        shown = ", ".join(sorted(ours ^ theirs)[:5])
        raise ReportError(f"the report is about other observations than this version: {shown}")

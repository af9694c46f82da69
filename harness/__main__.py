"""The command ``chat-verify`` (also ``python -m harness``)."""

from __future__ import annotations

import difflib
import math
import os
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console as Terminal

from harness import doctor as doctors
from harness import mapping, matrix
from harness.description import DescriptionError
from harness.faults import profiles
from harness.faults.profiles import DIRECT
from harness.load import bench, sizes
from harness.plan import Plan
from harness.reports.console import Console
from harness.reports.text import harmless
from harness.reports.write import ReportError, read, write_all
from harness.runner import Run
from harness.system import System, load, locate
from spec import requirements
from spec.requirements import Side

REFERENCE = ("reference-server", "reference-client")
MATRIX = Path("requirements_matrix.md")
WRONG_USE, BROKEN_MAPPING = 2, 4
JOBS = 4 * (os.cpu_count() or 1)
"""A scenario waits for most of its time."""

app = typer.Typer(
    help="Verify a chat, requirement by requirement, over real sockets.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.command()
def run(
    targets: Annotated[
        list[str] | None,
        typer.Argument(metavar="[TARGET]...", help="Target files, or shipped names."),
    ] = None,
    role: Annotated[Side | None, typer.Option(help="Only this side.")] = None,
    only: Annotated[str, typer.Option(help="Only these, such as RF-014,RF-018.1.")] = "",
    profile: Annotated[
        str, typer.Option(help="How: direct, fragmented, coalesced, delayed, throttled.")
    ] = DIRECT,
    jobs: Annotated[int, typer.Option(min=1, help="Scenarios at once.")] = JOBS,
    seed: Annotated[int | None, typer.Option(help="Names and texts come from it.")] = None,
    report: Annotated[Path, typer.Option(help="Where the report goes.")] = Path("report"),
    time_scale: Annotated[float, typer.Option(min=0.1, help="Stretches waiting.")] = 1.0,
    fail_fast: Annotated[bool, typer.Option("--fail-fast", help="Stop at a failure.")] = False,
) -> None:
    """Verify a server, a client, or both; without a TARGET, the reference server and client."""
    if not math.isfinite(time_scale):
        _wrong(f"--time-scale: {time_scale} is no number of times; 2 waits twice as long")
    systems = _of_role(_systems(targets or REFERENCE), role)
    known = requirements.load()
    plan = Plan(
        targets={system.role: str(system.description.file) for system in systems},
        sides=[system.role for system in systems],
        only=_selected(only, known),
        profiles=_profiles(profile),
        seed=random.SystemRandom().randrange(10**6) if seed is None else seed,
        scale=time_scale,
        spool="",
        report=str(report.absolute()),
    )
    try:
        report.mkdir(parents=True, exist_ok=True)
        code = Run(plan, systems, known, jobs, fail_fast).execute(Console(known))
    except (DescriptionError, OSError, UnicodeError) as error:
        _wrong(str(error))
    raise typer.Exit(code)


@app.command(name="report")
def draw_report(
    folder: Annotated[Path, typer.Argument(help="The folder of a report.")] = Path("report"),
) -> None:
    """Draw the reports again from the recorded results."""
    try:
        write_all(read(folder), requirements.load(), folder)
    except (ReportError, OSError) as error:
        _wrong(str(error))
    print(f"Report: {(folder / 'index.html').absolute()}")


@app.command(name="list")
def list_scenarios() -> None:
    """List the requirements and their scenarios."""
    found = mapping.scenarios()
    out = Terminal(highlight=False, markup=False)
    for requirement in requirements.load():
        out.print(f"{requirement.id}  {requirement.title.en} · {requirement.title.pt}")
        for observation in requirement.observations:
            keys = [s.key for s in found if observation.id in s.covers] or ["no scenario yet"]
            out.print(f"    {observation.id} ({observation.side}): {', '.join(keys)}")


@app.command(name="matrix")
def write_matrix(
    check: Annotated[bool, typer.Option("--check", help="Only check that it is current.")] = False,
) -> None:
    """Write requirements_matrix.md, or check that it is current."""
    known, proofs = requirements.load(), mapping.read_proofs()
    problems = mapping.problems(known, proofs)
    drawn = matrix.draw(known, proofs)
    if check:
        current = MATRIX.read_text("utf-8") if MATRIX.is_file() else ""
        if current != drawn:
            problems.append(f"{MATRIX} is not current; write it with: chat-verify matrix")
    else:
        MATRIX.write_text(drawn, "utf-8")
    for problem in problems:
        print(problem, file=sys.stderr)
    raise typer.Exit(BROKEN_MAPPING if problems else 0)


@app.command()
def doctor(
    install: Annotated[bool, typer.Option("--install", help="Install what is missing.")] = False,
) -> None:
    """Tell what this machine has and what is missing."""
    out = Terminal()
    missing = doctors.examine(out)
    if missing and install:
        doctors.install(missing, out)
        doctors.examine(out)
    elif missing:
        out.print("To install what is missing: chat-verify doctor --install", highlight=False)


@app.command(name="bench")
def compare(
    targets: Annotated[
        list[str] | None,
        typer.Argument(metavar="[TARGET]...", help="Target files, or shipped names."),
    ] = None,
    runs: Annotated[int, typer.Option(min=1, help="How often; medians are shown.")] = 5,
    seconds: Annotated[float, typer.Option(min=0.1, max=60.0, help="For each measure.")] = 2.0,
) -> None:
    """Measure servers side by side; without a TARGET, those that are shipped."""
    try:
        systems = [load(str(locate(target))) for target in targets or bench.DEFAULT]
        plan = sizes.Plan(targets=[], runs=runs, seconds=seconds)
        code = bench.Bench(systems, plan).execute()
    except (DescriptionError, OSError) as error:
        _wrong(str(error))
    raise typer.Exit(code)


def _systems(targets: Sequence[str]) -> list[System]:
    try:
        return [load(str(locate(target))) for target in targets]
    except DescriptionError as error:
        _wrong(str(error))


def _of_role(systems: list[System], role: Side | None) -> tuple[System, ...]:
    """Return one system for each side, the server first."""
    for side in Side:
        several = [system.name for system in systems if system.role == side]
        if len(several) > 1:
            _wrong(f"one {side} at a time, please; there are {len(several)}: {', '.join(several)}")
    chosen = [system for system in systems if role in (None, system.role)]
    if not chosen:
        (system,) = systems
        _wrong(f"{system.name} is a {system.role}: there is nothing of the {role} side to verify")
    return tuple(sorted(chosen, key=lambda system: [*Side].index(Side(system.role))))


def _profiles(chosen: str) -> list[str]:
    named = list(dict.fromkeys(name.strip() for name in chosen.split(",") if name.strip()))
    for name in named:
        if name not in profiles.names():
            there_are = ", ".join(profiles.names())
            _wrong(
                f"--profile: {_unknown('profile', name, profiles.names())} There are: {there_are}"
            )
    return named or [DIRECT]


def _unknown(what: str, name: str, allowed: list[str]) -> str:
    near = difflib.get_close_matches(name, allowed, n=1)
    return f"there is no {what} {name!r}{f'; did you mean {near[0]}?' if near else ''}"


def _selected(only: str, known: tuple[requirements.Requirement, ...]) -> list[str]:
    allowed = [r.id for r in known] + [o.id for r in known for o in r.observations]
    chosen = [name.strip() for name in only.split(",") if name.strip()]
    if only and not chosen:
        _wrong(f"--only: {only!r} names nothing; it is written as RF-014,RF-018.1")
    for name in chosen:
        if name not in allowed:
            _wrong(f"--only: {_unknown('requirement or observation', name, allowed)}")
    return chosen


def _wrong(problem: str) -> NoReturn:
    for line in f"chat-verify: {problem}".splitlines():
        print(harmless(line), file=sys.stderr)
    raise typer.Exit(WRONG_USE)


def main() -> None:
    """Run the command line."""
    app(prog_name="chat-verify")


if __name__ == "__main__":
    main()

"""The parent of a run: starts pytest as a child and keeps the report true while it runs.

The report says *not run* of everything before anything is started, and is replaced as results
come: whenever this process dies, what lies on disk is true. The child runs in an empty folder,
with our own settings and plugins only, so that no ``conftest.py``, ``pytest.ini`` or ``chat.py``
of the folder we were called from is executed. A guard stands between us and all that we start.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from harness import guarded, mapping, results
from harness.faults.profiles import DIRECT
from harness.gui import xserver
from harness.plan import Plan
from harness.profiled import compared, remarks, suitable
from harness.repeating import repeated
from harness.reports import model
from harness.reports.build import Inputs, build
from harness.reports.console import Console
from harness.reports.write import write_all, write_json
from harness.system import System
from harness.targets import instructions, sandbox
from harness.verdict import Scope
from spec.requirements import Requirement, Side

LOOK_EVERY_S = 0.1
SCENARIO_S = 120
"""The net under every scenario; each wait inside has its own deadline."""
KEPT_OUTPUT = 2_000
CAME_TO_THE_END, STOPPED_AT_A_FAILURE = (0, 1), (1, 2)
"""Exit codes of pytest; that it was stopped by ``--maxfail`` it calls 2 where workers share."""
NOTHING_SUITS = "none of the profiles chosen can be asked of a protocol without framing; try direct"


@dataclass(slots=True)
class Progress:
    """What is known of a run so far."""

    collected: dict[str, list[str]] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)
    over: dict[str, results.Over] = field(default_factory=dict)

    def take(self, line: results.Line) -> None:
        """Add one line of a worker."""
        if isinstance(line, results.Collected):
            self.collected.update(line.scenarios)
        elif isinstance(line, results.Begun):
            self.begun.add(line.scenario)
        else:
            first = self.over.get(line.scenario)
            self.over[line.scenario] = repeated(first, line) if first else line

    def spoilt(self) -> list[str]:
        """Return the scenarios that are to be performed once more, and were not yet."""
        return [key for key, over in self.over.items() if over.spoilt]


@dataclass(slots=True)
class Run:
    """One verification, from the empty report to the exit code.

    ``lacking`` says of each side of which nothing can be tried why that is so.
    """

    plan: Plan
    systems: tuple[System, ...]
    requirements: tuple[Requirement, ...]
    jobs: int
    fail_fast: bool
    progress: Progress = field(default_factory=Progress)
    began: float = field(default_factory=time.monotonic)
    interrupted: str | None = model.STILL_RUNNING
    lacking: dict[str, str] = field(default_factory=dict)

    def report(self) -> model.Report:
        """Draw the model from what is known now."""
        return build(
            Inputs(
                requirements=self.requirements,
                scope=self.plan.scope,
                targets=[model.TargetInfo(system.name, system.role) for system in self.systems],
                seed=self.plan.seed,
                duration_s=time.monotonic() - self.began,
                collected=self.progress.collected,
                begun=self.progress.begun,
                over=compared(self.progress.over),
                proofs=_proofs(),
                mapped={o for scenario in mapping.scenarios() for o in scenario.covers},
                interrupted=self.interrupted,
                lacking=self.lacking,
                unprotected=sandbox.why_not(),
                remarks=self._remarks(),
            )
        )

    def execute(self, console: Console) -> int:
        """Run everything in scope; return the exit code of ``chat-verify run``."""
        folder = Path(self.plan.report)
        write_all(self.report(), self.requirements, folder)
        try:
            console.start(self.report())
            for system in self.systems:
                self._rule_out(system, self._missing(system))
            if self._tried:
                self._perform(console)
        finally:
            console.close()
        report = self.report()
        write_all(report, self.requirements, folder)
        code = model.exit_code(report)
        console.finish(report, folder, code)
        return code

    @property
    def _tried(self) -> list[System]:
        return [system for system in self.systems if system.role not in self.lacking]

    def _rule_out(self, system: System, why: str | None) -> None:
        """Try nothing of a system, if there is a reason; without any system the run is over."""
        if why:
            self.lacking[system.role] = why
            self.interrupted = self.interrupted if self._tried else why

    def _missing(self, system: System) -> str | None:
        """Return why nothing of a system can be tried on this machine, or with these profiles."""
        if missing := instructions.missing_package(system.description):
            return missing
        if system.role == Side.CLIENT:
            return xserver.why_not()
        return None if suitable(self.plan.profiles, system) else NOTHING_SUITS

    def _profiles(self, role: str) -> list[str]:
        """Return how the connections of a side are carried: a client opens its own."""
        server = next((s for s in self._tried if s.role == role == Side.SERVER), None)
        return suitable(self.plan.profiles, server) if server else [DIRECT]

    def _remarks(self) -> list[results.FindingRecord]:
        """Return what is known of a server without any scenario."""
        servers = (system for system in self.systems if system.role == Side.SERVER)
        return [remark for server in servers for remark in remarks(self.plan.profiles, server)]

    def _perform(self, console: Console) -> None:
        """Run the scenarios in a child for each pass. None is begun after one that was stopped."""
        with guarded.workplace() as workplace, guarded.signals() as caught:
            tail = results.Tail(workplace / "spool")
            built = self._build_all(workplace, tail, caught, console)
            if caught or not self._tried:
                return
            whole = msgspec.structs.replace(
                self.plan,
                targets={s.role: self.plan.targets[s.role] for s in self._tried},
                sides=[system.role for system in self._tried],
                profiles=self._profiles(Side.SERVER),
                spool=str(workplace / "spool"),
                built=built,
            )
            breakdown: str | None = None
            for plan, jobs in self._passes(whole):
                child = _start(plan, workplace, jobs, fail_fast=self.fail_fast)
                try:
                    self._follow(child, tail, caught, console)
                finally:
                    guarded.end(child)
                self._take(tail)
                if child.returncode not in CAME_TO_THE_END:
                    breakdown = breakdown or _breakdown(child, workplace)
                if caught or self._has_failed_fast(child):
                    break
            breakdown = breakdown or _breakdown(child, workplace)
            self.interrupted = self._why_incomplete(child, caught, breakdown)

    def _build_all(
        self, workplace: Path, tail: results.Tail, caught: list[int], console: Console
    ) -> dict[str, str]:
        """Build what there is to build; return the folder of each side, and rule out the rest."""
        built: dict[str, str] = {}
        for system in self._tried:
            if not instructions.required(system.description).build:
                continue
            folder, said = workplace / f"built-{system.role}", workplace / f"said-{system.role}"
            words = (str(system.description.file), str(folder), str(self.plan.scale))
            with said.open("wb") as output:
                command = [sys.executable, "-P", "-m", "harness.builder", *words]
                child = guarded.start(command, workplace, output)
            try:
                self._follow(child, tail, caught, console)
            finally:
                guarded.end(child)
            if caught:
                self.interrupted = _interruption(caught)
                return built
            built[system.role] = str(folder)
            if child.returncode:
                why = said.read_bytes()[-KEPT_OUTPUT:].decode("utf-8", "replace").strip()
                self._rule_out(system, why)
        return built

    def _passes(self, whole: Plan) -> Iterator[tuple[Plan, int]]:
        """Yield the plan of each pass, and how many processes share it.

        First all that may run at once, then what must be alone, then what a busy machine has
        spoilt, alone; a pass that nothing is for is left out. A worker for one scenario costs more
        than it saves.
        """
        sides = {o.id: o.side for r in self.requirements for o in r.observations}
        roles = frozenset(system.role for system in self._tried)
        scope = Scope(roles, frozenset(self.plan.only))
        chosen = [
            scenario.alone
            for scenario in mapping.scenarios()
            if roles.issuperset(scenario.roles)
            and any(scope.holds(o, sides[o]) for o in scenario.covers if o in sides)
            for profile in self._profiles(scenario.carried)
            if profile == DIRECT or not scenario.direct
        ]
        together, alone = chosen.count(False), chosen.count(True)
        if together or not alone:
            yield whole, max(1, min(self.jobs, together))
        if alone:
            yield msgspec.structs.replace(whole, alone=True), 1
        if spoilt := self.progress.spoilt():
            yield msgspec.structs.replace(whole, again=spoilt), 1

    def _follow(
        self,
        child: subprocess.Popen[bytes],
        tail: results.Tail,
        caught: list[int],
        console: Console,
    ) -> None:
        """Keep the report and the screen true until the child has ended or we are told to."""
        running = True
        while running and not caught:
            try:
                child.wait(LOOK_EVERY_S)
                running = False
            except subprocess.TimeoutExpired:
                pass
            if self._take(tail):
                report = self.report()
                write_json(report, Path(self.plan.report))
                console.update(report)

    def _take(self, tail: results.Tail) -> bool:
        lines = tail.new()
        for line in lines:
            self.progress.take(line)
        return bool(lines)

    def _has_failed_fast(self, child: subprocess.Popen[bytes]) -> bool:
        return self.fail_fast and child.returncode in STOPPED_AT_A_FAILURE

    def _why_incomplete(
        self, child: subprocess.Popen[bytes], caught: list[int], breakdown: str
    ) -> str | None:
        if caught:
            return _interruption(caught)
        all_over = set(self.progress.collected) <= set(self.progress.over)
        if all_over and self.progress.collected and not self.progress.spoilt():
            return None
        if self._has_failed_fast(child):
            return "stopped at the first failure, as --fail-fast asks"
        return breakdown


def _breakdown(child: subprocess.Popen[bytes], workplace: Path) -> str:
    output = (workplace / "output").read_bytes()[-KEPT_OUTPUT:].decode("utf-8", "replace")
    return f"the harness itself broke (status {child.returncode}): {output.strip()}"


def _interruption(caught: list[int]) -> str:
    return f"interrupted by {signal.Signals(caught[0]).name}"


def _proofs() -> dict[str, list[model.Proof]]:
    recorded = mapping.read_proofs()
    return {
        observation: [model.Proof(bug=p.bug, what=p.what, reason=p.reason) for p in proofs]
        for observation, proofs in recorded.items()
    }


def _start(plan: Plan, workplace: Path, jobs: int, *, fail_fast: bool) -> subprocess.Popen[bytes]:
    path = workplace / "plan.json"
    plan.save(path)
    (workplace / "spool").mkdir(exist_ok=True)
    (workplace / "pytest.ini").write_text("[pytest]\n", "utf-8")
    with (workplace / "output").open("ab") as output:
        command = _pytest(path, workplace, jobs, fail_fast=fail_fast)
        return guarded.start(command, workplace, output)


def _pytest(plan: Path, workplace: Path, jobs: int, *, fail_fast: bool) -> list[str]:
    """Return the command of the child: nothing of anybody's folder has a say in it."""
    plugins = ["xdist", "pytest_timeout", "harness.plugin"]
    parallel = ["-n", str(jobs), "--dist=load"] if jobs > 1 else []
    return [
        *(sys.executable, "-P", "-m", "pytest"),
        *("-c", str(workplace / "pytest.ini"), "--rootdir", str(workplace / "empty")),
        *("--noconftest", "-p", "no:cacheprovider", "--import-mode=importlib"),
        *("-p", "no:unraisableexception"),  # collects garbage for seconds, about our own code
        *(word for plugin in plugins for word in ("-p", plugin)),
        *("-o", "python_files=*.py", "--timeout", str(SCENARIO_S), "--timeout-method=signal"),
        *("-q", "--tb=short", "--assert=plain", "--maxfail", "1" if fail_fast else "0"),
        *parallel,
        *("--plan", str(plan)),
        *map(str, mapping.modules()),
    ]

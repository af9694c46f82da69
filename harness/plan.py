"""What one run is about: written by the parent, read by the pytest plugin and its workers."""

from __future__ import annotations

from pathlib import Path

import msgspec

from harness.verdict import Scope


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """One run.

    ``targets`` has a file for each role; ``spool`` and ``report`` are folders: for the results of
    each worker, and for the histories. Each scenario runs under each of the ``profiles`` that suits
    it. ``alone`` says which of the two passes it is: first what may run in parallel, then, one at a
    time, what must be alone. ``again`` has the keys of the scenarios of a third one: what a busy
    machine has spoilt. ``built`` has the folder into which the target of a role was built, if there
    was anything to build.
    """

    targets: dict[str, str]
    sides: list[str]
    only: list[str]
    profiles: list[str]
    seed: int
    scale: float
    spool: str
    report: str
    alone: bool = False
    again: list[str] = []
    built: dict[str, str] = {}

    @property
    def scope(self) -> Scope:
        """Which observations are in scope."""
        return Scope(frozenset(self.sides), frozenset(self.only))

    def save(self, path: Path) -> None:
        """Write the plan."""
        path.write_bytes(msgspec.json.encode(self))

    @classmethod
    def load(cls, path: Path) -> Plan:
        """Read a plan that ``save`` wrote."""
        return msgspec.json.decode(path.read_bytes(), type=cls)

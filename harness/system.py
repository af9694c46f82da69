"""A system to verify: its description and its compiled dialect, found by name or by path."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from harness.description import Description, DescriptionError, is_file, read
from harness.dialects.dialect import Dialect, compile_dialect
from harness.targets.building import as_built
from harness.targets.instructions import check

SHIPPED = Path(__file__).parent / "targets" / "shipped"


@dataclass(frozen=True, slots=True)
class System:
    """One system: how it is started and how it speaks."""

    description: Description
    dialect: Dialect

    @property
    def name(self) -> str:
        """The name that reports use."""
        return self.description.target.name

    def built_in(self, folder: Path) -> System:
        """Return the same system, as one that was built into this folder."""
        return replace(self, description=as_built(self.description, folder))

    @property
    def role(self) -> str:
        """Which side it is: server or client."""
        return self.description.target.role


def shipped() -> list[str]:
    """Return the names of the shipped targets."""
    return sorted(path.stem for path in SHIPPED.glob("*.toml"))


def locate(target: str) -> Path:
    """Return the file of a target: the path given, or the shipped target of that name.

    Raises:
        DescriptionError: there is neither.
    """
    path = Path(target)
    if path.suffix == ".toml" or is_file(path):
        return path
    if target in shipped():
        return SHIPPED / f"{target}.toml"
    problem = f"there is no such file, and no shipped target of that name: {', '.join(shipped())}"
    raise DescriptionError(target, problem)


def load(target: str) -> System:
    """Read and check a target, without starting anything.

    Raises:
        DescriptionError: its file cannot be used.
    """
    description = read(locate(target))
    check(description)
    return System(description, compile_dialect(description))

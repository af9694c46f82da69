"""Every bound of the project, loaded from limits.toml (which cites where each comes from).

`Judging` holds for every target; `Protocol` holds for the reference wire protocol only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_type_hints

from spec.tables import SpecError, Table, read, shipped

__all__ = ["Judging", "Limits", "Protocol", "SpecError", "load"]


@dataclass(frozen=True, slots=True)
class Judging:
    """The limits that judge every target: seconds, bytes or counts, as the names tell."""

    notice_s: float
    stalled_s: float
    latency_p99_s: float
    screen_latency_p99_s: float
    freeze_s: float
    connection_failure_s: float
    server_loss_s: float
    server_silence_s: float
    observation_s: float
    memory_growth_bytes_per_1000: int
    warm_up_connections: int
    unframed_text_bytes: int


@dataclass(frozen=True, slots=True)
class Protocol:
    """The bounds of the wire protocol; each is stated in a section of protocol.md."""

    host: str
    port: int
    client_line_bytes: int
    server_line_bytes: int
    users_line_bytes: int
    name_max: int
    name_tries: int
    name_deadline_s: float
    credit_lines: int


@dataclass(frozen=True, slots=True)
class Limits:
    """Both tables of the file."""

    judging: Judging
    protocol: Protocol


def load(path: Path | None = None) -> Limits:
    """Load the limits; without a path those shipped with the package."""
    root = read(path or shipped("limits.toml")).only(["judging", "protocol"])
    return Limits(
        Judging(**_values(Judging, root.table("judging"))),
        Protocol(**_values(Protocol, root.table("protocol"))),
    )


def _values(record: type, table: Table) -> dict[str, Any]:
    """Read one value for each field of a record, by the field's type."""
    hints = get_type_hints(record)
    table.only(hints)
    readers: dict[object, Callable[[str], object]] = {
        int: table.whole,
        float: table.number,
        str: table.text,
    }
    return {field: readers[kind](field) for field, kind in hints.items()}

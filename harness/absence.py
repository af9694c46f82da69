"""What nobody was told: a notice that came nowhere, not even as something no template explains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.expect import Kind

if TYPE_CHECKING:
    from harness.room import Room

NOTICES = (Kind.JOINED, Kind.LEFT)


@dataclass(frozen=True, slots=True)
class Marks:
    """For each member a place in what it has received: events, and what nothing explained."""

    places: Mapping[str, tuple[int, int]]


def stray_notice(room: Room, since: Marks) -> str | None:
    """Say that since the marks somebody was told of a coming or going but the members' own."""
    loose = room.system.dialect.loosely(*NOTICES)
    for member in room.members:
        if member.name not in since.places:
            continue
        events, pieces = since.places[member.name]
        for event in member.events[events:]:
            told = event.fields.get("name")
            if room.is_of_the_stop(event):
                continue
            if event.kind is Kind.LEFT or (event.kind is Kind.JOINED and told in since.places):
                return f"{member.name} was told: {event.raw!r}"
        for piece in member.client.unexplained[pieces:]:
            if any(pattern.search(piece) for pattern in loose):
                return f"{member.name} was told of a ghost: {piece.strip()!r}"
    return None

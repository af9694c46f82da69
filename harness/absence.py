"""What nobody was told, proved by fences: what would have come before something else that has come.

Nor did a notice come as something that no template explains. That is read with the name left open:
a ghost has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.expect import Event, Kind, message
from harness.member import Member
from harness.verdict import Contradicted, Unproven

if TYPE_CHECKING:
    from harness.room import Room

NOTICES = (Kind.JOINED, Kind.LEFT)
ASIDE = (Kind.PING, Kind.IGNORE)


@dataclass(frozen=True, slots=True)
class Marks:
    """For each member a place in what it has received: events, and what nothing explained."""

    places: Mapping[str, tuple[int, int]]


def fence(room: Room, through: Member | None) -> str:
    """Let everything written before have its effects; return the kind of the fence.

    Raises:
        Unproven: there is only one member, so nobody could hear a marker.
        Contradicted: what should have been heard was not.
    """
    if len(room.members) < 2:
        raise Unproven("with one member alone there is no fence")
    if through is not None and through in room.members and through.client.is_open:
        room.all_see(message(through, through.says()), room.others(through))
        kind = f"a marker through {through.name}"
    else:
        room.round()
        room.round()
        room.join("fim")
        room.round()
        kind = "two full rounds, then a newcomer"
    room.history.record("room", "?", f"fence: {kind}")
    return kind


def marks(room: Room) -> Marks:
    """Return where everybody is, once all has reached all that was said before."""
    room.round()
    places = {m.name: (len(m.events), len(m.client.unexplained)) for m in room.members}
    return Marks(places)


def heard_nothing_but(room: Room, speaker: Member, text: str, since: Marks) -> None:
    """Check that since the marks all others heard this one message, and nothing else.

    Raises:
        Contradicted: somebody heard something else, or did not hear it.
    """
    room.all_see(message(speaker, text), room.others(speaker))
    for other in room.others(speaker):
        event, piece = since.places[other.name]
        heard = [e.raw for e in other.events[event:] if e.kind not in ASIDE]
        if beside := [*heard[:-1], *other.client.unexplained[piece:]]:
            raise Contradicted(f"{other.name} received something of it: {beside[0]!r}")
    room.ledger.discharge()


def no_notice(room: Room, since: Marks) -> None:
    """Check that since the marks nobody was told of a coming or going but the members' own.

    Raises:
        Contradicted: somebody was told, or the fence did not come through.
    """
    try:
        room.fence()
    except Contradicted as mute:
        told = stray_notice(room, since, is_mute=True)
        raise Contradicted(told or mute.reason) from mute
    room.judge(lambda: stray_notice(room, since))


def stray_notice(room: Room, since: Marks, *, is_mute: bool = False) -> str | None:
    """Say who was told, since the marks, of a coming or going but the members' own.

    Nothing belongs any more to what came last in a room that ``is_mute``.
    """
    for member in room.members:
        if member.name in since.places:
            last = [member.client.unsettled] if is_mute else []
            if told := _told(room, member, since, last):
                return told
    return None


def _told(room: Room, member: Member, since: Marks, last: list[str]) -> str | None:
    """Name a ghost first: who leaves after it may have been thrown out because of it."""
    events, pieces = since.places[member.name]
    loose = room.system.dialect.loosely(*NOTICES)
    for piece in member.client.unexplained[pieces:] + last:
        if any(pattern.search(piece) for pattern in loose):
            return f"{member.name} was told of a ghost: {piece.strip()!r}"
    for event in member.events[events:]:
        if not room.is_of_the_stop(event) and _is_stray(event, since):
            return f"{member.name} was told: {event.raw!r}"
    return None


def _is_stray(event: Event, since: Marks) -> bool:
    told = event.fields.get("name")
    return event.kind is Kind.LEFT or (event.kind is Kind.JOINED and told in since.places)

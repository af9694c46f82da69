"""How somebody leaves a room, in every way, and how those who stay hear of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.clients.client import Client
from harness.expect import left
from harness.faults.leaving import WAYS, Surroundings
from harness.member import Member
from harness.targets import tcp
from harness.verdict import Contradicted

if TYPE_CHECKING:
    from harness.room import Room

EVERY_WAY = ("quit", *WAYS)


@dataclass(slots=True)
class Departure:
    """One member's leaving: how, when it began, what proves that it bit."""

    member: Member
    way: str
    began_s: float
    screen_mark: int
    evidence: str = ""
    notices_s: dict[str, float] = field(default_factory=dict)


def leave(room: Room, member: Member, way: str) -> Departure:
    """Let a member leave in one of ``EVERY_WAY``; return once it is proved that it bit.

    Raises:
        Lacking: the target has no command to quit.
        Unproven: there is no evidence that the fault bit.
    """
    room.members.remove(member)
    departure = Departure(member, way, room.history.now_s(), room.screen.mark())
    if way == "quit":
        room.perform(member, "quit", {"name": member.name})
        departure.evidence = "the command to quit was sent"
        room.history.record(member.name, "=", f"left by quit: {departure.evidence}")
    else:
        departure.evidence = vanish(room, member.client, way)
    return departure


def vanish(room: Room, client: Client, way: str) -> str:
    """Let a connection end without a word; return the evidence that it bit.

    Raises:
        Unproven: there is none.
    """
    evidence = WAYS[way](client, _surroundings(room, client))
    room.history.record(client.name, "=", f"left by {way}: {evidence}")
    return evidence


def hears_of(room: Room, departure: Departure) -> None:
    """Check that every survivor is told once of a departure.

    What arrives only after survivors have spoken is a late notice, a finding of its own;
    ``departure.notices_s`` has the seconds each notice took.

    Raises:
        Contradicted: somebody was never told.
    """
    expected = left(departure.member)
    survivors = list(room.members)

    def told() -> bool:
        return all(m.seen(expected) > m.claims[expected] for m in survivors)

    if not room.pump(told, room.limits.observation_s):
        _speak_up(room, departure)
        if told():
            detail = f"the notice of {departure.member.name} came only after survivors had spoken"
            room.finding("late-notice", detail)
    for survivor in survivors:
        event = survivor.expects(expected)
        departure.notices_s[survivor.name] = event.at_s - departure.began_s
    departure.member.client.close()


def _speak_up(room: Room, departure: Departure) -> None:
    """Let survivors speak, for a server that tells of a departure only then."""
    try:
        room.round()
    except Contradicted as why:
        gone = f"{departure.member.name} had left ({departure.way}), and nobody was told"
        raise Contradicted(f"{gone}; then {why.reason}") from None


def _surroundings(room: Room, client: Client) -> Surroundings:
    def peer_state() -> str | None:
        row = tcp.peer_row(client.ours, client.theirs)
        return row.state if row else None

    def somebody_speaks() -> None:
        room.members[0].says()

    return Surroundings(room.reactor.pump, peer_state, somebody_speaks, room.deadline())

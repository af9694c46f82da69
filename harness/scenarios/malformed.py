"""RF-024: a malformed private message that reaches the server gets an error, and harms nobody."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from harness.expect import Event, Expectation, Kind, message
from harness.room import Marks, Room
from harness.verdict import Contradicted, Lacking, covers, sequential

ERRORS = {
    "text": (Kind.MALFORMED, Kind.ERROR),
    "recipient": (Kind.MALFORMED, Kind.ERROR, Kind.UNKNOWN_RECIPIENT),
}
"""What is an answer, by what is missing: to say that nobody has the empty name is one."""
ASIDE = (Kind.PING, Kind.IGNORE)


@covers("RF-024.4")
@sequential
@pytest.mark.parametrize("missing", ERRORS)
def test_a_malformed_private_message_is_answered_and_harms_nobody(room: Room, missing: str) -> None:
    """Without a text or a recipient it gives its sender one error, and nobody else anything."""
    ana, bia, _caio = room.join("ana", "bia", "caio")
    dialect = room.system.dialect
    if dialect.steps("private") and not any(map(dialect.describes, ERRORS[missing])):
        raise Lacking("the target file describes neither [receive] malformed nor [receive] error")
    since = room.marks()
    secret = ana.tells(bia, "") if missing == "text" else ana.tells("")
    ana.expects(Expectation(ERRORS[missing]))
    marker = ana.says()
    room.all_see(message(ana, marker), room.others(ana))
    for other in room.others(ana):
        if heard := _anything_else(other.events, other.client.unexplained, since, other.name):
            raise Contradicted(f"{other.name} received something of it: {heard!r}")
    room.ledger.discharge()
    for other in room.others(ana) if secret else ():
        other.never_saw(secret)


def _anything_else(
    events: Sequence[Event], unexplained: Sequence[str], since: Marks, name: str
) -> str | None:
    """Return what came since the marks beside the one message that was to come."""
    event, piece = since.places[name]
    heard = [e.raw for e in events[event:] if e.kind not in ASIDE]
    beside = [*heard[:-1], *unexplained[piece:]]
    return beside[0] if beside else None

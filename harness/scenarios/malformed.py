"""RF-024: a malformed private message that reaches the server gets an error, and harms nobody."""

from __future__ import annotations

import pytest

from harness.expect import Expectation, Kind
from harness.room import Room
from harness.verdict import Lacking, covers, sequential

ERRORS = {
    "text": (Kind.MALFORMED, Kind.ERROR),
    "recipient": (Kind.MALFORMED, Kind.ERROR, Kind.UNKNOWN_RECIPIENT),
}
"""What is an answer, by what is missing: to say that nobody has the empty name is one."""


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
    room.heard_nothing_but(ana, ana.says(), since)
    for other in room.others(ana) if secret else ():
        other.never_saw(secret)

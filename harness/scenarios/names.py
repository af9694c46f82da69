"""RF-008: a name identifies one person, and is free again when that person has left."""

from __future__ import annotations

import unicodedata

import pytest

from harness.expect import Kind, message
from harness.member import Member
from harness.room import EVERY_WAY, Attempt, Room
from harness.verdict import Contradicted, Lacking, covers, direct, sequential

CLAIMS = 6


@covers("RF-008.1")
@sequential
def test_a_name_in_use_is_refused(room: Room) -> None:
    """A second person with the same name is refused, and told so."""
    ana, _bia = room.join("ana", "bia")
    attempt = room.tries(ana.name)
    require_refusal(room, attempt, "a name in use")
    if attempt.member.client.is_open and has_the_name(room, attempt.member):
        raise Contradicted("a name in use was refused in words, and admitted all the same")


@covers("RF-008.2")
@direct
def test_of_simultaneous_claims_exactly_one_wins(room: Room) -> None:
    """Six claims of one name wait for the server; exactly one is admitted."""
    room.join("ana", "bia")
    attempts = room.claim_at_once(room.vocabulary.name("caio"), CLAIMS)
    admitted = [a for a in attempts if not a.refused and a.member.client.is_open]
    sentence = f"{len(admitted)} of {CLAIMS} simultaneous claims were admitted"
    if len(admitted) > 1:
        raise Contradicted(sentence)
    if not admitted:
        raise room.overdue_since_the_beginning(sentence)
    room.welcome(admitted[0])
    winner = admitted[0].member
    text = winner.says()
    room.all_expect(message(winner, text), room.others(winner))


@covers("RF-008.3")
@sequential
def test_case_is_folded_and_composition_does_not_matter_but_accents_do(room: Room) -> None:
    """Another case or another Unicode form is the same name; another accent is another name."""
    ana, _bia = room.join("ana", "bia")
    require_refusal(room, room.tries(ana.name.upper()), "a name in use, in capitals")
    composed = unicodedata.normalize("NFC", "z\u00e9" + room.vocabulary.name("z")[2:])
    if not room.promises.accepts(composed):
        return
    room.admit(composed)
    decomposed = unicodedata.normalize("NFD", composed)
    require_refusal(room, room.tries(decomposed), "a name in use, decomposed")
    room.admit(composed.replace("\u00e9", "e"))
    room.ledger.discharge()


@covers("RF-008.4")
@pytest.mark.parametrize("way", EVERY_WAY)
def test_a_name_is_free_again_after_its_holder_has_left(room: Room, way: str) -> None:
    """Whoever comes next may have the name, however its holder left."""
    room.join("ana", "bia")
    caio = room.join_to_leave("caio", way)
    room.hears_of(room.leave(caio, way))
    again = room.admit(caio.name)
    text = again.says()
    room.all_expect(message(again, text), room.others(again))


@covers("RF-008.5")
@sequential
@pytest.mark.parametrize("fault", ["blank", "too-long", "forbidden"])
def test_an_invalid_name_is_refused(room: Room, fault: str) -> None:
    """A blank name, one that is too long and one with a forbidden character are refused."""
    room.join("ana", "bia")
    name = room.promises.invalid_name(fault, room.vocabulary)
    require_refusal(room, room.tries(name), f"a name that is {fault} ({name[:30]!r})")


def require_refusal(room: Room, attempt: Attempt, what: str) -> None:
    """Check that an attempt was refused and that the one concerned was told.

    Raises:
        Contradicted: it was admitted, or turned away without a word.
        Lacking: it was turned away in words that the target file does not describe.
    """
    if attempt.refused:
        room.ledger.discharge()
        return
    client = attempt.member.client
    answers = list(client.unexplained)
    if client.is_open and came_in(room, attempt.member):
        raise Contradicted(f"{what} was admitted")
    if answers:
        raise Lacking(
            f"{what} was answered with {answers[-1][:200]!r}, "
            "which the target file does not describe as a refusal"
        )
    how = "stays connected" if client.is_open else f"was disconnected ({client.ended})"
    raise Contradicted(f"{what} was not refused in words; whoever asked for it {how}")


def has_the_name(room: Room, member: Member) -> bool:
    """Whether what somebody says is heard from the name that was refused.

    Not from another: it may be taken for one more name, or be heard from somebody without one.
    """
    try:
        if not room.is_heard(member):
            return False
    except Contradicted:  # it has been hung up on meanwhile
        return False
    words = {"from": member.name, "text": member.said[-1]}

    def is_from_it() -> bool:
        events = (event for other in room.members for event in other.events)
        return any(words.items() <= event.fields.items() for event in events)

    return room.pump(is_from_it, room.limits.notice_s)


def came_in(room: Room, member: Member) -> bool:
    """Whether what somebody says is heard, and was not taken for one more name asked for."""
    if not room.is_heard(member):
        return False
    arrivals = room.system.dialect.loosely(Kind.JOINED)
    told = [piece for m in room.members for piece in m.client.unexplained]
    names = [piece for piece in told if member.said[-1] in piece]
    return not any(pattern.search(piece) for piece in names for pattern in arrivals)

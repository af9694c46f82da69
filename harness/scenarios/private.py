"""RF-014, RF-015: a private message reaches one person, or its sender is told why not."""

from __future__ import annotations

import pytest

from harness.expect import message, private, unknown_recipient
from harness.room import Room
from harness.verdict import Contradicted, covers, sequential


@covers("RF-014.1", "RF-014.2")
@sequential
def test_private_message_reaches_only_the_named_client(room: Room) -> None:
    """A private message is shown to its recipient once, and to nobody else, now or later."""
    ana, bia, caio = room.join("ana", "bia", "caio")
    stranger = room.connect_only()
    secret = ana.tells(bia)
    with room.about("RF-014.1"):
        bia.expects(private(ana, secret))
    with room.about("RF-014.2"):
        caio.never_saw(secret)
        room.judge(lambda: room.screen.leak_of(secret))
        if stranger.tally.counts[secret]:
            raise Contradicted(f"a connection without a name received the private text {secret}")
        room.hang_up(stranger)
        (dora,) = room.join("dora")
        dora.never_saw(secret)


@covers("RF-014.1")
@sequential
def test_private_texts_arrive_whole(room: Room) -> None:
    """Accents, emoji and quotes in a private message arrive exactly as they were sent."""
    ana, bia = room.join("ana", "bia")
    for body in ("Olá, coração!", "festa 🎉 👩‍👩‍👧", "\"aspas\" 'e' <b>&amp;</b>"):
        secret = ana.tells(bia, room.vocabulary.wrapped(body))
        bia.expects(private(ana, secret))


@covers("RF-014.3")
@sequential
def test_similar_names_are_told_apart(room: Room) -> None:
    """Of two people whose names differ in the last letter only the one named gets the message."""
    ana, bia = room.join("ana", "bia")
    last = "b" if bia.name[-1] != "b" else "c"
    twin = room.admit(bia.name[:-1] + last)
    for recipient, other in ((bia, twin), (twin, bia)):
        secret = ana.tells(recipient)
        recipient.expects(private(ana, secret))
        other.never_saw(secret)


@covers("RF-014.3")
@sequential
def test_the_recipients_name_may_be_written_in_capitals(room: Room) -> None:
    """Case does not matter in the name of the recipient, as it does not when joining."""
    ana, bia, caio = room.join("ana", "bia", "caio")
    secret = ana.tells(room.vocabulary.admit(bia.name.upper()))
    bia.expects(private(ana, secret))
    caio.never_saw(secret)


@covers("RF-014.3")
def test_a_name_used_again_means_its_new_holder(room: Room) -> None:
    """Once a name has a new holder, what is told to that name reaches the new one."""
    ana, bia, caio = room.join("ana", "bia", "caio")
    room.hears_of(room.leave(bia, "fin"))
    again = room.admit(bia.name)
    secret = ana.tells(again)
    again.expects(private(ana, secret))
    caio.never_saw(secret)


@covers("RF-015.1")
@sequential
def test_an_unknown_recipient_is_reported_to_the_sender_alone(room: Room) -> None:
    """A message to nobody gives exactly one error to its sender, and nothing to anybody else."""
    ana, _bia, _caio = room.join("ana", "bia", "caio")
    since = room.marks()
    secret = ana.tells(room.vocabulary.name("nino"))
    ana.expects(unknown_recipient())
    room.heard_nothing_but(ana, ana.says(), since)
    for other in room.others(ana):
        other.never_saw(secret)


@covers("RF-015.2")
@pytest.mark.parametrize("way", ["quit", "fin"])
def test_a_recipient_that_has_just_left_is_unknown(room: Room, way: str) -> None:
    """A message to somebody who has just left is reported to its sender, exactly once."""
    ana, bia, caio = room.join("ana", "bia", "caio")
    room.hears_of(room.leave(bia, way))
    secret = ana.tells(bia)
    ana.expects(unknown_recipient())
    caio.never_saw(secret)
    text = ana.says()
    caio.expects(message(ana, text))

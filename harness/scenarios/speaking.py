"""RF-002, RF-010, RF-011: what one says all hear, whole, once, in one order."""

from __future__ import annotations

from functools import partial

import pytest

from harness.checkers.order import disagreement, reordered
from harness.expect import echo, message
from harness.room import Room
from harness.simultaneous import speak_at_once
from harness.verdict import covers, lengthy, sequential

BODIES = {
    "ascii": "The quick brown fox, 0123456789.",
    "accents": "Olá, João! Ação, pão, coração, às três e meia: é só isso? São Tomé & Príncipe.",
    "emoji": "festa 🎉🎂 família 👩‍👩‍👧 bandeira 🇧🇷 polegar 👍🏽",
    "quotes": "\"aspas\" 'simples' `crase` <b>&amp;</b> \\ % $ {} [] ; -- fim",
}

PEOPLE, MOMENTS = 10, 80


@covers("RF-002.1")
@sequential
def test_every_sender_reaches_every_receiver_once(room: Room) -> None:
    """Each of five people speaks; each of the other four hears it exactly once."""
    room.join("ana", "bia", "caio", "dora", "enzo")
    for sender in room.members:
        text = sender.says()
        room.all_expect(message(sender, text), room.others(sender))


@covers("RF-002.2", "RF-010.2")
@sequential
@pytest.mark.parametrize("kind", [*BODIES, "longest"])
def test_texts_arrive_whole(room: Room, kind: str) -> None:
    """Accents, emoji, quotes and the longest text that fits arrive exactly as they were sent."""
    ana, _bia, _caio = room.join("ana", "bia", "caio")
    longest = room.vocabulary.long_text(room.promises.longest_text_bytes)
    with room.about("RF-002.2", "RF-010.2"):
        text = ana.says(longest if kind == "longest" else room.vocabulary.wrapped(BODIES[kind]))
        room.all_expect(message(ana, text), room.others(ana))


@covers("RF-011.1")
@sequential
def test_the_sender_sees_its_own_message_once(room: Room) -> None:
    """What somebody says comes back to it exactly once."""
    ana, _bia = room.join("ana", "bia")
    for _ in range(3):
        text = ana.says()
        ana.expects(echo(ana, text))


@covers("RF-011.2")
@lengthy
def test_everybody_sees_the_same_order(room: Room) -> None:
    """While all speak at once, all see one order, and each sender's words in its own order.

    First everybody says much; then, again and again, the server finds a message of each at once.
    Of threads that race to send, a busy machine shows it in one such moment of six.
    """
    room.join(*["ana"] * PEOPLE)
    for _ in range(10):
        for sender in room.members:
            sender.says()
    _all_see_the_last(room)
    _is_one_order(room)
    for _ in range(MOMENTS):
        speak_at_once(room)
        _all_see_the_last(room)
    _is_one_order(room)


def _all_see_the_last(room: Room) -> None:
    for sender in room.members:
        room.all_see(echo(sender, sender.said[-1]), room.members)


def _is_one_order(room: Room) -> None:
    room.judge(lambda: disagreement(room.views()))
    for sender in room.members:
        room.judge_views(partial(reordered, sender.said))

"""The checkers of order: every shuffled view is caught, no equal view ever."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from harness.checkers.order import (
    disagreement,
    reordered,
    spoke_after_leaving,
    spoke_before_joining,
    texts,
)
from harness.expect import Event, Kind


def said(text: str, sender: str = "ana", kind: Kind = Kind.MESSAGE) -> Event:
    return Event(kind, {"from": sender, "text": text}, 0.0, f"{sender}: {text}")


def notice(kind: Kind, name: str) -> Event:
    return Event(kind, {"name": name}, 0.0, f"{name} {kind}")


def view(order: list[int]) -> list[Event]:
    return [said(f"t{number}") for number in order]


SEEN = st.lists(st.integers(0, 20), unique=True, min_size=2, max_size=10)


@given(SEEN, st.data())
def test_views_of_one_order_agree_whatever_each_of_them_missed(
    order: list[int], data: st.DataObject
) -> None:
    views = {}
    for name in ("ana", "bia", "caio"):
        missed = data.draw(st.sets(st.sampled_from(order)))
        views[name] = view([number for number in order if number not in missed])
    assert disagreement(views) is None


@given(SEEN, st.data())
def test_a_shuffled_view_is_caught(order: list[int], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(order))
    assume(shuffled != order)
    found = disagreement({"ana": view(order), "bia": view(order), "caio": view(shuffled)})
    assert found is not None
    assert "the other way round" in found


@given(SEEN, st.data())
def test_a_sender_whose_words_were_shuffled_is_named(order: list[int], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(order))
    sent = [f"t{number}" for number in order]
    assert reordered(sent, view(order), "bia") is None
    assert (reordered(sent, view(shuffled), "bia") is None) == (shuffled == order)


def test_the_two_texts_and_the_two_people_are_named() -> None:
    views = {"ana": view([1, 2]), "bia": view([2, 1])}
    assert disagreement(views) == "ana saw t1 before t2, bia the other way round"
    assert (
        reordered(["t1", "t2"], view([2, 1]), "bia") == "bia saw t2 before t1, which was sent first"
    )


def test_two_who_saw_nothing_in_common_hide_no_third() -> None:
    views = {"ana": view([1, 2]), "bia": view([3, 4]), "caio": view([2, 1])}
    assert disagreement(views) == "ana saw t1 before t2, caio the other way round"


def test_only_public_words_have_an_order_and_an_echo_is_one_of_them() -> None:
    events = [said("a"), said("b", kind=Kind.PRIVATE), said("c", kind=Kind.ECHO)]
    assert texts([*events, notice(Kind.JOINED, "ana")]) == ["a", "c"]


@pytest.mark.parametrize("kind", [Kind.MESSAGE, Kind.PRIVATE])
def test_words_before_the_notice_of_coming_are_caught(kind: Kind) -> None:
    early = [said("oi", "caio", kind), notice(Kind.JOINED, "caio")]
    assert spoke_before_joining("caio", early, "ana") == (
        "ana saw words of caio before the notice that it had come in"
    )
    assert spoke_before_joining("caio", early[::-1], "ana") is None


@pytest.mark.parametrize("kind", [Kind.MESSAGE, Kind.PRIVATE])
def test_words_after_the_notice_of_leaving_are_caught(kind: Kind) -> None:
    late = [notice(Kind.LEFT, "caio"), said("oi", "caio", kind)]
    assert spoke_after_leaving("caio", late, "ana") == (
        "ana saw 'caio: oi' after the notice that caio had left"
    )
    assert spoke_after_leaving("caio", late[::-1], "ana") is None


def test_notices_and_words_of_others_are_no_matter() -> None:
    events = [notice(Kind.JOINED, "bia"), said("oi", "bia"), notice(Kind.LEFT, "bia"), said("ola")]
    assert spoke_before_joining("caio", events, "ana") is None
    assert spoke_after_leaving("caio", events, "ana") is None

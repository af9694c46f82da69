"""Whether two runs saw the same: names, texts and times apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.checkers.sameness import difference, seen
from harness.expect import Event, Kind

KINDS = (Kind.JOINED, Kind.LEFT, Kind.MESSAGE)
WORDS = st.sampled_from(["ana", "bia", "caio"])


def event(kind: Kind, at_s: float = 0.0, **fields: str) -> Event:
    return Event(kind, fields, at_s, "")


def said(sender: str, text: str, at_s: float = 0.0) -> Event:
    return event(Kind.MESSAGE, at_s, **{"from": sender, "text": text})


events = st.builds(
    lambda kind, who, text: said(who, text) if kind is Kind.MESSAGE else event(kind, name=who),
    st.sampled_from(KINDS),
    WORDS,
    st.sampled_from(["one", "two"]),
)
views = st.lists(st.lists(events, max_size=6), max_size=3)


@given(views)
def test_the_same_with_other_names_and_texts_is_the_same(one: list[list[Event]]) -> None:
    others = {"ana": "xico", "bia": "yara", "caio": "zeca", "one": "um", "two": "dois"}
    renamed = [
        [Event(e.kind, {k: others[v] for k, v in e.fields.items()}, 9.0, "?") for e in view]
        for view in one
    ]
    assert difference(seen(one), seen(renamed)) is None


@given(views)
def test_what_is_missing_anywhere_is_a_difference(one: list[list[Event]]) -> None:
    for number, view in enumerate(one):
        for place in range(len(view)):
            less = [list(each) for each in one]
            del less[number][place]
            if less[number] == view[: len(view) - 1] or seen(less) != seen(one):
                assert difference(seen(one), seen(less)) is not None


def test_the_first_difference_is_named_with_what_was_expected() -> None:
    one = [[event(Kind.JOINED, name="ana"), said("ana", "olá")]]
    other = [[event(Kind.JOINED, name="bia"), event(Kind.LEFT, name="bia")]]
    sentence = "connection 1 saw as its event 2: left person-1 instead of message person-1 text-2"
    assert difference(seen(one), seen(other)) == sentence


@pytest.mark.parametrize(
    ("saw", "sentence"),
    [
        ([], "connection 1 saw as its event 1: nothing more instead of left person-1"),
        (
            [event(Kind.LEFT, name="bia"), event(Kind.LEFT, name="bia")],
            "connection 1 saw as its event 2: left person-1 instead of nothing more",
        ),
    ],
)
def test_less_and_more_are_differences(saw: list[Event], sentence: str) -> None:
    assert difference(seen([[event(Kind.LEFT, name="ana")]]), seen([saw])) == sentence


def test_another_number_of_connections_is_a_difference() -> None:
    assert difference(seen([[]]), seen([[], []])) == "there were 2 connections instead of 1"


def test_who_spoke_is_told_apart_by_who_came_first() -> None:
    ana, bia = event(Kind.JOINED, name="ana"), event(Kind.JOINED, name="bia")
    one, other = seen([[ana, bia, said("ana", "x")]]), seen([[ana, bia, said("bia", "x")]])
    assert difference(one, other) is not None


def test_pings_and_what_a_profile_had_said_do_not_count() -> None:
    plain = [[said("ana", "x")]]
    greeted = [[event(Kind.PING, rest="1"), said("ana", "greeting"), said("ana", "x")]]
    assert difference(seen(plain), seen(greeted, without={"greeting"})) is None


def test_the_order_of_a_list_of_users_counts() -> None:
    one = seen([[event(Kind.USERS, users="ana bia"), event(Kind.LEFT, name="ana")]])
    other = seen([[event(Kind.USERS, users="bia ana"), event(Kind.LEFT, name="ana")]])
    assert difference(one, other) is not None

"""Whether two runs of one scenario saw the same: everything but names, texts and times.

TCP promises neither when bytes arrive nor which arrive together, so what a target with framing
says must not depend on it. Names and texts are drawn anew in each run, so each is replaced by its
number in the order of its first appearance.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from itertools import zip_longest

from harness.expect import Event, Kind

AT_ANY_TIME = (Kind.PING, Kind.IGNORE)
"""What a target says of itself, in the middle of anything."""
NAMES, TEXT = ("name", "from", "to"), "text"
Seen = list[list[str]]
"""For each connection, in the order of their coming, what it saw, in order."""


def seen(views: Iterable[Iterable[Event]], without: Container[str] = ()) -> Seen:
    """Return what each connection saw; texts in ``without`` belong to one of the runs only."""
    numbers: dict[str, str] = {}
    return [
        [
            _told(event, numbers)
            for event in events
            if event.kind not in AT_ANY_TIME and event.fields.get(TEXT) not in without
        ]
        for events in views
    ]


def difference(one: Seen, other: Seen) -> str | None:
    """Say where the first connection that saw something else did so; None: there is none.

    ``other`` is the run that is spoken about.
    """
    if len(one) != len(other):
        return f"there were {len(other)} connections instead of {len(one)}"
    for number, (here, there) in enumerate(zip(one, other, strict=True), 1):
        for place, (expected, saw) in enumerate(zip_longest(here, there), 1):
            if expected != saw:
                what = f"{saw or 'nothing more'} instead of {expected or 'nothing more'}"
                return f"connection {number} saw as its event {place}: {what}"
    return None


def _told(event: Event, numbers: dict[str, str]) -> str:
    """Return an event as words, with numbers for names and texts."""
    people = [event.fields[key] for key in NAMES if key in event.fields]
    if event.kind in (Kind.USERS, Kind.USER):
        people = list(event.names())
    words = [numbers.setdefault(name, f"person-{len(numbers) + 1}") for name in people]
    text = event.fields.get(TEXT)
    if text is not None:
        words.append(numbers.setdefault(text, f"text-{len(numbers) + 1}"))
    return " ".join([event.kind, *words])

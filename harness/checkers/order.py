"""In which order things were seen: one order for all, notices at the right place.

Invariants H4, H6, H7, H9 and H10 of a history: each sender's order is kept, everybody sees the
same order, a join comes before the newcomer's words, a leave after the last of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, pairwise

from harness.expect import Event, Kind

Views = Mapping[str, Sequence[Event]]
SPEECH = (Kind.MESSAGE, Kind.ECHO)


def texts(events: Iterable[Event]) -> list[str]:
    """Return the texts of the public messages, in the order seen."""
    return [event.fields["text"] for event in events if event.kind in SPEECH]


def disagreement(views: Views) -> str | None:
    """Say which two clients saw the same two messages in different orders."""
    orders = {name: texts(events) for name, events in views.items()}
    for (one, here), (other, there) in combinations(orders.items(), 2):
        places = {text: place for place, text in enumerate(there)}
        common = [text for text in here if text in places]
        for before, after in pairwise(common):
            if places[before] > places[after]:
                return f"{one} saw {before} before {after}, {other} the other way round"
    return None


def reordered(sent: Sequence[str], view: Sequence[Event], name: str) -> str | None:
    """Say which two messages of one sender a client saw the wrong way round."""
    places = {text: place for place, text in enumerate(texts(view))}
    for before, after in pairwise([text for text in sent if text in places]):
        if places[before] > places[after]:
            return f"{name} saw {after} before {before}, which was sent first"
    return None


def spoke_before_joining(who: str, view: Sequence[Event], name: str) -> str | None:
    """Say that a client saw words of a newcomer before the notice of its coming."""
    for event in view:
        if event.kind is Kind.JOINED and event.fields.get("name") == who:
            return None
        if _is_from(who, event):
            return f"{name} saw words of {who} before the notice that it had come in"
    return None


def spoke_after_leaving(who: str, view: Sequence[Event], name: str) -> str | None:
    """Say that a client saw words of somebody after the notice that it had left."""
    has_left = False
    for event in view:
        if event.kind is Kind.LEFT and event.fields.get("name") == who:
            has_left = True
        elif has_left and _is_from(who, event):
            return f"{name} saw {event.raw!r} after the notice that {who} had left"
    return None


def _is_from(who: str, event: Event) -> bool:
    return event.fields.get("from") == who and event.kind in (*SPEECH, Kind.PRIVATE)

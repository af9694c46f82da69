"""What a log holds of what clients saw: all of it, once, in their order; or a gap is shown.

Invariant H16 of a history. Entries and what clients saw are compared by what they say: a message by
its text, a coming or going by its name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from harness.expect import Event, Kind

Key = tuple[Kind, str]
MESSAGES = (Kind.MESSAGE, Kind.ECHO)
NOTICES = (Kind.JOINED, Kind.LEFT)


def key(event: Event) -> Key | None:
    """Return what an event is known by; None if it is of no kind that a log must hold."""
    if event.kind in MESSAGES:
        return Kind.MESSAGE, event.fields["text"]
    if event.kind in NOTICES:
        return event.kind, event.fields["name"]
    return None


def unlogged(seen: Iterable[Event], log: Sequence[Event], name: str) -> str | None:
    """Say what a client saw and the log does not hold, or holds from somebody else."""
    entries = {key(entry): entry for entry in log}
    for event in seen:
        wanted = key(event)
        if wanted is None:
            continue
        entry = entries.get(wanted)
        if entry is None:
            return f"the log does not have {event.raw!r}, which {name} received"
        sender = event.fields.get("from")
        if sender is not None and entry.fields.get("from", sender) != sender:
            return f"the log has {entry.raw!r}, and {name} received {event.raw!r}"
    return None


def repeated(log: Sequence[Event], *kinds: Kind) -> str | None:
    """Say which entry of these kinds the log holds more than once."""
    counts = Counter(key(entry) for entry in log if entry.kind in kinds)
    for entry in log:
        if entry.kind in kinds and (times := counts[key(entry)]) > 1:
            return f"the log has {times} times: {entry.raw!r}"
    return None


def misplaced(seen: Iterable[Event], log: Sequence[Event], name: str) -> str | None:
    """Say which two things the log holds in another order than a client saw them."""
    places = {key(entry): place for place, entry in enumerate(log)}
    common = [event for event in seen if key(event) is not None and key(event) in places]
    for before, after in pairwise(common):
        if places[key(before)] > places[key(after)]:
            there = f"the log has {after.raw!r} before {before.raw!r}"
            return f"{there}, {name} saw it the other way round"
    return None


def hidden_loss(said: Sequence[str], log: Sequence[Event]) -> str | None:
    """Say that texts are missing from the log, and more of them than its gaps account for.

    A gap that shows no number may stand for any.
    """
    logged = {entry.fields["text"] for entry in log if entry.kind is Kind.MESSAGE}
    missing = [text for text in said if text not in logged]
    gaps = [entry for entry in log if entry.kind is Kind.GAP]
    if not missing:
        return None
    if not gaps:
        return f"the log shows no gap, and {len(missing)} texts are missing, the first {missing[0]}"
    numbers = [int(gap.fields["number"]) for gap in gaps if "number" in gap.fields]
    if len(numbers) == len(gaps) and sum(numbers) < len(missing):
        return f"the log shows {sum(numbers)} lost, and {len(missing)} texts are missing"
    return None

"""The times in a log: what they may mean, whether they lie within a run, whether they go back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from harness.expect import Event

FORMATS = ("%d/%m/%Y %H:%M:%S", "%d/%m/%y %H:%M:%S", "%d/%m/%Y %H:%M", "%Y/%m/%d %H:%M:%S")
CLOCKS = ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p")
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """What a text says of when: without a date it is of any day, without a zone here or in UTC."""

    said: datetime
    has_date: bool
    precision: timedelta

    def meanings(self, near: datetime) -> Iterator[datetime]:
        """Yield what it may mean, as moments in UTC; without a date, of the days about ``near``."""
        for day in (near - DAY, near, near + DAY) if not self.has_date else (self.said,):
            said = self.said.replace(year=day.year, month=day.month, day=day.day)
            if said.tzinfo is not None:
                yield said.astimezone(UTC)
            else:
                yield said.astimezone().astimezone(UTC)
                yield said.replace(tzinfo=UTC)


def read(text: str) -> Moment | None:
    """Return what a text says of when; None if it is no time."""
    text = text.strip().replace(",", ".")
    precision = _precision(text)
    if re.fullmatch(r"\d{9,10}(\.\d+)?", text):
        return Moment(datetime.fromtimestamp(float(text), UTC), True, precision)
    whole, _, fraction = text.partition(".")
    for has_date, formats in ((True, FORMATS), (False, CLOCKS)):
        for form in formats:
            try:
                said = datetime.strptime(whole, form)
            except ValueError:
                continue
            return Moment(said + _of_a_second(fraction), has_date, precision)
    try:
        return Moment(datetime.fromisoformat(text), True, precision)
    except ValueError:
        return None


def mistimed(entries: Sequence[Event], earliest: datetime, latest: datetime) -> str | None:
    """Say which entry of a log has no time, one outside of the run, or one that goes back."""
    before: Moment | None = None
    for entry in entries:
        text = entry.fields.get("time", "")
        moment = read(text)
        if moment is None:
            return f"{text!r} is no time that can be read: {entry.raw!r}"
        first, last = earliest - moment.precision, latest + moment.precision
        if not any(first <= meant <= last for meant in moment.meanings(latest)):
            return f"the time of {entry.raw!r} lies outside of the run"
        if before is not None and _goes_back(before, moment):
            return f"the time goes back at {entry.raw!r}"
        before = moment
    return None


def _goes_back(before: Moment, after: Moment) -> bool:
    """Whether a time is smaller, and not because a day is over."""
    if (before.said.tzinfo is None) != (after.said.tzinfo is None):
        return False
    back = before.said - after.said
    return timedelta(0) < back and (before.has_date or back < DAY / 2)


def _precision(text: str) -> timedelta:
    """Return how far a time may be off because of what it leaves out."""
    if re.search(r"\d:\d\d:\d\d|^\d{9,10}", text):
        return timedelta(seconds=1)
    return timedelta(minutes=1)


def _of_a_second(fraction: str) -> timedelta:
    return timedelta(seconds=float(f"0.{fraction}")) if fraction.isdigit() else timedelta(0)

"""The times in a log: what they may mean, whether they lie within a run, whether they go back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from harness.expect import Event

DATES = ("%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y", "%d.%m.%Y", "%Y/%m/%d")
DATES_OF_THE_YEAR = ("%d/%m", "%d-%m", "%d.%m")
CLOCKS = ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p")
AMERICAN = ("%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p")
DATED = (*AMERICAN, *(f"{date} {clock}" for date in DATES for clock in CLOCKS))
DATED_WITHOUT_YEAR = tuple(f"{date} {clock}" for date in DATES_OF_THE_YEAR for clock in CLOCKS)
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


def read(text: str, near: datetime) -> Moment | None:
    """Return what a text says of when; None if it is no time. A year that is not said is this."""
    text = re.sub(r"(\d),(\d)", r"\1.\2", text.strip()).replace(",", "")
    precision = _precision(text)
    if re.fullmatch(r"\d{9,10}(\.\d+)?|\d{13}", text):
        seconds = float(text) / (1_000 if re.fullmatch(r"\d{13}", text) else 1)
        return Moment(datetime.fromtimestamp(seconds, UTC), True, precision)
    if text[:4].isdigit() and text[4:5] == "-":
        return _iso(text, precision)
    whole, fraction = _without_fraction(text)
    for has_date, forms, said in (
        (True, DATED, whole),
        (True, tuple(f"%Y {form}" for form in DATED_WITHOUT_YEAR), f"{near.year} {whole}"),
        (False, CLOCKS, whole),
    ):
        for form in forms:
            try:
                moment = datetime.strptime(said, form)
            except ValueError:
                continue
            return Moment(moment + fraction, has_date, precision)
    return _iso(text, precision)


def _iso(text: str, precision: timedelta) -> Moment | None:
    try:
        return Moment(datetime.fromisoformat(text), True, precision)
    except ValueError:
        return None


def _without_fraction(text: str) -> tuple[str, timedelta]:
    """Return a text without the fraction of its seconds, and that fraction."""
    found = re.search(r"(?<=\d:\d\d:\d\d)\.(\d+)", text)
    if found is None:
        return text, timedelta(0)
    return text.replace(found.group(), "", 1), timedelta(seconds=float(f"0{found.group()}"))


def mistimed(entries: Sequence[Event], earliest: datetime, latest: datetime) -> str | None:
    """Say which entry of a log has no time, one outside of the run, or one that goes back."""
    before: Moment | None = None
    for entry in entries:
        text = entry.fields.get("time", "")
        moment = read(text, latest)
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
    if re.search(r"\d:\d\d:\d\d|^\d{9,}", text):
        return timedelta(seconds=1)
    return timedelta(minutes=1)

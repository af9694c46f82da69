"""Checked reading of the TOML files of this package: every refusal names its place.

The loaders of requirements, limits and vectors say which keys they take; what a key must look
like, and how a wrong one is reported, is decided here only.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
N = TypeVar("N", int, float)

_SECTION = re.compile(r"[1-9][0-9]*(\.[1-9][0-9]*)*")
_KINDS: Mapping[type, str] = {
    str: "text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    list: "an array",
    dict: "a table",
}


class SpecError(ValueError):
    """A file of the specification is wrong; the message says where and how."""


def shipped(name: str) -> Path:
    """Return the path of a file that lies beside this module."""
    return Path(__file__).with_name(name)


def quoted(names: Iterable[str]) -> str:
    """Return names as they are listed in a message; `none` when there are none."""
    return ", ".join(f'"{name}"' for name in names) or "none"


def suggestion(wrong: str, allowed: Iterable[str]) -> str:
    """Return ` (did you mean "x"?)`, or nothing when no allowed name is near."""
    near = difflib.get_close_matches(wrong, list(allowed), n=1)
    return f' (did you mean "{near[0]}"?)' if near else ""


@dataclass(frozen=True, slots=True)
class Table:
    """A TOML table and where it stands: the file's name, then the way down to it."""

    place: tuple[str, ...]
    values: Mapping[str, object]

    def error(self, problem: str) -> SpecError:
        """Return the error to raise, with the place before the problem."""
        file, *way = self.place
        return SpecError(": ".join([file, *([", ".join(way)] if way else []), problem]))

    def only(self, required: Iterable[str], optional: Iterable[str] = ()) -> Table:
        """Refuse keys that are unknown or missing; return the table itself."""
        needed = tuple(required)
        allowed = (*needed, *optional)
        for key in self.values:
            if key not in allowed:
                near = suggestion(key, allowed)
                raise self.error(f'unknown key "{key}"{near}; allowed: {quoted(allowed)}')
        return self.needs(*needed)

    def needs(self, *keys: str) -> Table:
        """Refuse a table without these keys, whatever else it holds; return the table itself."""
        for key in keys:
            if key not in self.values:
                raise self.error(f'missing key "{key}"; required: {quoted(keys)}')
        return self

    def string(self, key: str) -> str:
        """Return a text; it may be empty or blank."""
        return self._typed(key, str)

    def text(self, key: str) -> str:
        """Return a text that says something."""
        text = self.string(key)
        if not text.strip():
            raise self.error(f'key "{key}" must not be empty')
        return text

    def choice(self, key: str, allowed: Iterable[str]) -> str:
        """Return a text that is one of those allowed."""
        text, words = self.string(key), tuple(allowed)
        if text not in words:
            near = suggestion(text, words)
            raise self.error(f'key "{key}": unknown value "{text}"{near}; allowed: {quoted(words)}')
        return text

    def truth(self, key: str) -> bool:
        """Return true or false."""
        return self._typed(key, bool)

    def whole(self, key: str) -> int:
        """Return a whole number over zero."""
        return self._over_zero(key, self._typed(key, int))

    def number(self, key: str) -> float:
        """Return a finite number over zero, written with or without a fraction."""
        if type(self.values[key]) is int:
            return float(self.whole(key))
        return self._over_zero(key, self._typed(key, float))

    def strings(self, key: str) -> tuple[str, ...]:
        """Return an array of texts."""
        items = self._array(key)
        if any(type(item) is not str for item in items):
            raise self.error(f'key "{key}" must hold texts only')
        return tuple(str(item) for item in items)

    def section(self, key: str) -> str:
        """Return the number of a section of protocol.md, such as 3.4."""
        return self._numbered(key, self.text(key))

    def sections(self, key: str) -> tuple[str, ...]:
        """Return the numbers of one or more sections of protocol.md."""
        numbers = self.strings(key)
        if not numbers:
            raise self.error(f'key "{key}" must name at least one section of protocol.md')
        return tuple(self._numbered(key, number) for number in numbers)

    def table(self, key: str, name: str | None = None) -> Table:
        """Return the table under a key; `name` is what messages call it."""
        return Table((*self.place, name or key), self._typed(key, dict))

    def tables(self, key: str, name: str | None = None) -> tuple[Table, ...]:
        """Return an array of tables; messages call them `name` and count from one."""
        found = []
        for number, item in enumerate(self._array(key), start=1):
            if type(item) is not dict:
                raise self.error(f'key "{key}": item {number} must be a table')
            found.append(Table((*self.place, f"{name or key} {number}"), item))
        return tuple(found)

    def _typed(self, key: str, kind: type[T]) -> T:
        value = self.values[key]
        if type(value) is not kind:  # not isinstance: a bool is no whole number here
            found = _KINDS.get(type(value), type(value).__name__)
            raise self.error(f'key "{key}" must be {_KINDS[kind]}, not {found}')
        return value

    def _array(self, key: str) -> Sequence[object]:
        items: Sequence[object] = self._typed(key, list)
        return items

    def _numbered(self, key: str, number: str) -> str:
        if not _SECTION.fullmatch(number):
            raise self.error(f'key "{key}": "{number}" is not the number of a section')
        return number

    def _over_zero(self, key: str, value: N) -> N:
        if not 0 < value < float("inf"):
            raise self.error(f'key "{key}" must be finite and over zero, not {value}')
        return value


def read(path: Path) -> Table:
    """Parse a TOML file into its root table."""
    root = Table((path.name,), {})
    try:
        values = tomllib.loads(path.read_bytes().decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise root.error(f"not readable as TOML: {error}") from error
    return Table(root.place, values)

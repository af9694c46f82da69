"""Templates for JSON: a table of fields, each of which is a template of its own.

An object is read as a text of lines, ``key: value``, in which a template looks for its fields in
whatever order, among whatever others. Objects inside objects have keys like ``user.name``; a list
is read as its members between commas.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from harness.dialects.template import Piece, Template, compiled
from harness.expect import Vocabulary

Value = str | int | float | bool


def as_lines(text: str) -> str:
    """Return a JSON object as lines, ``key: value``; any other text as it is."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):  # the latter: nested without end
        return text
    return "\n".join(_lines(value)) if isinstance(value, dict) else text


def _lines(table: dict[str, Any], path: str = "") -> Iterator[str]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _lines(value, f"{path}{key}.")
        else:
            yield f"{path}{key}: {_shown(value)}"


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_shown, value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@dataclass(frozen=True)
class FieldsTemplate(Template):
    """A table of fields; ``text`` is how it is shown to a person."""

    fields: tuple[tuple[str, Template | Value], ...] = ()

    @classmethod
    def of(cls, table: Mapping[str, Value]) -> FieldsTemplate:
        """Return the template of a table.

        Raises:
            TemplateError: one of its texts cannot be a template.
        """
        fields = [(k, Template(v) if isinstance(v, str) else v) for k, v in table.items()]
        text = ", ".join(f"{key} = {_toml(value)}" for key, value in table.items())
        return cls(f"{{{text}}}", tuple(fields))

    @property
    def is_regex(self) -> bool:
        """Whether it is written as a regular expression."""
        return False

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """Its literal texts and holes, in order, as the lines of an object."""
        lines = [(f"{key}: ", *self._template(value).pieces) for key, value in self.fields]
        return tuple(piece for line in lines for piece in (*line, "\n"))

    def written(self, values: Mapping[str, str]) -> str:
        """Return the JSON object that is written, with the holes filled.

        Raises:
            TemplateError: a hole has no value here.
        """
        filled = {k: v.render(values) if isinstance(v, Template) else v for k, v in self.fields}
        return json.dumps(filled, ensure_ascii=False)

    def loose_pattern(self) -> re.Pattern[str]:
        """Return a pattern in which every hole takes anything, also nothing."""
        return self._anywhere(
            template.loose_pattern().pattern.removeprefix("^\\s*").removesuffix("\\s*$")
            for template in (self._template(value) for _, value in self.fields)
        )

    def pattern(
        self, vocabulary: Vocabulary, known: Mapping[str, str] | None = None
    ) -> re.Pattern[str]:
        """Return the pattern that recognises it in the lines of an object."""
        seen: set[str] = set()
        return self._anywhere(
            self._template(value).source(vocabulary, known or {}, seen) for _, value in self.fields
        )

    def _anywhere(self, sources: Iterator[str]) -> re.Pattern[str]:
        """Return a pattern that finds each of the fields, wherever it stands."""
        keys = (re.escape(key) for key, _ in self.fields)
        found = (
            rf"(?=(?:(?s:.*)\n)?{k}: (?:{s})\s*(?:\n|\Z))"
            for k, s in zip(keys, sources, strict=True)
        )
        return compiled(rf"\A{''.join(found)}(?s:.*)", self.text)

    @staticmethod
    def _template(value: Template | Value) -> Template:
        return value if isinstance(value, Template) else Template(_shown(value))


def _toml(value: Value) -> str:
    return json.dumps(value, ensure_ascii=False)

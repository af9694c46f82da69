"""The rules of a dialect, compiled for the names and texts in use."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from harness.dialects.template import Template
from harness.expect import Event, Kind, Vocabulary


@dataclass(frozen=True, slots=True)
class Rule:
    """A template and the kind of event it stands for."""

    kind: Kind
    template: Template


SAMPLES = {
    "name": "anabcdf",
    "from": "anabcdf",
    "to": "biabcdf",
    "text": "qbcdfghjkmnp",
    "id": "visitante42",
    "users": "anabcdf, biabcdf",
    "time": "12:34:56",
    "number": "42",
    "word": "palavra",
    "any": "uma frase",
    "rest": "uma frase",
    "space": " ",
}
"""A value for each hole, to see what a template looks like."""
Compiled = tuple[Rule, re.Pattern[str]]


@dataclass(slots=True)
class Patterns:
    """Rules compiled for a vocabulary; compiled anew when unusual names or texts were added."""

    rules: Sequence[Rule]
    vocabulary: Vocabulary
    _compiled: list[Compiled] = field(default_factory=list)
    _compiled_for: tuple[int, int] | None = None
    _endings: dict[Rule, list[str]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Compiled]:
        """Go through the rules with their current patterns, the most literal first."""
        size = (len(self.vocabulary.special_names), len(self.vocabulary.special_texts))
        if size != self._compiled_for:
            self._compiled_for = size
            rules = sorted(self.rules, key=lambda r: -r.template.literal_characters)
            self._compiled = [(r, r.template.pattern(self.vocabulary)) for r in rules]
            self._endings = {}
        return iter(self._compiled)

    def may_go_on(self, rule: Rule, following: str) -> bool:
        """Whether what a rule matched may turn out to be more in bytes still to come."""
        if rule.template.is_open_ended and not following:
            return True
        if rule not in self._endings:
            self._endings[rule] = self._endings_after(rule.template.pattern(self.vocabulary))
        return any(ending.startswith(following) for ending in self._endings[rule])

    def _endings_after(self, pattern: re.Pattern[str]) -> list[str]:
        """Return what other templates have after all that this one has."""
        whole = (r.template.render(SAMPLES) for r in self.rules if not r.template.is_regex)
        found = ((pattern.search(text), text) for text in whole)
        return [text[m.end() :] for m, text in found if m and m.end() < len(text)]

    def known(self, match: re.Match[str]) -> bool:
        """Whether every name in the match is one in use."""
        groups = match.groupdict()
        names = (groups[hole] for hole in ("name", "from", "to") if hole in groups)
        return all(name in self.vocabulary.names for name in names)

    def event(self, rule: Rule, match: re.Match[str], at_s: float) -> Event:
        """Return what a match stands for; a list of users is reduced to names in use."""
        fields = {key: value for key, value in match.groupdict().items() if value is not None}
        fields.pop("mark", None)
        if "users" in fields:
            words = re.split(r"[^\w.\-]+", fields["users"])
            fields["users"] = " ".join(w for w in words if w in self.vocabulary.names)
        return Event(rule.kind, fields, at_s, match.group())

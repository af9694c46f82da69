"""Templates with ``{holes}``: rendered to be sent, turned into patterns to be recognised.

Holes for what is ours: ``{name}`` ``{from}`` ``{to}`` match only names in use, ``{text}`` only
a text with our nonce. Spans match what is the server's own: ``{time}`` ``{number}`` ``{word}``
``{any}`` ``{rest}`` ``{space}``, ``{users}`` a list of names, and ``{id}`` a word by which the
server calls somebody; ``{to.id}``, which can only be written, is that of the recipient. A brace
itself is doubled. A template that begins with ``re:`` is a regular expression in which the holes
still work.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from random import Random

from harness.expect import LONG_NONCE, NAME, SHORT_NONCE, Vocabulary

OURS = ("name", "from", "to", "text")
SPANS = {
    "id": r"[\w\-]+",
    "users": r"[^\r\n]*",
    "time": r"[0-9](?:[0-9:./,\-T ]{0,38}[0-9])?(?: ?[AaPp]\.?[Mm]\.?|Z|\+[0-9]{2}:?[0-9]{2})?",
    "number": r"[0-9]+",
    "word": r"\S+",
    "any": r"[^\r\n]*?",
    "rest": r"[^\r\n]*",
    "space": r"\s*",
}
WRITTEN = ("to.id",)
"""Holes that have a value when something is written, and are never looked for."""
HOLES = (*OURS, *SPANS)
OPEN_ENDED = ("id", "users", "rest", "any", "word", "time")
"""Spans that, at the end of a template, may go on in bytes that have not come yet."""


class TemplateError(ValueError):
    """A template with an unknown hole, an unbalanced brace or a bad regular expression."""


@dataclass(frozen=True, slots=True)
class Hole:
    """A named gap in a template."""

    name: str


Piece = str | Hole
_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+")
_HOLE_IN_RE = re.compile(r"\{(" + "|".join(HOLES) + r")\}")


def _parse(text: str) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    for token in _TOKEN.finditer(text):
        whole, hole = token.group(), token.group(1)
        if hole is not None:
            if hole not in (*HOLES, *WRITTEN):
                holes = " ".join(f"{{{name}}}" for name in (*HOLES, *WRITTEN))
                raise TemplateError(f"{{{hole}}} is not a hole; known: {holes}")
            pieces.append(Hole(hole))
        elif whole in ("{", "}"):
            raise TemplateError(f"a single {whole!r}; write {whole * 2!r} for the character itself")
        else:
            pieces.append(whole[0] if whole in ("{{", "}}") else whole)
    return tuple(pieces)


@dataclass(frozen=True)
class Template:
    """One template of a target file."""

    text: str

    def __post_init__(self) -> None:
        """Refuse at once what cannot be a template."""
        if self.is_regex:
            self.pattern(Vocabulary(Random(0)))
        else:
            _ = self.pieces

    @property
    def is_regex(self) -> bool:
        """Whether it is written as a regular expression."""
        return self.text.startswith("re:")

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """Its literal texts and holes, in order; a regular expression has only its holes."""
        if self.is_regex:
            return tuple(Hole(found.group(1)) for found in _HOLE_IN_RE.finditer(self.text))
        return _parse(self.text)

    @cached_property
    def holes(self) -> frozenset[str]:
        """The names of its holes."""
        return frozenset(piece.name for piece in self.pieces if isinstance(piece, Hole))

    @cached_property
    def literal_characters(self) -> int:
        """How much of it is literal: the more, the more it says."""
        if self.is_regex:
            return len(re.sub(r"[^\w ]", "", _HOLE_IN_RE.sub("", self.text[3:])))
        return sum(len(piece) for piece in self.pieces if isinstance(piece, str))

    @cached_property
    def is_open_ended(self) -> bool:
        """Whether its last piece may go on in bytes that have not come yet."""
        last = self.pieces[-1] if self.pieces else ""
        return isinstance(last, Hole) and last.name in OPEN_ENDED

    def render(self, values: Mapping[str, str]) -> str:
        """Fill the holes.

        Raises:
            TemplateError: a hole has no value here, or it is a regular expression.
        """
        if self.is_regex:
            raise TemplateError(f"{self.text!r} is a regular expression and cannot be written")
        parts = []
        for piece in self.pieces:
            if isinstance(piece, Hole):
                if piece.name not in values:
                    known = " ".join(f"{{{name}}}" for name in values)
                    raise TemplateError(f"{{{piece.name}}} has no value here; known: {known}")
                parts.append(values[piece.name])
            else:
                parts.append(piece)
        return "".join(parts)

    def written(self, values: Mapping[str, str]) -> str:
        """Return what is written for it, with the holes filled; as ``render``."""
        return self.render(values)

    def shown(self, values: Mapping[str, str]) -> str:
        """Return it for a person to read, filled as far as there are values."""
        if self.is_regex:
            return self.text
        return "".join(
            values.get(p.name, f"{{{p.name}}}") if isinstance(p, Hole) else p for p in self.pieces
        )

    def loose_pattern(self) -> re.Pattern[str]:
        """Return a pattern in which every hole takes anything, also nothing."""
        parts = (r"[^\r\n]{0,60}?" if isinstance(p, Hole) else re.escape(p) for p in self.pieces)
        return re.compile("^\\s*" + "".join(parts) + "\\s*$", re.MULTILINE)

    def pattern(
        self, vocabulary: Vocabulary, known: Mapping[str, str] | None = None
    ) -> re.Pattern[str]:
        """Return the pattern that recognises it; holes in ``known`` match only their value.

        Raises:
            TemplateError: a regular expression that is none, or a hole that is only written.
        """
        return compiled(self.source(vocabulary, known or {}, set()), self.text)

    def source(self, vocabulary: Vocabulary, known: Mapping[str, str], seen: set[str]) -> str:
        """Return the source of the pattern; ``seen`` has the holes that have a group already.

        Raises:
            TemplateError: it has a hole that is only written.
        """
        if only_written := sorted(self.holes & set(WRITTEN)):
            raise TemplateError(f"{{{only_written[0]}}} can be written, not recognised")

        def gap(hole: str) -> str:
            if hole in known:
                return re.escape(known[hole])
            if hole in seen:
                return f"(?P={hole})" if hole in OURS else SPANS[hole]
            seen.add(hole)
            return f"(?P<{hole}>{_inside(hole, vocabulary)})"

        if self.is_regex:
            return _HOLE_IN_RE.sub(lambda found: gap(found.group(1)), self.text[3:])
        return "".join(gap(p.name) if isinstance(p, Hole) else re.escape(p) for p in self.pieces)


def compiled(source: str, text: str) -> re.Pattern[str]:
    """Compile the source of a pattern of the template with this text.

    Raises:
        TemplateError: it is no regular expression.
    """
    try:
        return re.compile(source)
    except re.error as error:
        raise TemplateError(f"{text!r} is not a regular expression: {error}") from None


def _inside(hole: str, vocabulary: Vocabulary) -> str:
    if hole == "text":
        long = f"(?P<mark>{LONG_NONCE})(?s:.*?)(?P=mark)"
        return _either(vocabulary.special_texts, SHORT_NONCE, long)
    if hole in OURS:
        return _either(vocabulary.special_names, NAME)
    return SPANS[hole]


def _either(literals: Iterable[str], *patterns: str) -> str:
    longest_first = sorted(literals, key=lambda text: (-len(text), text))
    return "|".join([*(re.escape(text) for text in longest_first), *patterns])

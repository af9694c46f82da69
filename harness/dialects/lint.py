"""Checks the templates of a dialect without starting anything.

Every template is rendered with sample words and must be recognised as itself among all the
others; two kinds of event that look alike would make every verdict a guess.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from harness.dialects.patterns import SAMPLES, Rule
from harness.expect import Kind, Vocabulary

LEAST_LITERAL = 2
NEEDED: dict[Kind, str] = {
    Kind.JOINED: "name",
    Kind.LEFT: "name",
    Kind.MESSAGE: "text",
    Kind.PRIVATE: "text",
    Kind.ECHO: "text",
    Kind.USERS: "users",
    Kind.USER: "name",
}
NEEDED_IN_LOG: dict[Kind, str] = {
    kind: hole for kind, hole in NEEDED.items() if kind is not Kind.PRIVATE
}
"""A log may keep to itself what was said to one person."""
FORBIDDEN = {Kind.JOINED: "text", Kind.LEFT: "text"}


def ambiguities(rules: Sequence[Rule], section: str = "receive") -> Iterator[str]:
    """Yield a sentence for each template of a section that cannot do its work."""
    for rule in rules:
        yield from _alone(rule, section)
    yield from _together(rules, section)


def _alone(rule: Rule, section: str) -> Iterator[str]:
    where = f"{section}.{rule.kind} = {rule.template.text!r}"
    holes = rule.template.holes
    if rule.template.literal_characters < LEAST_LITERAL and "text" not in holes:
        yield f"{where}: needs at least {LEAST_LITERAL} literal characters, or it matches anything"
    needed = (NEEDED_IN_LOG if section == "log" else NEEDED).get(rule.kind)
    if needed and needed not in holes and not rule.template.is_regex:
        yield f"{where}: needs {{{needed}}}"
    forbidden = FORBIDDEN.get(rule.kind)
    if forbidden in holes:
        yield f"{where}: cannot hold {{{forbidden}}}"


def _together(rules: Sequence[Rule], section: str) -> Iterator[str]:
    vocabulary = Vocabulary(Random(0))
    patterns = [rule.template.pattern(vocabulary) for rule in rules]
    for number, rule in enumerate(rules):
        if rule.template.is_regex:
            continue
        rendered = rule.template.render(SAMPLES).strip()
        for other, pattern in zip(rules, patterns, strict=True):
            if other.kind is rule.kind or not pattern.fullmatch(rendered):
                continue
            if other.template.literal_characters >= rule.template.literal_characters:
                yield _sentence(rule, other, rendered, section)
        if not patterns[number].fullmatch(rendered):
            where = f"{section}.{rule.kind} = {rule.template.text!r}"
            yield f"{where}: leave out the blanks at its ends; they are free"


def _sentence(rule: Rule, other: Rule, rendered: str, section: str) -> str:
    return (
        f"{section}.{rule.kind} = {rule.template.text!r} and {section}.{other.kind} = "
        f"{other.template.text!r} cannot be told apart: {rendered!r} would be either"
    )

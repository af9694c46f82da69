"""A dialect: how one target speaks, compiled from the tables of its description."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

from harness.description import Description, DescriptionError
from harness.dialects import log
from harness.dialects.ansi import place_in, plain
from harness.dialects.fields import FieldsTemplate, as_lines
from harness.dialects.framing import Framing, FramingError, framing
from harness.dialects.lint import ambiguities
from harness.dialects.patterns import Patterns, Rule
from harness.dialects.recogniser import Recogniser, recogniser
from harness.dialects.template import HOLES, WRITTEN, Template, TemplateError
from harness.expect import REFUSALS, Event, Kind, Vocabulary
from harness.sections import Fields, Operation
from harness.sections import Step as DescribedStep

Observed = str | Fields | list[str] | list[str | Fields]
OPERATIONS = ("join", "message", "private", "quit", "users", "pong")
LOGGED = (Kind.JOINED, Kind.LEFT, Kind.MESSAGE, Kind.PRIVATE, Kind.GAP)
VALUES = {
    "join": ("name",),
    "message": ("text", "name", "id"),
    "private": ("text", "to", "name", "id", "to.id"),
    "quit": ("name", "id"),
    "users": ("name", "id"),
}
"""What can be written in each operation; a pong has what its ping had."""
GIVEN = ("id", "to.id")
"""What has a value only where a step of the join that waits has captured it."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an operation: something to write, or something to wait for."""

    template: Template
    waits: bool


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one target speaks. Immutable; shared by every client of a scenario."""

    from_client: Framing
    from_server: Framing
    encoding: str
    operations: Mapping[str, tuple[Step, ...]]
    rules: tuple[Rule, ...]
    log: tuple[Rule, ...] = ()
    ansi: bool = False

    def steps(self, operation: str) -> tuple[Step, ...] | None:
        """Return the steps of an operation, or None where the target lacks it."""
        return self.operations.get(operation)

    def describes(self, kind: Kind) -> bool:
        """Whether the target file says how such an event looks."""
        return any(rule.kind is kind for rule in self.rules)

    def shown(self, kinds: Iterable[Kind], values: Mapping[str, str]) -> str:
        """Return the templates of some kinds as they stand in the file, for a person to read."""
        return " or ".join(
            f"{rule.kind} = {rule.template.shown(values)!r}"
            for rule in self.rules
            if rule.kind in kinds
        )

    @property
    def joins_silently(self) -> bool:
        """Whether nothing the server writes is a proof of admission."""
        return not any(step.waits for step in self.operations["join"])

    def find(self, pattern: re.Pattern[str], text: str) -> tuple[re.Match[str], int] | None:
        """Return where in received text a step finds what it waits for, and where that ends."""
        if not self.from_server.of_objects:
            match = pattern.search(plain(text) if self.ansi else text)
            return match and (match, place_in(text, match.end()) if self.ansi else match.end())
        end = 0
        for line in text.split("\n")[:-1]:
            end += len(line) + 1
            if match := pattern.fullmatch(as_lines(line)):
                return match, end
        return None

    def encode(self, text: str) -> bytes:
        """Return a text as the bytes a client writes."""
        return self.from_client.encode(text.encode(self.encoding))

    def loosely(self, *kinds: Kind) -> list[re.Pattern[str]]:
        """Return patterns for such events with any name, or none: a ghost has no name of ours."""
        rules = (rule for rule in self.rules if rule.kind in kinds)
        return [rule.template.loose_pattern() for rule in rules if not rule.template.is_regex]

    def recogniser(self, vocabulary: Vocabulary) -> Recogniser:
        """Return a recogniser for what one connection receives."""
        return self._recogniser(Patterns(self.rules, vocabulary))

    def inattentive(self, vocabulary: Vocabulary) -> Callable[[], Recogniser]:
        """Return a maker of recognisers of refusals and pings alone, for a crowd; they are cheap.

        All of them share their patterns; what they do not explain is not kept.
        """
        kinds = (*REFUSALS, Kind.PING)
        patterns = Patterns([rule for rule in self.rules if rule.kind in kinds], vocabulary)

        def make() -> Recogniser:
            made = self._recogniser(patterns)
            made.unexplained.is_kept = False
            return made

        return make

    def _recogniser(self, patterns: Patterns) -> Recogniser:
        return recogniser(self.from_server, patterns, self.encoding, ansi=self.ansi)

    def read_log(self, data: bytes, vocabulary: Vocabulary) -> list[Event]:
        """Return what the lines of the server's log say; other lines are none of ours."""
        return log.read(data, Patterns(self.log, vocabulary))


def compile_dialect(description: Description) -> Dialect:
    """Compile the speaking half of a target file, and check it without starting anything.

    Raises:
        DescriptionError: a template, a framing or an encoding is wrong, or two templates
            cannot be told apart; the message names the key.
    """
    file = description.file
    try:
        "".encode(description.wire.encoding)
    except (LookupError, ValueError):
        problem = f"wire.encoding: there is no encoding {description.wire.encoding!r}"
        raise DescriptionError(file, problem) from None
    from_client = _framing(description, "from_client")
    from_server = _framing(description, "from_server")
    rules = tuple(_rules_of(file, "receive", description.receive, from_server.of_objects))
    dialect = Dialect(
        from_client=from_client,
        from_server=from_server,
        encoding=description.wire.encoding,
        ansi=description.wire.ansi,
        operations=_operations(description, from_client, from_server),
        log=_log_rules(description),
        rules=rules,
    )
    _check_screen(description)
    _check_pong(file, dialect)
    for problem in ambiguities(rules):
        raise DescriptionError(file, problem)
    return dialect


def _log_rules(description: Description) -> tuple[Rule, ...]:
    log = description.log
    if log is None:
        return ()
    described = {kind: getattr(log, kind) for kind in LOGGED}
    rules = tuple(_rules_of(description.file, "log", described))
    for problem in ambiguities(rules, "log"):
        raise DescriptionError(description.file, problem)
    return rules


def _framing(description: Description, direction: str) -> Framing:
    name = getattr(description.wire, direction) or description.wire.framing
    try:
        return framing(name)
    except FramingError as error:
        raise DescriptionError(description.file, f"wire: {error}") from None


def _rules_of(
    file: Path, section: str, described: Mapping[Kind, Observed], of_objects: bool = False
) -> Iterator[Rule]:
    for kind, templates in described.items():
        for text in templates if isinstance(templates, list) else [templates]:
            yield Rule(kind, _looked_for(file, f"{section}.{kind}", text, of_objects))


def _operations(
    description: Description, to_server: Framing, from_server: Framing
) -> dict[str, tuple[Step, ...]]:
    operations = {}
    for name in OPERATIONS:
        operation: Operation | None = getattr(description.send, name)
        if operation is not None:
            steps = [operation] if isinstance(operation, str) else operation
            operations[name] = tuple(
                _step(description.file, f"send.{name}", step, to_server, from_server)
                for step in steps
            )
            _check_written(description, name, operations[name])
    return operations


def _check_written(description: Description, name: str, steps: tuple[Step, ...]) -> None:
    """Refuse a hole that has no value when this operation is performed."""
    values = list(VALUES.get(name, (*HOLES, *WRITTEN)))
    if not _captures_id(description.send.join):
        values = [value for value in values if value not in GIVEN]
    for step in steps:
        if step.waits:
            values += [hole for hole in step.template.holes if hole in GIVEN]
        for hole in () if step.waits else sorted(step.template.holes - set(values)):
            known = " ".join(f"{{{value}}}" for value in values)
            problem = f"send.{name} = {step.template.text!r}: {{{hole}}} has no value here"
            raise DescriptionError(description.file, f"{problem}; known: {known}{_hint(hole)}")
        if step.template.is_regex and not step.waits:
            problem = f"send.{name} = {step.template.text!r}: a regular expression is not written"
            raise DescriptionError(description.file, problem)


def _captures_id(join: Operation) -> bool:
    steps = [] if isinstance(join, str) else join
    return any(not isinstance(s, str) and "{id}" in str(s.expect) for s in steps)


def _hint(hole: str) -> str:
    captured = '; it is given by the server, in an {expect = "... {id} ..."} of send.join'
    return captured if hole in GIVEN else ""


def _check_pong(file: Path, dialect: Dialect) -> None:
    """Refuse a pong with a hole that a ping does not fill."""
    pings = [rule.template for rule in dialect.rules if rule.kind is Kind.PING]
    for step in dialect.steps("pong") or ():
        for ping in pings:
            for hole in sorted(step.template.holes - ping.holes):
                problem = f"send.pong = {step.template.text!r}: {{{hole}}} is not in {ping.text!r}"
                raise DescriptionError(file, f"{problem}, which it answers")


def _check_screen(description: Description) -> None:
    for key in ("joined", "left"):
        text = getattr(description.screen, key)
        template = _template(description.file, f"screen.{key}", text)
        if template.is_regex or template.holes - {"name"}:
            problem = f"screen.{key} = {text!r}: only {{name}} has a value here"
            raise DescriptionError(description.file, problem)


def _step(
    file: Path, path: str, step: str | DescribedStep, to_server: Framing, from_server: Framing
) -> Step:
    if not isinstance(step, str) and step.expect is not None:
        return Step(_looked_for(file, path, step.expect, from_server.of_objects), waits=True)
    text = step if isinstance(step, str) else step.send or ""
    return Step(_template(file, path, text, to_server.of_objects), waits=False)


def _looked_for(file: Path, path: str, text: str | Fields, of_objects: bool) -> Template:
    """Return a template that is to be recognised."""
    template = _template(file, path, text, of_objects)
    try:
        template.pattern(Vocabulary(Random(0)))
    except TemplateError as error:
        raise DescriptionError(file, f"{path} = {text!r}: {error}") from None
    return template


def _template(file: Path, path: str, text: str | Fields, of_objects: bool = False) -> Template:
    if isinstance(text, str) == of_objects:
        right = '{type = "...", text = "{text}"}' if of_objects else '"..."'
        problem = f"{path} = {text!r}: with this wire.framing it is written as {right}"
        raise DescriptionError(file, problem)
    try:
        return Template(text) if isinstance(text, str) else FieldsTemplate.of(text)
    except TemplateError as error:
        raise DescriptionError(file, f"{path} = {text!r}: {error}") from None

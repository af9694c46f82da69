"""The vocabulary of expectations: what a client may see, and the words it is recognised by.

An ``Event`` is what a dialect recognised in the bytes a client received; an ``Expectation``
says which events would do. Names and texts are ours, unique in their scenario and of a fixed
shape, so that they are found even in a stream without framing:

- a **name** is seven lower-case letters, none a prefix of another;
- a **nonce** is twelve letters without vowels, ``q`` first; a longer text carries one that
  begins with ``x`` at both ends, so that a torn text is seen.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

LETTERS = "bcdfghjkmnprstvwz"
NAME_LENGTH = 7
NAME = f"[a-z]{{{NAME_LENGTH}}}"
SHORT_NONCE = f"q[{LETTERS}]{{11}}"
LONG_NONCE = f"x[{LETTERS}]{{11}}"
LEAST_TEXT = 24
"""A longer text has at least its two nonces."""
NONCE = f"[qx][{LETTERS}]{{11}}"


class Kind(StrEnum):
    """Every kind of thing a target file can describe under ``[receive]``; a gap: ``[log]``."""

    JOINED = "joined"
    LEFT = "left"
    MESSAGE = "message"
    ECHO = "echo"
    PRIVATE = "private"
    PRIVATE_SENT = "private_sent"
    ACCEPTED = "accepted"
    UNKNOWN_RECIPIENT = "unknown_recipient"
    NAME_TAKEN = "name_taken"
    NAME_INVALID = "name_invalid"
    SERVER_FULL = "server_full"
    MALFORMED = "malformed"
    ERROR = "error"
    RENAMED = "renamed"
    USERS = "users"
    USER = "user"
    GOODBYE = "goodbye"
    PING = "ping"
    IGNORE = "ignore"
    GAP = "gap"


REFUSALS = (Kind.NAME_TAKEN, Kind.NAME_INVALID, Kind.SERVER_FULL)
"""What ends an attempt to join."""
COMPLAINTS = (Kind.UNKNOWN_RECIPIENT, Kind.MALFORMED, Kind.ERROR)
"""What ends any other operation."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something recognised: its kind, what its holes held, when its last byte was read."""

    kind: Kind
    fields: Mapping[str, str]
    at_s: float
    raw: str

    def names(self) -> tuple[str, ...]:
        """Return the names listed in a ``users`` or ``user`` event."""
        return tuple(self.fields.get("users", self.fields.get("name", "")).split())


class Named(Protocol):
    """Whoever has a name: a virtual client."""

    @property
    def name(self) -> str:
        """The name it asked for."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """Which events would do: one of these kinds, with these fields where an event has them.

    A field that the target's template does not hold cannot be judged and does not count
    against the event (a message shown without its sender).
    """

    kinds: tuple[Kind, ...]
    fields: tuple[tuple[str, str], ...] = ()

    def matches(self, event: Event) -> bool:
        """Whether the event is what was expected."""
        return event.kind in self.kinds and all(
            event.fields.get(key, value) == value for key, value in self.fields
        )

    @property
    def text(self) -> str | None:
        """The text that is expected, if any."""
        return dict(self.fields).get("text")

    def __str__(self) -> str:
        kind = " or ".join(kind.value.replace("_", " ") for kind in self.kinds)
        shown = ", ".join(f"{key} {_shortened(value)}" for key, value in self.fields)
        return f"“{kind}” ({shown})" if shown else f"“{kind}”"


def _shortened(text: str, most: int = 60) -> str:
    return text if len(text) <= most else f"{text[:28]}…{text[-12:]} ({len(text)} characters)"


def joined(who: Named) -> Expectation:
    """Expect the notice that ``who`` has come in (RF-001)."""
    return Expectation((Kind.JOINED,), (("name", who.name),))


def left(who: Named) -> Expectation:
    """Expect the notice that ``who`` has left (RF-005)."""
    return Expectation((Kind.LEFT,), (("name", who.name),))


def message(sender: Named, text: str) -> Expectation:
    """Expect a message for everyone (RF-002)."""
    return Expectation((Kind.MESSAGE,), (("from", sender.name), ("text", text)))


def echo(sender: Named, text: str) -> Expectation:
    """Expect the sender's own copy of its message, in whatever form (RF-011)."""
    return Expectation((Kind.MESSAGE, Kind.ECHO), (("from", sender.name), ("text", text)))


def private(sender: Named, text: str) -> Expectation:
    """Expect a private message at its recipient (RF-014)."""
    return Expectation((Kind.PRIVATE,), (("from", sender.name), ("text", text)))


def unknown_recipient() -> Expectation:
    """Expect to be told that the recipient is not there (RF-015)."""
    return Expectation((Kind.UNKNOWN_RECIPIENT,))


def refusal(*kinds: Kind) -> Expectation:
    """Expect an attempt to join to be refused, in one of these ways (RF-008)."""
    return Expectation(kinds or REFUSALS)


@dataclass(slots=True)
class Vocabulary:
    """The names and texts in use in one scenario, invented from a seed.

    ``special_names`` and ``special_texts`` are those without the usual shape, such as a
    name with an accent: recognised literally.
    """

    rng: random.Random
    names: set[str] = field(default_factory=set)
    special_names: set[str] = field(default_factory=set)
    special_texts: set[str] = field(default_factory=set)

    def name(self, base: str) -> str:
        """Invent a name of seven letters that begins with ``base`` (at most five letters)."""
        while True:
            name = base + "".join(self.rng.choices(LETTERS, k=NAME_LENGTH - len(base)))
            if name not in self.names:
                return self.admit(name)

    def admit(self, name: str) -> str:
        """Put a name in use and return it."""
        self.names.add(name)
        if not re.fullmatch(NAME, name):
            self.special_names.add(name)
        return name

    def nonce(self) -> str:
        """Invent a short text."""
        return "q" + "".join(self.rng.choices(LETTERS, k=11))

    def wrapped(self, body: str) -> str:
        """Invent a text that holds ``body`` between two copies of one nonce."""
        mark = "x" + "".join(self.rng.choices(LETTERS, k=11))
        return f"{mark}{body}{mark}"

    def long_text(self, size_bytes: int, filling: str = "palavra ") -> str:
        """Invent an ASCII text of exactly ``size_bytes`` bytes (at least ``LEAST_TEXT``)."""
        inner = size_bytes - LEAST_TEXT
        return self.wrapped((filling * (inner // len(filling) + 1))[:inner])


def nonce_of(text: str) -> str:
    """Return the nonce that stands for a text in the raw bytes of a connection."""
    return text[:12]


def nonces_in(text: str) -> int:
    """Return how often its nonce occurs in one whole copy of a text."""
    return text.count(nonce_of(text))

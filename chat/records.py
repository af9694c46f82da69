"""What the journal is told of an event: who did what, to whom, in which words.

Owns the vocabulary of the log (9.2). Pure: no time, no file, no sockets.
"""

from collections.abc import Hashable
from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar

Listener = TypeVar("Listener", bound=Hashable)


class Kind(StrEnum):
    """What a row of the log is about: the word in the file."""

    JOINED = "joined"
    LEFT = "left"
    MESSAGE = "message"
    PRIVATE = "private"
    GAP = "gap"


class Record(NamedTuple, Generic[Listener]):
    """One event of the room. Its text is as it was said; no kind but messages has one."""

    kind: Kind
    who: Listener
    name: str
    recipient: str | None = None
    text: str | None = None

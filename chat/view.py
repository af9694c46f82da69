"""What lies between the presenter and the window, and between the presenter and the connection.

Owns the words that they share; nothing is decided and nothing is drawn here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from queue import Queue
from typing import Protocol

from chat.connection import Happening


class Tone(Enum):
    """What a row is, for its colour."""

    OTHERS = auto()
    MINE = auto()
    PRIVATE = auto()
    NOTICE = auto()
    ERROR = auto()


@dataclass(frozen=True, slots=True)
class Row:
    """One event, as it is read; a window may need several lines for it."""

    tone: Tone
    time: str
    text: str


class State(Enum):
    """How far the conversation has come."""

    NAMING = auto()
    CONNECTING = auto()
    CLAIMING = auto()
    IN_ROOM = auto()
    OVER = auto()


class View(Protocol):
    """The window, as its presenter sees it. Nothing is asked of it from another thread."""

    def ask_name(self, problem: str) -> None:
        """Let the user type a name; say what was wrong with the one before, if there was one."""

    def set_state(self, state: State, where: str, name: str) -> None:
        """Show how far it is: who we are, and with whom."""

    def set_people(self, names: Sequence[str]) -> None:
        """Show who is here."""

    def show(self, rows: Sequence[Row]) -> None:
        """Add rows at the end."""

    def complain(self, problem: str) -> None:
        """Say, where the user types, why that was not sent."""

    def tell(self, title: str, text: str) -> None:
        """Show a message, until the user has seen it."""

    def ask_again(self, title: str, text: str) -> bool:
        """Show a message, and return whether the user wants to try again."""

    def close(self) -> None:
        """End the window."""


class Link(Protocol):
    """The connection, as the presenter sees it."""

    happenings: Queue[Happening]

    def send(self, line: bytes) -> bool:
        """Whether the line will be sent."""

    def leave(self) -> None:
        """Send what waits, then end."""

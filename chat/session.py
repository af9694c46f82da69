"""What a line means, coming from this client now: a claim to a name, or a member's command.

Owns the two states of a client, before its name and after, and counts refused names. Pure, like
the room it acts on.

Law: a client without a name can do nothing but claim one, or leave.
"""

from typing import Generic

from chat.config import NAME_TRIES_MAX
from chat.framing import Line
from chat.protocol import Claim, Code, ListUsers, Quit, Say, Tell, parse, parse_claim
from chat.records import Listener
from chat.room import Room


class Session(Generic[Listener]):
    """One client's conversation with the room, from its first line to its departure."""

    def __init__(self, room: Room[Listener], who: Listener) -> None:
        self._room = room
        self._who = who
        self._refusals = 0

    @property
    def has_name(self) -> bool:
        """Whether the client is a member of the room."""
        return self._who in self._room

    def hear(self, line: Line) -> bool:
        """Act on one line. False: the conversation is over, by the client's will or by ours."""
        return self._obey(line) if self.has_name else self._consider(line)

    def end(self) -> None:
        """The client is gone: if it had a name, everybody hears of it."""
        if self.has_name:
            self._room.leave(self._who)

    def _consider(self, line: Line) -> bool:
        match line if isinstance(line, Code) else parse_claim(line):
            case Claim(name):
                return self._claim(name)
            case Code() as code:
                self._room.fault(self._who, code)
            case Quit():
                return False
        return True

    def _claim(self, name: str) -> bool:
        refusal = self._room.join(self._who, name)
        if refusal is None:
            return True
        self._room.fault(self._who, refusal)
        self._refusals += 1
        return self._refusals < NAME_TRIES_MAX

    def _obey(self, line: Line) -> bool:
        match line if isinstance(line, Code) else parse(line):
            case Say(text):
                self._room.say(self._who, text)
            case Tell(recipient, text):
                self._room.tell(self._who, recipient, text)
            case ListUsers():
                self._room.list_users(self._who)
            case Code() as code:
                self._room.fault(self._who, code)
            case Quit():
                return False
        return True

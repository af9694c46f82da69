"""Bytes of the server to events, as the client reads them (5.1).

Owns the other half of what protocol has: there an event becomes a line, here a line becomes an
event. No sockets, no window, no state but what a line has left behind.

Laws: any split of the same bytes gives the same events; never more than one line's bound of bytes
is kept; after a line of no kind (5.9) nothing is an event any more.
"""

import re
from dataclasses import dataclass

from chat.config import LINE_OUT_MAX_BYTES
from chat.names import canonical


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody came in (RF-001)."""

    name: str


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody is gone (RF-005)."""

    name: str


@dataclass(frozen=True, slots=True)
class Users:
    """Who is here, or a part of them (5.5)."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A message for everyone (RF-002)."""

    sender: str
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """A private message for us (RF-014)."""

    sender: str
    text: str


@dataclass(frozen=True, slots=True)
class ToldCopy:
    """Our own private message, as it was passed on (RF-013)."""

    recipient: str
    text: str


@dataclass(frozen=True, slots=True)
class Failure:
    """What the server could not do for us (5.8): the code decides, the phrase is for people."""

    code: str
    phrase: str


@dataclass(frozen=True, slots=True)
class Goodbye:
    """The server is about to stop (8)."""


Event = Joined | Left | Users | Said | Told | ToldCopy | Failure | Goodbye


class NotTheProtocolError(ValueError):
    """A line of no kind (5.9); the message quotes it."""


class EventDecoder:
    """Turns the server's bytes into events, until they are none.

    `garbage` has the line of no kind, once there was one.
    """

    def __init__(self) -> None:
        self.garbage: str | None = None
        self._rest = b""

    def feed(self, data: bytes) -> list[Event]:
        """The events that `data` completes, up to a line of no kind."""
        if self.garbage is not None:
            return []
        *lines, self._rest = (self._rest + data).split(b"\n")
        events = []
        try:
            for line in lines:
                events.append(_event(line))
            if len(self._rest) >= LINE_OUT_MAX_BYTES:
                raise NotTheProtocolError(_shown(self._rest))
        except NotTheProtocolError as error:
            self.garbage, self._rest = str(error), b""
        return events


_NAME = "(?P<name>[^ :]+)"
_NOTICES: dict[re.Pattern[str], type[Joined | Left]] = {
    re.compile(rf"\* {_NAME} entrou no chat"): Joined,
    re.compile(rf"\* {_NAME} saiu do chat"): Left,
}
_MESSAGES: dict[re.Pattern[str], type[Told | ToldCopy | Said]] = {
    re.compile(rf"\[privado de {_NAME}\] (?P<text>.+)", re.DOTALL): Told,
    re.compile(rf"\[privado para {_NAME}\] (?P<text>.+)", re.DOTALL): ToldCopy,
    re.compile(rf"{_NAME}: (?P<text>.+)", re.DOTALL): Said,
}
_USERS = "* conectados: "
_GOODBYE = "* servidor encerrando"
_FAILURE = re.compile(r"! (?P<code>[a-z]+(?:-[a-z]+)*): (?P<phrase>.+)", re.DOTALL)


def _event(line: bytes) -> Event:
    if len(line) >= LINE_OUT_MAX_BYTES:
        raise NotTheProtocolError(_shown(line))
    try:
        text = line.removesuffix(b"\r").decode()
    except UnicodeDecodeError:
        raise NotTheProtocolError(_shown(line)) from None
    event = _notice(text) or _message(text)
    if event is None:
        raise NotTheProtocolError(_shown(line))
    return event


def _notice(text: str) -> Event | None:
    """What a line that begins with `*` or `!` says; None: nothing of ours."""
    if text == _GOODBYE:
        return Goodbye()
    if text.startswith(_USERS):
        names = text.removeprefix(_USERS).split(", ")
        return Users(tuple(names)) if all(map(_is_name, names)) else None
    if found := _FAILURE.fullmatch(text):
        return Failure(found["code"], found["phrase"])
    for pattern, notice in _NOTICES.items():
        if (found := pattern.fullmatch(text)) and _is_name(found["name"]):
            return notice(found["name"])
    return None


def _message(text: str) -> Event | None:
    for pattern, message in _MESSAGES.items():
        if (found := pattern.fullmatch(text)) and _is_name(found["name"]):
            return message(found["name"], found["text"])
    return None


def _is_name(text: str) -> bool:
    return canonical(text) == text


def _shown(line: bytes, most: int = 60) -> str:
    return line[:most].decode(errors="replace")

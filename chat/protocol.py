"""Lines to commands, and events to lines.

Owns the vocabulary of the wire, both ways. No bytes come in here (framing has cut and decoded
them), and no sockets, threads or room exist here.

Laws: the first character tells the kind of every line sent, and no text can forge another kind
(RF-014); what a terminal, a log or a careless client could take for more than text is replaced
before it is shown to anybody.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from chat.config import USERS_LINE_MAX_BYTES

_REPLACED = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")

_COMMA = b", "


class Code(Enum):
    """The errors a client can be told of: the code on the wire."""

    NAME_TAKEN = "nome-em-uso"
    NAME_INVALID = "nome-invalido"
    UNKNOWN_RECIPIENT = "destinatario-desconhecido"
    MALFORMED = "formato-invalido"
    UNKNOWN_COMMAND = "comando-desconhecido"
    LINE_TOO_LONG = "linha-longa"
    NOT_UTF8 = "texto-invalido"
    SERVER_FULL = "servidor-cheio"
    TOO_SLOW = "muito-lento"


_PHRASES = {
    Code.NAME_TAKEN: "este nome já está em uso",
    Code.NAME_INVALID: "use de 1 a 20 letras, dígitos, '_', '-' ou '.'",
    Code.UNKNOWN_RECIPIENT: "não há ninguém com esse nome no chat",
    Code.MALFORMED: "use /privado <nome> <texto>, /usuarios ou /sair",
    Code.UNKNOWN_COMMAND: "os comandos são /privado, /usuarios e /sair",
    Code.LINE_TOO_LONG: "a linha passa de 4096 bytes e foi descartada",
    Code.NOT_UTF8: "a linha não é UTF-8 e foi descartada",
    Code.SERVER_FULL: "não há lugar para mais ninguém; tente mais tarde",
    Code.TOO_SLOW: "as mensagens não estavam sendo lidas",
}


@dataclass(frozen=True, slots=True)
class Claim:
    """A client without a name wants this one."""

    name: str


@dataclass(frozen=True, slots=True)
class Say:
    """A message for everyone."""

    text: str


@dataclass(frozen=True, slots=True)
class Tell:
    """A message for one person."""

    recipient: str
    text: str


@dataclass(frozen=True, slots=True)
class ListUsers:
    """Who is here?"""


@dataclass(frozen=True, slots=True)
class Quit:
    """The client wants to leave (RF-016)."""


Command = Say | Tell | ListUsers | Quit


def parse_claim(line: str) -> Claim | Quit | None:
    """What a line means before a name is accepted; None: nothing."""
    if not line:
        return None
    return Quit() if line.rstrip(" ") == "/sair" else Claim(line)


def parse(line: str) -> Command | Code | None:
    """What a member's line means: a command, the error to answer with, or None: nothing."""
    if not line.startswith("/"):
        return Say(line) if line.strip(" ") else None
    if line.startswith("//"):
        return Say(line[1:])
    word, _, rest = line.partition(" ")
    if word == "/privado":
        return _parse_tell(rest)
    if word not in ("/sair", "/usuarios"):
        return Code.UNKNOWN_COMMAND
    if rest.strip(" "):
        return Code.MALFORMED
    return Quit() if word == "/sair" else ListUsers()


def _parse_tell(rest: str) -> Tell | Code:
    recipient, _, text = rest.partition(" ")
    return Tell(recipient, text) if recipient and text.strip(" ") else Code.MALFORMED


def said(sender: str, text: str) -> bytes:
    """A message, as everyone hears it."""
    return f"{sender}: {clean(text)}\n".encode()


def told(sender: str, text: str) -> bytes:
    """A private message, as its recipient hears it."""
    return f"[privado de {sender}] {clean(text)}\n".encode()


def told_copy(recipient: str, text: str) -> bytes:
    """A private message, as its sender hears that it was passed on."""
    return f"[privado para {recipient}] {clean(text)}\n".encode()


def joined(name: str) -> bytes:
    """Somebody came in (RF-001)."""
    return f"* {name} entrou no chat\n".encode()


def left(name: str) -> bytes:
    """Somebody is gone (RF-005)."""
    return f"* {name} saiu do chat\n".encode()


def closing() -> bytes:
    """The server is about to stop."""
    return b"* servidor encerrando\n"


def error(code: Code) -> bytes:
    """An error, as the one concerned hears it."""
    return f"! {code.value}: {_PHRASES[code]}\n".encode()


def users(names: Iterable[str]) -> Iterator[bytes]:
    """Who is here, in as many lines as their bound asks for (5.5)."""
    group: list[bytes] = []
    room_bytes = 0
    for name in map(str.encode, names):
        if group and room_bytes < len(_COMMA) + len(name):
            yield _users_line(group)
            group = []
        if not group:
            room_bytes = USERS_LINE_MAX_BYTES - len(_users_line([])) + len(_COMMA)
        group.append(name)
        room_bytes -= len(_COMMA) + len(name)
    yield _users_line(group)


def _users_line(names: list[bytes]) -> bytes:
    return b"* conectados: " + _COMMA.join(names) + b"\n"


def clean(text: str) -> str:
    """The text as it is shown to anybody (2.4)."""
    return _REPLACED.sub("\ufffd", text)

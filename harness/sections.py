"""The sections of a target file, as typed records; each refuses what can never work.

What the templates in them mean is the business of ``dialects``, how a program is started that of
``targets``.
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from harness.expect import LEAST_TEXT, NAME_LENGTH, Kind

LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """One section of the file."""


class Target(Table, frozen=True):
    """``[target]``: who it is and which dialect it builds on."""

    name: str = ""
    role: Literal["server", "client"] = "server"
    dialect: str = ""


class Launch(Table, frozen=True):
    """``[launch]``: how it is started. Times in seconds.

    ``build`` is run once before the first start. ``address`` is an ``IP:port`` that is hard-coded;
    normally it is seen where a server listens, or where a client connects to.
    ``without_arguments`` starts a client that is told nothing, where ``command`` tells it
    something. ``package`` is the Debian package of a program that a machine may lack: then nothing
    is run.
    """

    command: str | list[str]
    cwd: str = "."
    copy: bool = True
    env: dict[str, str] = {}
    files: dict[str, str] = {}
    stdin: str = ""
    build: str | list[str] = ""
    build_s: float = 60.0
    package: str = ""
    address: str = ""
    without_arguments: str | list[str] = ""
    ready: str = ""
    ready_s: float = 10.0


class Wire(Table, frozen=True):
    """``[wire]``: how bytes are cut into texts, in each direction.

    With ``ansi`` the server colours its texts for a terminal; the colours are left out.
    """

    framing: str = "raw"
    from_client: str = ""
    from_server: str = ""
    encoding: str = "utf-8"
    ansi: bool = False


class Names(Table, frozen=True):
    """``[names]``: what it accepts as a name; lengths in code points."""

    min: int = 1
    max: int | None = None
    alphabet: str = ""

    def __post_init__(self) -> None:
        """Refuse an alphabet that is no set of characters, and bounds that none of ours fits."""
        try:
            ours = re.fullmatch(f"[{self.alphabet}]*" if self.alphabet else ".*", LETTERS)
        except re.error as error:
            problem = f'The alphabet {self.alphabet!r} is not like "a-z0-9_" ({error})'
            raise ValueError(problem) from None
        if ours is None or not self.min <= NAME_LENGTH <= (self.max or NAME_LENGTH):
            ours_are = f"The names that are tried have {NAME_LENGTH} small letters of a to z"
            raise ValueError(f"{ours_are}, and this target takes none like them")


class Limits(Table, frozen=True):
    """``[limits]``: what the target does not promise to stand; what asks for more is not asked.

    ``messages_per_s`` of one client are the most, and one that is silent for ``idle_s`` seconds
    may be sent away.
    """

    clients: int | None = None
    text_bytes: int | None = None
    messages_per_s: float | None = None
    idle_s: float | None = None

    def __post_init__(self) -> None:
        """Refuse a limit under which nothing could be asked at all."""
        for name in ("messages_per_s", "idle_s"):
            if (value := getattr(self, name)) is not None and value <= 0:
                raise ValueError(f"{name} = {value} lets nobody say anything; leave it out")
        for name, least in (("clients", 2), ("text_bytes", LEAST_TEXT)):
            if (value := getattr(self, name)) is not None and value < least:
                raise ValueError(f"{name} = {value} is too few to try anything: at least {least}")


Fields = dict[str, str | int | float | bool]
"""An object of a protocol of JSON: keys, and a template for the value of each."""


class Step(Table, frozen=True):
    """A step of an operation: a text to write, or a text of the server's to wait for."""

    send: str | Fields | None = None
    expect: str | Fields | None = None

    def __post_init__(self) -> None:
        """Refuse a step that does both, or nothing."""
        if (self.send is None) == (self.expect is None):
            raise ValueError("A step has either send or expect")


Operation = str | list[str | Step]


class Send(Table, frozen=True):
    """``[send]``: the operations, each a text or a list of steps."""

    join: Operation = "{name}"
    message: Operation = "{text}"
    private: Operation | None = None
    quit: Operation | None = None
    users: Operation | None = None
    pong: Operation | None = None


class Window(Table, frozen=True):
    """``[window]``: how a client is used where that is not as in the requirements.

    ``private`` is what its user types to send a private message.
    """

    private: str = "/privado {to} {text}"

    def __post_init__(self) -> None:
        """Refuse a form without a recipient, or without a text behind it."""
        if re.fullmatch(r"[^{}]*\{to\}[^{}]+\{text\}[^{}]*", self.private) is None:
            raise ValueError(f"private = {self.private!r} needs {{to}}, and {{text}} behind it")


class Screen(Table, frozen=True):
    """``[screen]``: how the server's own output shows who comes and goes."""

    joined: str = "{name}"
    left: str = "{name}"


Templates = str | list[str]


class Log(Table, frozen=True):
    """``[log]``: where the server's log is, and how a line of it reads.

    ``file`` is a path in the target's working folder; ``command`` prints the log.
    """

    joined: Templates
    left: Templates
    message: Templates
    file: str = ""
    command: str | list[str] = ""
    private: Templates = []
    gap: Templates = []

    def __post_init__(self) -> None:
        """Refuse a log that is in two places, or nowhere."""
        if bool(self.file) == bool(self.command):
            raise ValueError("A log has either file or command")


Receive = dict[Kind, str | Fields | list[str | Fields]]

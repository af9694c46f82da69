"""Golden bytes and their meaning, loaded from vectors.toml (its header explains the format).

Every codec of the project is held to these vectors; the sections they cite are of protocol.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from spec.tables import SpecError, Table, read, shipped
from spec.vocabulary import COMMANDS, COMMANDS_IN, ERROR_CODES, EVENTS

__all__ = [
    "FromClient",
    "FromServer",
    "Garbage",
    "NameVector",
    "Replacement",
    "SpecError",
    "Vectors",
    "load",
]

_BYTES = ("text", "hex", "parts")


@dataclass(frozen=True, slots=True)
class FromClient:
    """Bytes the server reads in one state of a connection, and what they are, in order."""

    name: str
    section: str
    state: str
    data: bytes
    commands: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class FromServer:
    """One line the server writes, and the event it tells."""

    name: str
    section: str
    data: bytes
    event: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Garbage:
    """Bytes no server writes; a client that reads them gives the connection up."""

    name: str
    section: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Replacement:
    """A text as received, and as the server re-emits it."""

    name: str
    section: str
    received: str
    emitted: str


@dataclass(frozen=True, slots=True)
class NameVector:
    """A name, whether its form is valid, and who is the same person and who is not."""

    name: str
    valid: bool
    same_as: tuple[str, ...]
    different_from: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vectors:
    """All vectors of the file, in its order."""

    from_client: tuple[FromClient, ...]
    from_server: tuple[FromServer, ...]
    garbage: tuple[Garbage, ...]
    replacement: tuple[Replacement, ...]
    name: tuple[NameVector, ...]


def load(path: Path | None = None) -> Vectors:
    """Load the vectors; without a path those shipped with the package."""
    root = read(path or shipped("vectors.toml"))
    root.only(["from_client", "from_server", "garbage", "replacement", "name"])
    return Vectors(
        tuple(_from_client(table) for table in _named(root, "from_client")),
        tuple(_from_server(table) for table in _named(root, "from_server")),
        tuple(_garbage(table) for table in _named(root, "garbage")),
        tuple(_replacement(table) for table in _named(root, "replacement")),
        tuple(_name(table) for table in _named(root, "name")),
    )


def _named(root: Table, key: str) -> Iterable[Table]:
    """Yield the tables of one kind; each is called by a name no other of its kind has."""
    seen: set[str] = set()
    for table in root.tables(key):
        name = table.needs("name").string("name")
        named = Table((*root.place, f"{key} {name!r}"), table.values)
        if name in seen:
            raise named.error("the name is used twice")
        seen.add(name)
        yield named


def _from_client(table: Table) -> FromClient:
    table.only(["name", "section", "commands"], [*_BYTES, "state"])
    state = table.choice("state", COMMANDS_IN) if "state" in table.values else "member"
    return FromClient(
        table.text("name"),
        table.section("section"),
        state,
        _data(table),
        tuple(_command(item, state) for item in table.tables("commands", "command")),
    )


def _from_server(table: Table) -> FromServer:
    table.only(["name", "section", "event"], _BYTES)
    data = _data(table)
    if data.count(b"\n") != 1 or not data.endswith(b"\n"):
        raise table.error("the bytes must be exactly one line, LF included")
    return FromServer(
        table.text("name"), table.section("section"), data, _event(table.table("event"))
    )


def _garbage(table: Table) -> Garbage:
    table.only(["name", "section"], _BYTES)
    return Garbage(table.text("name"), table.section("section"), _data(table))


def _replacement(table: Table) -> Replacement:
    table.only(["name", "section", "received", "emitted"])
    return Replacement(
        table.text("name"),
        table.section("section"),
        table.string("received"),
        table.string("emitted"),
    )


def _name(table: Table) -> NameVector:
    identity = ("same_as", "different_from")
    table.only(["name", "valid"], identity)
    valid = table.truth("valid")
    same, different = (table.strings(key) if key in table.values else () for key in identity)
    if not valid and (same or different):
        raise table.error("an invalid name has no identity to compare")
    return NameVector(table.string("name"), valid, same, different)


def _command(table: Table, state: str) -> Mapping[str, str]:
    command = table.needs("command").choice("command", COMMANDS_IN[state])
    return MappingProxyType({"command": command} | _fields(table, "command", COMMANDS[command]))


def _event(table: Table) -> Mapping[str, object]:
    kind = table.needs("kind").choice("kind", EVENTS)
    event: dict[str, object] = {"kind": kind, **_fields(table, "kind", EVENTS[kind])}
    if kind == "users":
        event["names"] = table.strings("names")
    return MappingProxyType(event)


def _fields(table: Table, head: str, fields: tuple[str, ...]) -> dict[str, str]:
    """Return the text fields of a command or an event."""
    in_parts = "text_parts" in table.values
    table.only([head, *(f"{f}_parts" if in_parts and f == "text" else f for f in fields)])
    found = {}
    for field in fields:
        if field == "text" and in_parts:
            found[field] = b"".join(map(_text_part, table.tables("text_parts", "part"))).decode()
        elif field == "code":
            found[field] = table.choice(field, ERROR_CODES)
        elif field != "names":
            found[field] = table.string(field)
    return found


def _data(table: Table) -> bytes:
    """Return the bytes of a vector, written as text, in hex or in parts."""
    given = [key for key in _BYTES if key in table.values]
    if len(given) != 1:
        raise table.error('exactly one of "text", "hex" and "parts" is needed')
    if given == ["parts"]:
        return b"".join(map(_part, table.tables("parts", "part")))
    return _plain(table, given[0])


def _text_part(table: Table) -> bytes:
    return _part(table.only(["text"], ["times"]))


def _part(table: Table) -> bytes:
    key = "hex" if "hex" in table.values else "text"
    table.only([key], ["times"])
    return _plain(table, key) * (table.whole("times") if "times" in table.values else 1)


def _plain(table: Table, key: str) -> bytes:
    if key == "text":
        return table.string(key).encode()
    try:
        return bytes.fromhex(table.string(key))
    except ValueError as error:
        raise table.error(f'key "hex": {error}') from error

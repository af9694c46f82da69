"""Rows of the log as lines: for people, and as JSON for programs.

Pure. What comes in is safe to print (2.4), and so is what comes out.
"""

import json

from chat.logreader import Entry
from chat.logrows import Event, Gap, Row
from chat.records import Kind


def as_text(entry: Entry) -> str:
    """When, and then what happened: events as the room saw them, a gap with its bounds."""
    return f"{entry.row.time} {_told(entry.row)}"


def _told(row: Row) -> str:
    match row:
        case Gap(first=first, last=last, lost=lost):
            return f"! lacuna: {lost} registros perdidos entre {first} e {last}"
        case Event(kind=Kind.JOINED, name=name):
            return f"* {name} entrou no chat"
        case Event(kind=Kind.LEFT, name=name):
            return f"* {name} saiu do chat"
        case Event(kind=Kind.PRIVATE, name=name, recipient=recipient, text=text):
            said = f"({row.length} bytes)" if text is None else text
            return f"[privado de {name} para {recipient}] {said}"
    return f"{row.name}: {row.text}"


def as_json(entry: Entry) -> str:
    """One object, the same keys for every kind; a gap has three more."""
    told = {"id": entry.id, **_NOTHING, **entry.row._asdict()}
    if "lost" in told:
        told["count"] = told.pop("lost")
    return json.dumps(told, ensure_ascii=False)


_NOTHING = dict.fromkeys(Event._fields)

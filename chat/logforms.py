"""Rows of the log as lines: for people, and as JSON for programs.

Pure. What comes in is safe to print (2.4), and so is what comes out.
"""

import json

from chat.logreader import Entry
from chat.logrows import Row
from chat.records import Kind


def as_text(entry: Entry) -> str:
    """When, and then what happened: events as the room saw them, a gap with its bounds."""
    return f"{entry.row.time} {_told(entry.row)}"


def _told(row: Row) -> str:
    match row.kind:
        case Kind.JOINED:
            return f"* {row.name} entrou no chat"
        case Kind.LEFT:
            return f"* {row.name} saiu do chat"
        case Kind.MESSAGE:
            return f"{row.name}: {row.text}"
        case Kind.PRIVATE:
            text = f"({row.length} bytes)" if row.text is None else row.text
            return f"[privado de {row.name} para {row.recipient}] {text}"
        case Kind.GAP:
            return f"! lacuna: {row.lost} registros perdidos entre {row.first} e {row.last}"
    return f"? {row.kind}"


def as_json(entry: Entry) -> str:
    """One object; a gap has three keys more."""
    row = entry.row
    told = {
        "id": entry.id,
        "time": row.time,
        "kind": row.kind,
        "name": row.name,
        "address": row.address,
        "recipient": row.recipient,
        "text": row.text,
        "length": row.length,
    }
    if row.kind == Kind.GAP:
        told |= {"first": row.first, "last": row.last, "count": row.lost}
    return json.dumps(told, ensure_ascii=False)

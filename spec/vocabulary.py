"""The words of the wire protocol: what lines can mean, and the codes of its errors.

Kinds and fields are those of vectors.toml; the comments cite protocol.md.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["COMMANDS", "COMMANDS_IN", "ERROR_CODES", "EVENTS"]

# Section 3: what a client's line can be, and what each carries.
COMMANDS: Mapping[str, tuple[str, ...]] = {
    "name": ("name",),
    "message": ("text",),
    "private": ("to", "text"),
    "users": (),
    "quit": (),
    "error": ("code",),
}

# Sections 3.1 and 4.4: which of them it can be before a name is accepted, and after.
COMMANDS_IN: Mapping[str, tuple[str, ...]] = {
    "unnamed": ("name", "quit", "error"),
    "member": ("message", "private", "users", "quit", "error"),
}

# Section 5: what a server's line can tell, and what each carries.
EVENTS: Mapping[str, tuple[str, ...]] = {
    "joined": ("name",),
    "left": ("name",),
    "message": ("from", "text"),
    "private": ("from", "text"),
    "private_sent": ("to", "text"),
    "users": ("names",),
    "error": ("code",),
    "goodbye": (),
}

# Section 5.8: the code is normative, the phrase is not.
ERROR_CODES = (
    "nome-em-uso",
    "nome-invalido",
    "destinatario-desconhecido",
    "formato-invalido",
    "comando-desconhecido",
    "linha-longa",
    "texto-invalido",
    "servidor-cheio",
    "muito-lento",
)

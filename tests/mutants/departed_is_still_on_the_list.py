"""Keeps everybody who was ever here on the list of users."""

import sys
from collections.abc import Iterable, Iterator
from unittest.mock import patch

from chat import protocol
from chat.__main__ import server

BREAKS = ("RF-017.1",)
REASON = "has left, and is still on the list"

users = protocol.users
ever: dict[str, None] = {}


def everybody_ever(names: Iterable[str]) -> Iterator[bytes]:
    ever.update(dict.fromkeys(names))
    return users(ever)


if __name__ == "__main__":
    with patch.object(protocol, "users", everybody_ever):
        sys.exit(server())

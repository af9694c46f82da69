"""Removes a client that does not read without telling anybody."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.hearing import Hearing
from chat.peer import Peer
from chat.session import Session

BREAKS = ("RF-022.2",)
REASON = "never saw “left”"
PATIENCE = ["--vanished-deadline", "3600"]

depart, everyone = Session.end, Hearing.everyone
silent: list[bool] = []


def end(session: Session[Peer]) -> None:
    if session._who.is_cut:
        silent.append(True)
    depart(session)
    silent.clear()


def tell(hearing: Hearing[Peer], line: bytes) -> None:
    if not silent:
        everyone(hearing, line)


if __name__ == "__main__":
    sys.argv += PATIENCE
    with patch.object(Session, "end", end), patch.object(Hearing, "everyone", tell):
        sys.exit(server())

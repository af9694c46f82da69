"""Takes for gone only those who said /sair or whose connection was reset."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.framing import Line
from chat.peer import Peer
from chat.session import Session

BREAKS = ("RF-005.1",)
REASON = "never saw “left”"
WAY = "fin"

hear, end = Session.hear, Session.end
quitters: set[Peer] = set()


def hear_and_remember(session: Session[Peer], line: Line) -> bool:
    goes_on = hear(session, line)
    if not goes_on:
        quitters.add(session._who)
    return goes_on


def end_if_known(session: Session[Peer]) -> None:
    if session._who in quitters or session._who.is_finished:
        end(session)


if __name__ == "__main__":
    with patch.multiple(Session, hear=hear_and_remember, end=end_if_known):
        sys.exit(server())

"""What several people do at the same moment: they do it while the target is stopped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from harness.clients.client import Client
from harness.verdict import Unproven

if TYPE_CHECKING:
    from harness.room import Room

HELD_S = 0.01
"""Longer than a thread of CPython waits before it demands its turn: ``sys.getswitchinterval``."""


@contextmanager
def stopped(room: Room, otherwise: str) -> Iterator[None]:
    """Stop the target for a block (SIGSTOP); on every path it goes on.

    Raises:
        Unproven: it could not be stopped, and ``otherwise`` says what that means.
    """
    try:
        if not room.running.process.freeze(room.deadline()):
            raise Unproven(f"the server could not be stopped, so {otherwise}")
        yield
    finally:
        room.running.process.thaw()


def require_waiting(room: Room, clients: Sequence[Client], what: str) -> None:
    """Require that something of each client waits, unread, at the stopped target.

    Raises:
        Unproven: it does not.
    """
    if not room.pump(lambda: all(map(room.is_behind, clients)), room.limits.observation_s):
        raise Unproven(f"{what} were not all waiting when the server went on")


def speak_at_once(room: Room) -> None:
    """Let every member say something, and the target find all of it at the same moment.

    As soon as anybody is sent anything it is stopped once more, so long that those who wait for
    their turn demand it: unless something keeps them from it, they overtake who was sending.

    Raises:
        Unproven: it was not the same moment.
    """
    otherwise = "nobody spoke at the same moment"
    with stopped(room, otherwise):
        before = received_bytes(room)
        for member in room.members:
            member.writes()
        require_waiting(room, [member.client for member in room.members], "the messages")
    room.awaits(lambda: received_bytes(room) > before)
    with stopped(room, otherwise):
        room.pump(lambda: False, HELD_S)


def received_bytes(room: Room) -> int:
    """Return how much all members have received so far."""
    return sum(member.client.tally.total_bytes for member in room.members)

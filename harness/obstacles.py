"""Clients that are in the way without leaving: one that drips, one that does not read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from harness import entering
from harness.clients.client import Client
from harness.expect import message
from harness.member import Member
from harness.verdict import Unproven

if TYPE_CHECKING:
    from harness.room import Room

STILL_FULL = 5
"""So many messages that add nothing to what the server's end holds show that it takes no more."""
MOST_BYTES = 6 << 20
"""More than any send buffer holds that Linux sizes by itself."""


def keep_silent(_room: Room, _client: Client) -> None:
    """Write nothing."""


def drip(room: Room, client: Client) -> None:
    """Write one more byte of a line that never ends, where lines have an end."""
    if room.system.dialect.from_client.framed:
        client.write(b"a")


@contextmanager
def one_who_reads_nothing(room: Room) -> Iterator[Member]:
    """Let somebody in who does not read inside; what it is sent soon fills its connection."""
    narrow = entering.opening(room, "stalled")
    member = entering.admit(room, room.vocabulary.name("lento"), narrow)
    room.members.remove(member)
    member.client.stop_reading()
    try:
        yield member
    finally:
        member.client.resume_reading()


def speak_until_full(room: Room, blocked: Member) -> None:
    """Let the others speak and hear each other until the server's end takes no more for one.

    A server may also give the connection up, for which it held what was not read.

    Raises:
        Contradicted: somebody else did not hear something in time.
        Unproven: it took all that was said, or ended the connection before.
    """
    said_bytes, held, times = 0, 0, 0
    while times < STILL_FULL:
        speaker = room.members[said_bytes % len(room.members)]
        text = speaker.says(room.vocabulary.long_text(room.promises.longest_text_bytes))
        room.all_expect(message(speaker, text), room.others(speaker))
        said_bytes += len(text)
        row = room.running.network.peer_row(blocked.client.ours, blocked.client.theirs)
        if held and (row is None or row.state != "ESTABLISHED"):
            break
        if row is None or row.state != "ESTABLISHED" or said_bytes > MOST_BYTES:
            raise Unproven(f"{blocked.name} did not block: {said_bytes} bytes were said to it")
        times = times + 1 if row.unacknowledged_bytes == held > 0 else 0
        held = row.unacknowledged_bytes
    evidence = f"the server held {held} bytes that {blocked.name} does not read"
    room.history.record(blocked.name, "?", evidence)

"""The end of a scenario: the server is stopped, everything is read, what came is judged.

Only then is a scenario over: what was claimed to have come once is counted again, and what a person
should know besides the verdicts (a flood, a traceback) is found.
"""

from __future__ import annotations

import re
import selectors
from collections.abc import Sequence
from typing import TYPE_CHECKING

from harness.history import readable
from harness.targets.health import is_frozen
from harness.verdict import Contradicted, Stopped, Unproven

if TYPE_CHECKING:
    import psutil

    from harness.clients.client import Client
    from harness.deadline import Deadline
    from harness.room import Room

STOP_S = 3.0
"""How long a server may take to stop in order before it is killed, or to end by itself."""
ATTEMPTS = 4
"""How often a server may have told everything before we could stop it."""
SHOWN_BYTES = 300
ERROR = re.compile(r"[A-Za-z_][\w.]*(?:Error|Exception|Exit|Interrupt)(?::|$)")
"""The line of a traceback that says what was raised."""


def finish(room: Room) -> None:
    """Stop the server, read every connection to its end, judge what came."""
    if room.ledger.stops and _has_hung_up(room):  # it may be ending, and is not known to have ended
        room.pump(lambda: room.running.process.status is not None, STOP_S)
    ended_early = room.running.process.status
    stopped = room.running.process.stopped
    room.running.process.read_on()
    output = room.running.process.output_since(0)
    _stop(room)
    _judge_at_last(room)
    _find_floods(room)
    crash = crash_in(output)
    if crash:
        room.finding("traceback", crash)
    if stopped:
        _explain(room, f"the server was killed because {stopped}")
    elif ended_early is not None and not room.running.process.was_killed:
        last = readable(output.strip().encode()[-SHOWN_BYTES:])
        _explain(room, f"the server had ended by itself with status {ended_early}: {last}")
    elif crash:
        _explain(room, f"the server printed a traceback: {crash}")


def _judge_at_last(room: Room) -> None:
    for observations, check in room.final_checks:
        try:
            if reason := check():
                raise Contradicted(reason)
        except Stopped as why:
            room.ledger.stop(why, observations)


def kill_while_all_speak(room: Room, count: int) -> list[str]:
    """Kill the server while much of what everybody says is under way; read what still comes.

    A server whose texts are framed is stopped while they are written, and goes on with all of them
    waiting; without framing they would be merged, and where a client may not say so much at once
    they would be too many, so it is one text of each. As soon as one has come it is stopped again,
    in the middle of its work: now there is time to read what it has sent, which the reset of a
    killed server may destroy. If we came late, and it has told everything, as much is said once
    more. Then it is killed. Returns the texts.

    Raises:
        Unproven: it could not be stopped, or goes on.
        Contradicted: nobody was sent any of them.
    """
    process, may_pile_up = room.running.process, room.promises.framed and not room.promises.pause_s
    count = count if may_pile_up else 1
    processes = process.tree()
    said: list[str] = []
    try:
        if not process.freeze(room.deadline()):
            raise Unproven("the server could not be stopped")
        for _ in range(ATTEMPTS):
            texts = [member.writes() for _ in range(count) for member in room.members]
            said += texts
            _read_all(room, processes)
            _goes_on_until_it_tells(room, processes, texts)
            if not all(_copies(room, texts)):
                break
    except BaseException:
        process.thaw()
        raise
    process.kill(processes)
    if not room.pump(lambda: process.status is not None, room.limits.observation_s):
        raise Unproven("the server was not killed: it has not ended")
    clients = [member.client for member in room.members]
    room.pump(lambda: not any(client.is_open for client in clients), room.limits.observation_s)
    return said


def _goes_on_until_it_tells(
    room: Room, processes: list[psutil.Process], texts: Sequence[str]
) -> None:
    """Let a stopped server go on until it has sent anybody one of these texts.

    Its time begins here: how long it took us to write them is not its affair.
    """
    deadline, hearer = room.deadline(), room.members[0].client
    while not any(_copies(room, texts)):
        if not _goes_on_until_it_sends(room, processes, hearer, deadline):
            sentence = f"nobody was sent anything, and {len(texts)} texts were said"
            raise room.overdue(sentence, deadline)


def _copies(room: Room, said: Sequence[str]) -> list[int]:
    """Return how often each member was sent each text."""
    return [member.copies_of(text) for member in room.members for text in said]


def _goes_on_until_it_sends(
    room: Room, processes: list[psutil.Process], to: Client, deadline: Deadline
) -> bool:
    """Let a stopped server go on until it has sent a client anything; then read all it has sent.

    Nothing is read meanwhile: that takes time, in which the server would go on. Returns whether it
    was stopped again.
    """
    clients = [member.client for member in room.members]
    descriptor = to.socket.fileno()
    stopped: list[int] = []

    def stop(mask: int) -> None:
        for process in processes:
            process.suspend()
        room.reactor.forget(descriptor)
        stopped.append(mask)

    for client in clients:
        client.stop_reading()
    room.reactor.watch(descriptor, selectors.EVENT_READ, stop)
    room.running.process.thaw()
    room.reactor.pump(lambda: bool(stopped), deadline)
    for client in clients:
        client.resume_reading()
    if stopped:
        _read_all(room, processes)
    return bool(stopped)


def _read_all(room: Room, processes: list[psutil.Process]) -> None:
    """Read whatever a stopped server has sent to its members."""
    clients = [member.client for member in room.members]
    room.pump(
        lambda: all(map(is_frozen, processes)) and not any(c.unread_bytes() for c in clients),
        room.limits.observation_s,
    )


def crash_in(output: str) -> str | None:
    """Return the last line of the first Python traceback in a server's output."""
    _, found, rest = output.partition("Traceback (most recent call last)")
    if not found:
        return None
    lines = [line for line in rest.splitlines()[1:] if line and not line.startswith(" ")]
    errors = filter(ERROR.match, lines)  # what other threads print may stand before it
    return readable(next(errors, lines[0] if lines else rest).encode(), SHOWN_BYTES)


def _stop(room: Room) -> None:
    """Ask the server to stop; close our end of each connection that it ended."""
    people = (*room.everyone, *room.crowd)

    def all_ended() -> bool:
        ended = [m.client for m in people if m.client.ended is not None]
        for client in ended:
            client.close()
        return len(ended) == len(people)

    room.stopped_s = room.history.now_s()
    room.running.process.end(room.deadline(STOP_S), all_ended)
    room.pump(all_ended, STOP_S)


def _has_hung_up(room: Room) -> bool:
    """Whether the server has ended the connection of somebody who had not left."""
    return any(member.client.ended for member in room.members)


def _find_floods(room: Room) -> None:
    for member in room.everyone:
        if member.client.flooded:
            sample = readable(member.client.unexplained[-1].encode(), SHOWN_BYTES)
            total = member.client.tally.total_bytes
            room.finding("flood", f"{member.name} received {total} bytes: {sample}")


def _explain(room: Room, circumstance: str) -> None:
    """Add to every reason what else was seen of the server."""
    for why in set(room.ledger.stops.values()):
        why.reason += f"; {circumstance}"

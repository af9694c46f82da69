"""What flows between a window and its server, and does not stop: floods, and what nobody reads."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.expect import Kind, nonce_of
from harness.faults.link.delay import Delay
from harness.faults.profiles import Profile
from harness.faults.stalling import SEGMENT_BYTES, STUCK_S
from harness.gui.sights import front_entry, list_of, without_blanks
from harness.gui.widgets import LISTS, Widget
from harness.verdict import Unproven

if TYPE_CHECKING:
    from harness.desk import Desk

MODERATE_LATENCY = Profile(
    "everything arrives 150 to 250 ms late, there and back",
    upstream=lambda seed: Delay(delay_s=0.15, jitter_s=0.1, seed=seed),
    downstream=lambda seed: Delay(delay_s=0.15, jitter_s=0.1, seed=seed),
)
ROWS, AT_ONCE = 10_000, 200
"""So many at once are ten milliseconds of our own time."""
TYPED_EVERY = 2_000
"""So many rows lie between two texts that are typed in a flood."""
LONG_BYTES = 2_000
"""Short enough for most."""
STILL_FULL = 2
"""So many messages in a row that add nothing to what the kernels hold: they take no more."""
MOST_BYTES = 120_000
"""Several times what the send buffer holds of an end whose peer takes little."""


def is_at_the_end(desk: Desk, text: str) -> None:
    """Expect a text in the last rows of the list, which are cheap to read.

    Raises:
        Contradicted: it does not come.
    """
    rows = desk.sees(lambda tree: list_of(tree) is not None, "no list can be seen")
    _comes_to_the_end(desk, list_of(rows), text)


def _comes_to_the_end(desk: Desk, rows: Widget | None, text: str) -> None:
    assert rows
    if rows.kind in LISTS:
        script = f"join [lrange [{rows.path} get 0 end] end-3 end] {{}}"
    else:
        script = f"{rows.path} get end-5l end"
    deadline, bare = desk.deadline(), nonce_of(text)
    if not desk.window.comes_to(script, lambda shown: bare in without_blanks(shown), deadline):
        raise desk.overdue(f"the list does not come to show {text!r}", deadline)


def type_in_a_flood(desk: Desk) -> None:
    """Let 10,000 rows come in as fast as we can say them, and type while more are to come.

    Raises:
        Contradicted: what is typed is not seen, or the last row never is.
    """
    tree = desk.sees(
        lambda tree: front_entry(tree) is not None and list_of(tree) is not None,
        "no Entry and no list can be seen",
    )
    entry, rows = front_entry(tree), list_of(tree)
    assert entry
    assert rows
    server, bia = desk.server, desk.vocabulary.name("bia")
    texts = [desk.vocabulary.wrapped(f" linha {number} ") for number in range(ROWS)]
    for first in range(0, ROWS, AT_ONCE):
        if first and first % TYPED_EVERY == 0:
            desk.types_into(entry, desk.vocabulary.nonce())
            desk.ledger.discharge()
        for text in texts[first : first + AT_ONCE]:
            server.says(Kind.MESSAGE, **{"from": bia}, text=text)
        desk.reactor.turn(0.0)
    _comes_to_the_end(desk, rows, texts[-1])
    desk.ledger.discharge()


def take_little(sock: socket.socket) -> None:
    """Make what a listener accepts take little at a time; tcp(7), socket(7).

    The send buffer of the other end is sized by it.
    """
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SEGMENT_BYTES)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)


def send_until_full(desk: Desk) -> None:
    """Paste and send, to a server that reads nothing, until the kernels take no more.

    Raises:
        Unproven: they take all that was sent.
    """
    desk.server.client.stop_reading()
    size = min(LONG_BYTES, desk.promises.longest_text_bytes)
    still = 0
    for _ in range(MOST_BYTES // size):
        before = _held_bytes(desk)
        desk.pastes(desk.vocabulary.long_text(size))
        desk.window.enter()
        still = 0 if desk.reactor.pump(_more(desk, before), desk.deadline(STUCK_S)) else still + 1
        if still == STILL_FULL:
            desk.history.record("server", "?", f"{before} bytes wait that nobody reads")
            return
    raise Unproven(f"the kernels took all of {MOST_BYTES} bytes")


def _more(desk: Desk, before: int) -> Callable[[], bool]:
    return lambda: _held_bytes(desk) > before


def _held_bytes(desk: Desk) -> int:
    """Return what the kernels hold; for a moment they count twice what is on its way.

    Raises:
        Unproven: the connection is gone.
    """
    client, network = desk.server.client, desk.prepared.ground.network
    row = network.peer_row(client.ours, client.theirs)
    if row is None or row.state != "ESTABLISHED":
        raise Unproven("the client gave the connection up before it was full")
    return row.unacknowledged_bytes + client.unread_bytes()

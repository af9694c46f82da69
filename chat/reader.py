"""The thread of one client (RF-003, RF-026): bytes to lines, lines to the inbox.

Laws: it only reads. It posts at most `UNDISPATCHED_LINES_MAX` lines and waits until they are done
with before it posts more, so a flooder is pushed back by TCP and costs nobody else anything. The
last thing it posts is the end, after the client's last whole line; then it waits for leave to
close, and closes.
"""

from threading import Thread

from chat.config import RECEIVE_BYTES, UNDISPATCHED_LINES_MAX
from chat.framing import LineDecoder
from chat.inbox import Ended, Inbox, Spoke
from chat.peer import Peer


def start_reader(peer: Peer, inbox: Inbox) -> None:
    """Give the client its thread. Raises RuntimeError if the system has none left."""
    Thread(target=_serve, args=(peer, inbox), name="leitor", daemon=True).start()


def _serve(peer: Peer, inbox: Inbox) -> None:
    orderly = False
    try:
        _pass_lines_on(peer, inbox)
        orderly = True
    except OSError:
        pass  # reset, or timed out: what had arrived whole was passed on
    finally:
        peer.gate.acquire()
        inbox.post(Ended(peer, orderly))
        peer.gate.acquire()
        peer.close()


def _pass_lines_on(peer: Peer, inbox: Inbox) -> None:
    decoder = LineDecoder()
    while (data := peer.receive(RECEIVE_BYTES)) and not peer.is_cut:
        if peer.is_deaf:
            continue
        lines = decoder.feed(data)
        for start in range(0, len(lines), UNDISPATCHED_LINES_MAX):
            peer.gate.acquire()
            inbox.post(Spoke(peer, lines[start : start + UNDISPATCHED_LINES_MAX]))

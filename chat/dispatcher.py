"""The dispatcher: the one owner of the room, and the only one that writes to clients.

Owns every session and every deadline. One turn: take what waits, apply it to the room in order,
write it to the journal, and send each client all that it must hear in one piece (group commit:
while one round is sent the next one gathers).

Laws: nothing is delivered or shown that the journal was not given before (9.2). Nothing a client
does makes this thread wait (7.3). A client that does not take what it is sent, past the bound or
the deadline, is evicted and the others are told (6.4, RF-022). A departing client is out of the
room at once (6.3); what it was still due is sent, then the connection ends in order: our end, then
its own, each within a deadline (1.3). Of more departures at once than `lingering_max` the oldest
is cut short.
"""

from collections import deque
from collections.abc import Callable
from itertools import islice
from threading import BoundedSemaphore
from time import monotonic

from chat import protocol
from chat.alarms import Alarms
from chat.config import BATCH_BYTES, Bounds
from chat.framing import Line
from chat.inbox import Arrived, Ended, Inbox, Parcel, Spoke, Stop
from chat.journal import Journal
from chat.peer import Peer
from chat.protocol import Code
from chat.room import Room
from chat.session import Session
from chat.stalled import Stalled


class Dispatcher:
    """Runs until it is told to stop and everybody has gone."""

    def __init__(
        self,
        inbox: Inbox,
        seats: BoundedSemaphore,
        journal: Journal,
        show: Callable[[bytes], None],
        bounds: Bounds,
    ) -> None:
        self._inbox = inbox
        self._seats = seats
        self._journal = journal
        self._show = show
        self._bounds = bounds
        self._room: Room[Peer] = Room()
        self._sessions: dict[Peer, Session[Peer]] = {}
        self._departing: dict[Peer, float] = {}  # with its deadline, in the order of their going
        self._backlog: deque[Parcel] = deque()
        self._alarms = Alarms()
        self._stalled = Stalled(inbox.wake)
        self._is_stopping = False
        self._now_s = monotonic()

    def run(self) -> None:
        """The thread's work."""
        while self._sessions or self._departing or not self._is_stopping:
            self._wait()
            self._ring()
            self._apply_batch()
            self._deliver()
            self._see_off()
        self._stalled.close()

    def _wait(self) -> None:
        """Wait for parcels, for stalled sockets that take bytes again, or for a deadline."""
        self._stalled.wait(0 if self._backlog else self._until_deadline_s(monotonic()))
        self._now_s = monotonic()

    def _until_deadline_s(self, now_s: float) -> float | None:
        deadlines = (self._alarms.until_next_s(now_s), self._journal.until_retry_s(now_s))
        return min((each for each in deadlines if each is not None), default=None)

    # What happens in the room.

    def _apply_batch(self) -> None:
        """Apply what waits, in order, up to a size that clients can take in between two rounds."""
        self._backlog.extend(self._inbox.take())
        while self._backlog and self._room.pending_bytes < BATCH_BYTES:
            self._apply(self._backlog.popleft())

    def _apply(self, parcel: Parcel) -> None:
        match parcel:
            case Spoke(peer, lines):
                if rest := self._hear(peer, lines):
                    self._backlog.appendleft(Spoke(peer, rest))
                else:
                    peer.gate.release()
            case Arrived(peer):
                self._sessions[peer] = Session(self._room, peer)
                self._alarms.set(peer, peer.arrived_s + self._bounds.name_s)
                peer.gate.release()
            case Ended(peer, orderly):
                peer.has_ended = True
                if not orderly:
                    peer.abandon()
                self._depart(peer)
            case Stop():
                self._stop()

    def _hear(self, peer: Peer, lines: list[Line]) -> list[Line]:
        """Hear lines until there is enough for one round; return those that have to wait."""
        session = self._sessions.get(peer)
        if session is None:
            return []
        for number, line in enumerate(lines):
            if self._room.pending_bytes >= BATCH_BYTES:
                return lines[number:]
            if not session.hear(line):
                self._depart(peer)
                return []
        return []

    def _stop(self) -> None:
        self._is_stopping = True
        self._room.close(peer for peer, session in self._sessions.items() if not session.has_name)
        for peer in list(self._sessions):
            self._depart(peer)

    # What clients are sent.

    def _deliver(self) -> None:
        """Log, then send all that is due; an eviction meanwhile makes one round more."""
        while batch := self._room.take():
            self._journal.write(batch.records, self._now_s)
            self._now_s = monotonic()  # a slow disk may have taken long
            if batch.public:
                self._show(batch.public)
            for peer, data in batch.shares:
                if not peer.send(data, self._now_s):
                    self._hold(peer)

    def _hold(self, peer: Peer) -> None:
        """The socket did not take it all: watch it, and its bounds."""
        if peer in self._sessions and peer.outbox_bytes > self._bounds.outbox_bytes:
            self._evict(peer)
            return
        self._stalled.watch(peer)
        self._alarms.set(peer, peer.waiting_since_s + self._bounds.outbox_s)

    # How clients go.

    def _depart(self, peer: Peer) -> None:
        """Out of the room, and out of the way of a newcomer; then to be seen off."""
        session = self._sessions.pop(peer, None)
        if session is None:
            return
        session.end()
        self._seats.release()
        peer.is_deaf = True
        self._set_departure(peer, self._bounds.flush_s)

    def _evict(self, peer: Peer) -> None:
        """Remove a client that does not read."""
        peer.cut(last_words=protocol.error(Code.TOO_SLOW))
        self._depart(peer)

    def _see_off(self) -> None:
        """Bring every departure as far as it can go now."""
        self._now_s = monotonic()
        for peer in list(self._departing):
            if not peer.outbox_bytes and not peer.is_finished:
                peer.finish()
                self._set_departure(peer, self._bounds.drain_s)
            if peer.has_ended and peer.is_finished:
                self._forget(peer)
        excess = 0 if self._is_stopping else len(self._departing) - self._bounds.lingering_max
        for peer in islice(self._departing, max(0, excess)):
            peer.cut()

    def _forget(self, peer: Peer) -> None:
        del self._departing[peer]
        self._alarms.forget(peer)
        self._stalled.unwatch(peer)
        peer.gate.release()  # nobody touches the socket any more: its reader may close it

    # Deadlines.

    def _ring(self) -> None:
        self._journal.retry(self._now_s)
        for peer in self._alarms.due(self._now_s):
            if peer in self._departing:
                self._check_departure(peer)
            else:
                self._check(peer, self._sessions[peer])

    def _check_departure(self, peer: Peer) -> None:
        if self._departing[peer] <= self._now_s:
            peer.cut()
        else:
            self._alarms.set(peer, self._departing[peer])

    def _check(self, peer: Peer, session: Session[Peer]) -> None:
        if peer.outbox_bytes:
            until_s = peer.waiting_since_s + self._bounds.outbox_s
            if until_s <= self._now_s:
                self._evict(peer)
                return
            self._alarms.set(peer, until_s)
        if not session.has_name:
            until_s = peer.arrived_s + self._bounds.name_s
            if until_s <= self._now_s:
                self._depart(peer)  # without a word (4.4)
                return
            self._alarms.set(peer, until_s)

    def _set_departure(self, peer: Peer, within_s: float) -> None:
        self._departing[peer] = self._now_s + within_s
        self._alarms.set(peer, self._now_s + within_s)

"""What a fault on a link is: it is given all that comes along one direction, and passes it on.

The simplest fault is ``Fault`` itself: it passes on everything at once and never bites. One that
does something overrides ``on_data`` or ``on_close``, keeps in ``held`` what it does not pass on
yet, and says by ``evidence`` what it has done, or None as long as it has done nothing. Time and
the kernel are reached through its ``place``, and nothing else.

Laws, which ``tests/faults`` checks for every fault in the table: what comes is passed on in its
order, and all of it, unless losing some is the point (``loses``) or changing some (``alters``); a
close is passed on as what it was, after what came before it; a fault can be taken out at any
moment, and what it holds goes on then; the same fields do the same to the same stream.
"""

from __future__ import annotations

from abc import abstractmethod
from collections import deque
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import ClassVar, Protocol

from harness.faults.surroundings import PeerEnd
from harness.verdict import Unproven


class Close(StrEnum):
    """How a direction ends.

    A FIN that comes from the wire is a ``HALF``: whether its sender has closed both halves is
    told only by the RST that it answers to what it is sent afterwards. That RST is carried, too.
    """

    HALF = "half-close"
    """A FIN; the other direction goes on."""
    FULL = "FIN"
    """A FIN to both ends: each sees what it would see of another that had closed."""
    RST = "RST"
    """An RST to both ends."""


class End(PeerEnd, Protocol):
    """A socket at one end of the link, which is not ours, as the kernel sees it."""

    @property
    def unread_bytes(self) -> int:
        """What has come to it and has not been read."""


class Place(Protocol):
    """Where a fault stands: what it may ask and do."""

    def pass_on(self, data: bytes) -> None:
        """Give bytes to the next fault, and at the end of the chain to the receiver."""

    def close(self, how: Close) -> None:
        """Give a close to the next fault; at the end of the chain it is carried out."""

    def later(self, seconds: float, call: Callable[[], None]) -> None:
        """Call after so many seconds, unless the fault has been taken out by then."""

    def now_s(self) -> float:
        """Return the time, in seconds of a monotonic clock."""

    def sender(self) -> End | None:
        """Return the socket that sends along this direction; None when it is gone."""

    def receiver(self) -> End | None:
        """Return the socket that receives along this direction; None when it is gone."""

    def unread_bytes(self) -> int | None:
        """Return how much of what was passed on its receiver has not read; None: it is gone."""

    def lose_all_that_comes(self, *, on: bool) -> None:
        """Drop every segment that the sender's end sends us, or take them again."""


class Held:
    """What a fault keeps back, in order: pieces of bytes as they came, and closes."""

    def __init__(self) -> None:
        """Keep nothing."""
        self._items: deque[bytes | Close] = deque()
        self.bytes = 0

    def __bool__(self) -> bool:
        return bool(self._items)

    def put(self, item: bytes | Close) -> None:
        """Keep one more."""
        self._items.append(item)
        self.bytes += _size(item)

    def take(self, most_bytes: int | None = None) -> bytes | Close:
        """Return the first, or no more than so many bytes of it, and keep it no longer.

        Raises:
            IndexError: nothing is kept.
        """
        item = self._items.popleft()
        if most_bytes is not None and not isinstance(item, Close) and len(item) > most_bytes:
            self._items.appendleft(item[most_bytes:])
            item = item[:most_bytes]
        self.bytes -= _size(item)
        return item

    def take_all(self) -> Iterator[bytes | Close]:
        """Yield everything, first to last, and keep it no longer."""
        while self._items:
            yield self.take()


class Fault:
    """Passes everything on. One object serves one direction of one link."""

    loses: ClassVar[bool] = False
    """Whether losing bytes is its point."""
    alters: ClassVar[bool] = False
    """Whether changing bytes is its point."""
    blocks: ClassVar[bool] = False
    """Whether something waits until the fault is taken out."""
    swallows_resets: ClassVar[bool] = False
    """Whether an RST can be lost for good, as it can on a real network."""

    place: Place
    held: Held

    def attach(self, place: Place) -> None:
        """Take a place in a direction. Called once, before anything else."""
        self.place = place
        self.held = Held()

    def on_data(self, data: bytes) -> None:
        """Take one piece that came: at least one byte."""
        self.place.pass_on(data)

    def on_close(self, how: Close) -> None:
        """Take the end of the direction. An RST may still follow a half-close."""
        self.place.close(how)

    def release(self) -> None:
        """Pass on all that is held, for the fault is being taken out."""
        for item in self.held.take_all():
            self.hand_on(item)

    def evidence(self) -> str | None:
        """Say in one sentence what it has done; None as long as nothing shows that it bit."""
        return None

    def proof(self) -> str:
        """Return the evidence.

        Raises:
            Unproven: there is none, so nothing follows from what was seen.
        """
        evidence = self.evidence()
        if evidence is None:
            raise Unproven(f"nothing shows that the fault on the link bit: {self!r}")
        return evidence

    def hand_on(self, item: bytes | Close) -> None:
        """Pass one item on as what it is."""
        if isinstance(item, Close):
            self.place.close(item)
        else:
            self.place.pass_on(item)


class Queue(Fault):
    """Holds what comes, in order; the next piece goes when ``_free`` has been called.

    A close goes when all that came before it is gone, and nobody waits for it.
    """

    def attach(self, place: Place) -> None:
        """Begin with nothing on its way."""
        super().attach(place)
        self._is_busy = False

    def on_data(self, data: bytes) -> None:
        """Let the first piece go, unless one is on its way."""
        self.held.put(data)
        self._go_on()

    def on_close(self, how: Close) -> None:
        """Close after the last piece."""
        self.held.put(how)
        self._go_on()

    @abstractmethod
    def _size(self) -> int:
        """Return how many bytes the next piece may have."""

    @abstractmethod
    def _wait(self, piece: bytes) -> None:
        """See to it that ``_free`` is called when the next piece may follow this one."""

    def _free(self) -> None:
        self._is_busy = False
        self._go_on()

    def _go_on(self) -> None:
        while self.held and not self._is_busy:
            item = self.held.take(self._size())
            if not isinstance(item, Close):
                self._is_busy = True
                self._wait(item)
            self.hand_on(item)


def _size(item: bytes | Close) -> int:
    return 0 if isinstance(item, Close) else len(item)

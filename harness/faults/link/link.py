"""A connection between a client and a target that is carried by us, and can suffer faults.

The client's socket and the target's are real, and so is what they see: a FIN arrives as a FIN, an
RST as an RST, a half-close as a half-close, after all that was sent before; who does not read holds
the other back. Everything happens on the reactor; nothing waits and no thread runs.

Not carried: urgent data; an RST does not overtake what was sent before it.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import ExitStack

from harness.faults.link.direction import Direction
from harness.faults.link.endpoint import Address, Endpoint, Loop, Peek
from harness.faults.link.fault import Close

LOOPBACK = "127.0.0.1"


class Link:
    """One connection, in two parts: with the client, and with the target.

    ``upstream`` goes from the client to the target, ``downstream`` comes back; faults are put
    into either. ``ours`` and ``theirs`` are the addresses of the connection with the target.
    """

    def __init__(
        self,
        near: socket.socket,
        far: socket.socket,
        loop: Loop,
        *,
        peek_near: Peek,
        peek_far: Peek,
    ) -> None:
        """Take over a socket to the client and one to the target, and begin to carry.

        A peek says what the kernel knows of the other end of one of our connections, in whatever
        network that is.
        """
        self._near = Endpoint(near, loop, peek_near)
        self._far = Endpoint(far, loop, peek_far)
        self.ours: Address = self._far.ours
        self.theirs: Address = self._far.theirs
        self.upstream = Direction(self._near, self._far, loop, self._end)
        self.downstream = Direction(self._far, self._near, loop, self._end)

    @property
    def held_bytes(self) -> int:
        """What is on its way with us, outside the kernel."""
        return self.upstream.held_bytes + self.downstream.held_bytes

    @property
    def is_carrying(self) -> bool:
        """Whether something that the client wrote has not come to the target's kernel yet."""
        if self._near.is_closed or self._far.is_closed:
            return False
        on_our_side = self._near.unread_bytes() + self.upstream.held_bytes
        return on_our_side + self._far.unacknowledged_bytes() > 0

    @property
    def is_over(self) -> bool:
        """Whether both our sockets are closed."""
        return self._near.is_closed and self._far.is_closed

    def heal(self) -> None:
        """Take all faults out; what they hold goes on now."""
        for direction in (self.upstream, self.downstream):
            for fault in direction.carried:
                direction.remove(fault)

    def evidence(self) -> list[str]:
        """Return a sentence for each fault that has bitten, also for those taken out since."""
        carried = (*self.upstream.carried, *self.downstream.carried)
        return [sentence for fault in carried if (sentence := fault.evidence())]

    def close(self) -> None:
        """Close both our sockets now; what is on its way is lost. Harmless when it is over."""
        self._stop()
        self._near.close()
        self._far.close()

    def _end(self, how: Close) -> None:
        """Carry out a close that is about both ends."""
        if how is Close.HALF and not (self.upstream.is_over and self.downstream.is_over):
            return
        self._stop()
        for endpoint in (self._near, self._far):
            if how is Close.RST:
                endpoint.reset()
            else:
                endpoint.leave()

    def _stop(self) -> None:
        self.upstream.stop()
        self.downstream.stop()


def pair(make: Callable[[], socket.socket]) -> tuple[socket.socket, socket.socket]:
    """Return both ends of a connection over loopback, the client's first; Unix knows no RST.

    ``make`` makes the TCP sockets, and so says in whose network it is.
    """
    with make() as listener, ExitStack() as unless_connected:
        listener.bind((LOOPBACK, 0))
        listener.listen()
        ours = unless_connected.enter_context(make())
        ours.connect(listener.getsockname())
        theirs, address = listener.accept()
        while address != ours.getsockname():  # a stranger was quicker
            theirs.close()
            theirs, address = listener.accept()
        unless_connected.pop_all()
    ours.setblocking(False)
    ours.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return ours, theirs

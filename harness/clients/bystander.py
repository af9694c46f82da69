"""One of a crowd: a client so cheap that there can be thousands on one reactor.

Of what it is sent the nonces are counted, in the raw bytes as for everybody else; the rest is
looked at only while it comes in, and later for what must be answered. The history has what it
wrote, not what it received.
"""

from __future__ import annotations

from harness.clients.client import Client


class Bystander(Client):
    """A client that hears little. ``is_idle``: it only counts, for nothing has to be answered."""

    is_idle = False

    def _interpret(self, data: bytes) -> None:
        if not self.is_idle:
            self._recognise(data)

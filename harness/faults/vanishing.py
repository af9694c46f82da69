"""A client that vanishes: what the target sends is lost, and nothing comes from us any more.

A classic BPF program of one instruction on our own socket drops every segment that comes in before
TCP sees it, so that nothing is acknowledged (SO_ATTACH_FILTER, socket(7); anybody may do it to a
socket of their own). The socket stays open: closing it would say that it is gone.
"""

from __future__ import annotations

import ctypes
import socket
import struct

from harness.faults.surroundings import Leaver, Surroundings
from harness.verdict import Unproven

SO_ATTACH_FILTER = 26
RETURN_NOTHING = struct.pack("HBBI", 0x06, 0, 0, 0)
"""BPF_RET | BPF_K with the constant 0: keep no byte of the segment (linux/bpf_common.h)."""


def vanished(client: Leaver, around: Surroundings) -> str:
    """Lose all that comes from now on, and say nothing more."""
    around.require_established()
    client.stop_reading()
    _drop_all(client.socket)
    unread = client.unread_bytes()
    around.somebody_speaks()

    def is_in_vain() -> bool:
        peer = around.peer()
        return peer is None or (peer.retransmits > 0 and peer.unacknowledged_bytes > 0)

    if not around.pump(is_in_vain, around.deadline):
        raise Unproven("the target's end never sent anything in vain, so nothing was lost")
    if client.unread_bytes() != unread:
        raise Unproven("something came in although every segment should have been dropped")
    peer = around.peer()
    client.abandon()
    if peer is None:
        return "the target's end is gone, and nothing of that has reached us"
    return (
        f"the target's end has sent {peer.unacknowledged_bytes} bytes in vain, "
        f"{peer.retransmits} time(s) again"
    )


def _drop_all(sock: socket.socket) -> None:
    program = ctypes.create_string_buffer(RETURN_NOTHING)
    header = struct.pack("HP", 1, ctypes.addressof(program))
    sock.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, header)

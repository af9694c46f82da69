"""Dropping what comes in at one of our own sockets before TCP sees it, and letting it in again.

A classic BPF program of one instruction on the socket (SO_ATTACH_FILTER, SO_DETACH_FILTER,
socket(7)). Nothing is acknowledged, so the other end sends again and again; once the filter is gone
what it still has arrives with its next attempt.

Most kernels let anybody do it to a socket of their own. Some want a right over its network, which
an ordinary user has over that of a sandbox, and not over that of the machine.
"""

from __future__ import annotations

import ctypes
import socket
import struct

from harness.verdict import Unproven

SO_ATTACH_FILTER = 26
SO_DETACH_FILTER = 27
RETURN_NOTHING = struct.pack("HBBI", 0x06, 0, 0, 0)
"""BPF_RET | BPF_K with the constant 0: keep no byte of the segment (linux/bpf_common.h)."""

REFUSED = (
    "this kernel does not let an ordinary user drop what comes in, except in a sandbox: "
    "install bubblewrap"
)


def drop_all(sock: socket.socket) -> None:
    """Lose every segment that comes in from now on: data, acknowledgements, FIN and RST.

    Raises:
        Unproven: this kernel does not let this user do it in this socket's network.
    """
    program = ctypes.create_string_buffer(RETURN_NOTHING)
    header = struct.pack("HP", 1, ctypes.addressof(program))
    try:
        sock.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, header)
    except PermissionError:
        raise Unproven(REFUSED) from None


def drop_nothing(sock: socket.socket) -> None:
    """Take every segment again, after ``drop_all``."""
    sock.setsockopt(socket.SOL_SOCKET, SO_DETACH_FILTER, 0)

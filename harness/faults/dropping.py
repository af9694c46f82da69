"""Dropping what comes in at one of our own sockets before TCP sees it, and letting it in again.

A classic BPF program of one instruction on the socket (SO_ATTACH_FILTER, SO_DETACH_FILTER,
socket(7); anybody may do it to a socket of their own). Nothing is acknowledged, so the other end
sends again and again; once the filter is gone what it still has arrives with its next attempt.
"""

from __future__ import annotations

import ctypes
import socket
import struct

SO_ATTACH_FILTER = 26
SO_DETACH_FILTER = 27
RETURN_NOTHING = struct.pack("HBBI", 0x06, 0, 0, 0)
"""BPF_RET | BPF_K with the constant 0: keep no byte of the segment (linux/bpf_common.h)."""


def drop_all(sock: socket.socket) -> None:
    """Lose every segment that comes in from now on: data, acknowledgements, FIN and RST."""
    program = ctypes.create_string_buffer(RETURN_NOTHING)
    header = struct.pack("HP", 1, ctypes.addressof(program))
    sock.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, header)


def drop_nothing(sock: socket.socket) -> None:
    """Take every segment again, after ``drop_all``."""
    sock.setsockopt(socket.SOL_SOCKET, SO_DETACH_FILTER, 0)

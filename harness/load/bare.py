"""Does nothing but send: what a server that sends one by one cannot pass on this machine.

``python -m harness.load.bare``. The first connection says how many connections there will be and
how many texts go into one send; then each connection is sent the same texts, one send after the
other, until the first connection says something more.
"""

from __future__ import annotations

import socket

from harness.load.texts import text

BACKLOG = 1_024


def main() -> None:
    """Serve one crowd after another, for ever."""
    with socket.create_server(("127.0.0.1", 0), backlog=BACKLOG) as listener:
        print(f"listens on 127.0.0.1:{listener.getsockname()[1]}", flush=True)
        while True:
            serve(listener)


def serve(listener: socket.socket) -> None:
    """Serve one crowd to its end."""
    first, _ = listener.accept()
    count, per_send = map(int, first.recv(64).split())
    crowd = [first] + [listener.accept()[0] for _ in range(count - 1)]
    for sock in crowd:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        number = 0
        while not _said_more(first):
            data = b"".join(text(0, number + n) + b"\n" for n in range(per_send))
            number += per_send
            for sock in crowd:
                sock.sendall(data)
    except OSError:
        pass  # somebody left: this crowd is over
    finally:
        for sock in crowd:
            sock.close()


def _said_more(first: socket.socket) -> bool:
    try:
        first.recv(64, socket.MSG_DONTWAIT)
    except BlockingIOError:
        return False
    return True


if __name__ == "__main__":
    main()

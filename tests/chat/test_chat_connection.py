"""The client's end of a connection, against a plain listener that does what servers do."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Iterator
from queue import Empty

import pytest
from chat_system import fall_silent

from chat import connection
from chat.config import OUTGOING_MAX_BYTES
from chat.connection import Cause, Connected, Connection, Ended, Happening, Heard
from chat.events import Said
from chat.outgoing import Outgoing

PATIENCE_S = 20.0


class Server:
    """A listener, and the one connection that it has accepted."""

    def __init__(self, backlog: int = 1) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=backlog)
        self.listener.settimeout(PATIENCE_S)
        self.host, self.port = self.listener.getsockname()

    def accepts(self) -> socket.socket:
        accepted, _ = self.listener.accept()
        accepted.settimeout(PATIENCE_S)
        return accepted


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    with made.listener:
        yield made


def next_of(there: Connection) -> Happening:
    return there.happenings.get(timeout=PATIENCE_S)


def all_of(there: Connection) -> list[Happening]:
    """Everything that happens, up to the end."""
    seen = [next_of(there)]
    while not isinstance(seen[-1], Ended):
        seen.append(next_of(there))
    return seen


def reset(sock: socket.socket) -> None:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def test_what_the_server_says_is_heard_in_order(server: Server) -> None:
    there = Connection(server.host, server.port)
    with server.accepts() as peer:
        assert next_of(there) == Connected()
        peer.sendall(b"Ana: um\nAna: d")
        assert next_of(there) == Heard([Said("Ana", "um")])
        peer.sendall(b"ois\n")
        assert next_of(there) == Heard([Said("Ana", "dois")])
    assert next_of(there) == Ended(Cause.CLOSED)


def test_what_is_sent_arrives_in_order(server: Server) -> None:
    there = Connection(server.host, server.port)
    assert there.send(b"Ana\n")
    with server.accepts() as peer:
        assert there.send("olá\n".encode())
        assert peer.makefile("rb").read(9) == "Ana\nolá\n".encode()


def test_a_reset_is_told_after_what_had_arrived(server: Server) -> None:
    there = Connection(server.host, server.port)
    peer = server.accepts()
    assert next_of(there) == Connected()
    peer.sendall(b"Ana: oi\n")
    assert next_of(there) == Heard([Said("Ana", "oi")])
    reset(peer)
    ended = next_of(there)
    assert isinstance(ended, Ended)
    assert ended.cause is Cause.RESET


def test_a_line_of_no_kind_ends_the_connection(server: Server) -> None:
    there = Connection(server.host, server.port)
    with server.accepts() as peer:
        peer.sendall(b"Ana: oi\nHTTP/1.1 400 Bad Request\n")
        assert all_of(there) == [
            Connected(),
            Heard([Said("Ana", "oi")]),
            Ended(Cause.GARBAGE, "HTTP/1.1 400 Bad Request"),
        ]
        assert peer.recv(1) == b""


def test_a_server_that_falls_silent_is_given_up(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "SILENT_S", 1.0)
    there = Connection(server.host, server.port)
    with server.accepts() as peer:
        assert next_of(there) == Connected()
        fall_silent(peer)
        there.send(b"Ana\n")
        assert next_of(there) == Ended(Cause.SILENT)


def test_a_port_at_which_nobody_listens_refuses(server: Server) -> None:
    server.listener.close()
    assert all_of(Connection(server.host, server.port)) == [Ended(Cause.REFUSED)]


def test_a_server_that_does_not_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "CONNECT_S", 0.3)
    full = Server(backlog=0)
    with full.listener, socket.create_connection((full.host, full.port)):
        assert all_of(Connection(full.host, full.port)) == [Ended(Cause.NO_ANSWER)]


@pytest.mark.parametrize("host", ["nenhum.invalid", "a..b", "x" * 70, "\udc80"])
def test_a_host_that_does_not_exist_is_unknown(host: str) -> None:
    assert all_of(Connection(host, 1)) == [Ended(Cause.UNKNOWN_HOST)]


def test_an_address_that_cannot_be_reached_says_why() -> None:
    ended = all_of(Connection("255.255.255.255", 1))[-1]
    assert isinstance(ended, Ended)
    assert ended.cause is Cause.UNREACHABLE
    assert ended.detail


def test_leaving_sends_what_waits_and_ends_in_order(server: Server) -> None:
    there = Connection(server.host, server.port)
    with server.accepts() as peer:
        assert next_of(there) == Connected()
        there.send(b"/sair\n")
        there.leave()
        assert peer.makefile("rb").read() == b"/sair\n"
        peer.sendall(b"* servidor encerrando\n")
    there.wait(PATIENCE_S)
    with pytest.raises(Empty):
        there.happenings.get_nowait()


def test_a_server_that_does_not_read_makes_nobody_wait(server: Server) -> None:
    there = Connection(server.host, server.port)
    with server.accepts():
        line = b"x" * 4_095 + b"\n"
        sent = 0
        while there.send(line):
            sent += 1
            assert sent < 10_000, "what waits is not bounded"


def test_a_server_that_says_more_than_is_looked_at_is_pushed_back(server: Server) -> None:
    there = Connection(server.host, server.port)
    with server.accepts() as peer:
        peer.setblocking(False)
        line, sent = b"Ana: " + b"x" * 4_000 + b"\n", 0

        def send_on() -> bool:
            nonlocal sent
            try:
                sent += peer.send(line)
            except BlockingIOError:
                return False
            return True

        wait_until(lambda: not send_on() and there.happenings.full())
        assert sent < 64 << 20


def wait_until(condition: Callable[[], bool]) -> None:
    """Look again and again; the test's time limit is the deadline."""
    while not condition():
        pass


# What waits to be sent.


def test_what_waits_is_bounded_in_bytes() -> None:
    outgoing = Outgoing(10)
    assert [outgoing.put(b"123456"), outgoing.put(b"12345"), outgoing.put(b"1234")] == [
        True,
        False,
        True,
    ]
    assert outgoing.take() == b"1234561234"
    assert outgoing.put(b"1234567890")


def test_what_waits_when_it_is_closed_is_the_last() -> None:
    outgoing = Outgoing(OUTGOING_MAX_BYTES)
    outgoing.put(b"um")
    outgoing.close()
    assert not outgoing.put(b"dois")
    assert [outgoing.take(), outgoing.take()] == [b"um", b""]

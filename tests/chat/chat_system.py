"""A client over a real socket, and a server to talk to: in this process, or as a user starts it.

Every wait has a deadline and ends with an event; nothing here sleeps to let things settle.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Self

import psutil

from chat.config import Bounds, Settings
from chat.server import Server

PATIENCE_S = 20.0
ROOT = Path(__file__).parents[2]
SO_ATTACH_FILTER = 26
SO_DETACH_FILTER = 27
DROP_ALL = struct.pack("HBBI", 0x06, 0, 0, 0)  # BPF: accept no byte of any segment


def fall_silent(sock: socket.socket) -> None:
    """Let whatever comes to the socket be dropped by the kernel, as on a cut cable."""
    program = ctypes.create_string_buffer(DROP_ALL)
    fprog = struct.pack("HxxxxxxQ", 1, ctypes.addressof(program))
    sock.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, fprog)


def wake_up(sock: socket.socket) -> None:
    """Let the socket answer again."""
    sock.setsockopt(socket.SOL_SOCKET, SO_DETACH_FILTER, 0)


class Client:
    """Says lines, and reads lines one by one."""

    def __init__(self, address: tuple[str, int], small_buffer: bool = False) -> None:
        self.socket = socket.socket()
        if small_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        self.socket.settimeout(PATIENCE_S)
        try:
            self.socket.connect(address)
        except OSError:
            self.socket.close()
            raise
        self.seen = b""  # every byte that ever came
        self._read = 0

    def say(self, *lines: str) -> Self:
        """Send lines, all in one piece."""
        return self.send("".join(f"{line}\n" for line in lines).encode())

    def send(self, data: bytes) -> Self:
        self.socket.sendall(data)
        return self

    def line(self) -> str:
        """The next line; at the end of input, nothing."""
        while (end := self.seen.find(b"\n", self._read)) < 0:
            data = self.socket.recv(65_536)
            if not data:
                return ""
            self.seen += data
        start, self._read = self._read, end + 1
        return self.seen[start:end].decode()

    def lines(self, count: int) -> list[str]:
        return [self.line() for _ in range(count)]

    def until(self, wanted: str) -> list[str]:
        """The lines up to the wanted one."""
        lines = [self.line()]
        while lines[-1] != wanted:
            assert lines[-1], f"the connection ended before {wanted!r}, after {lines}"
            lines.append(self.line())
        return lines

    def rest(self) -> list[str]:
        """All lines up to the end of input."""
        return list(iter(self.line, ""))

    def half_close(self) -> None:
        self.socket.shutdown(socket.SHUT_WR)

    def reset(self) -> None:
        """End the connection with an RST."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def close(self) -> None:
        self.socket.close()


class Output:
    """What a server shows, read line by line from a descriptor."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._data = b""

    def line(self) -> str:
        """The next line; at the end, nothing."""
        while b"\n" not in self._data:
            assert select.select([self._descriptor], [], [], PATIENCE_S)[0], "the screen is silent"
            data = os.read(self._descriptor, 65_536)
            if not data:
                return ""
            self._data += data
        line, _, self._data = self._data.partition(b"\n")
        return line.decode()

    def until(self, wanted: str) -> list[str]:
        lines = [self.line()]
        while lines[-1] != wanted:
            assert lines[-1], f"the screen ended before {wanted!r}, after {lines}"
            lines.append(self.line())
        return lines

    def rest(self) -> list[str]:
        return list(iter(self.line, ""))


class System:
    """A server that listens, and the clients that the test connects to it."""

    address: tuple[str, int]
    screen: Output

    def __init__(self) -> None:
        self._clients: list[Client] = []

    def connect(self, *, small_buffer: bool = False) -> Client:
        client = Client(self.address, small_buffer)
        self._clients.append(client)
        return client

    def join(self, name: str, *, small_buffer: bool = False) -> Client:
        """A client that is a member, and has read its own arrival and the list of users."""
        client = self.connect(small_buffer=small_buffer).say(name)
        assert client.line() == f"* {name} entrou no chat"
        assert client.line().startswith("* conectados: ")
        return client

    def join_all(self, *names: str) -> list[Client]:
        """Members that have read each other's arrivals."""
        clients: list[Client] = []
        for name in names:
            newcomer = self.join(name)
            for client in clients:
                assert client.line() == f"* {name} entrou no chat"
            clients.append(newcomer)
        return clients

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for client in self._clients:
            client.close()
        self.end()

    def end(self) -> None:
        raise NotImplementedError


class InProcess(System):
    """A server in a thread of this process. Leaving it proves that it ended in order."""

    def __init__(self, log: Path | None = None, **bounds: float) -> None:
        super().__init__()
        read_end, self._write_end = os.pipe()
        self._read_end = read_end
        self.screen = Output(read_end)
        self.server = Server(
            Settings(port=0, log=log, bounds=Bounds(**bounds)),  # type: ignore[arg-type]
            self._write_end,
        )
        self.address = self.server.address
        self._ended_well: list[bool] = []
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self.screen.line() == "pronto em {}:{}".format(*self.address)
        return self

    def end(self) -> None:
        """Turn the screen off, which nobody reads any more, and stop the server."""
        os.close(self._read_end)
        if self._thread.is_alive():
            self.server.stop()
            self._thread.join(PATIENCE_S)
            assert self._ended_well == [True]
        for thread in threading.enumerate():
            if thread.name == "leitor":
                thread.join(PATIENCE_S)
        os.close(self._write_end)

    def _serve(self) -> None:
        self._ended_well.append(self.server.serve())


class Process(System):
    """A server as `python -m chat server` starts it: on any free port.

    It logs only if that is asked for, or in a folder of its own. `how` is what a shell does to
    start it. A server whose output goes elsewhere shows no screen.
    """

    def __init__(
        self,
        *arguments: str,
        how: str = 'exec "$@"',
        folder: Path = ROOT,
        stdout: int = subprocess.PIPE,
    ) -> None:
        super().__init__()
        log = ["--no-log"] if folder is ROOT and "--log" not in arguments else []
        command = [sys.executable, "-P", "-m", "chat", "server", "--port", "0", *log, *arguments]
        self.child = subprocess.Popen(
            ["sh", "-c", how, "sh", *command],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=stdout,
            stderr=subprocess.PIPE,
        )
        if self.child.stdout:
            self.screen = Output(self.child.stdout.fileno())

    def __enter__(self) -> Self:
        if self.child.stdout:
            host, _, port = self.screen.line().removeprefix("pronto em ").rpartition(":")
            self.address = host, int(port)
        else:
            wait_for(self._find_address, "the server listens")
        return self

    def _find_address(self) -> bool:
        listening = psutil.Process(self.child.pid).net_connections("tcp4")
        for each in listening:
            self.address = each.laddr
        return bool(listening)

    def signal(self, number: int) -> None:
        self.child.send_signal(number)

    def status(self) -> int:
        return self.child.wait(PATIENCE_S)

    def end(self) -> None:
        """Terminate it; what it wrote on stderr would be a fault."""
        if self.child.poll() is None:
            self.signal(signal.SIGTERM)
        _, errors = self.child.communicate(timeout=PATIENCE_S)
        assert errors == b""


def wait_for(condition: object, what: str) -> None:
    """Ask again and again, until the deadline."""
    assert callable(condition)
    deadline_s = monotonic() + PATIENCE_S
    while not condition():
        assert monotonic() < deadline_s, f"never came true: {what}"
        select.select([], [], [], 0.005)

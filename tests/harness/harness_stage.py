"""What the tests of the harness are made of: plain peers, little programs, a stage for clients."""

from __future__ import annotations

import os
import signal
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from textwrap import dedent

import psutil

from harness.clients.client import Client
from harness.clients.opening import Opening, Preparation
from harness.clients.reactor import Reactor
from harness.clients.serving import Unrecognising
from harness.deadline import Deadline
from harness.description import Description, read
from harness.dialects.dialect import Dialect, compile_dialect
from harness.expect import Vocabulary
from harness.faults.profiles import PROFILES
from harness.history import History
from harness.linked import Lines
from harness.room import Room
from harness.system import load
from harness.targets.launch import start
from harness.targets.network import Network
from harness.verdict import Ledger, Verdict
from spec import limits

PATIENCE_S = 20.0
"""A test that waits this long has failed; none waits for it when all is well."""
SHORT_S = 1.5
"""How long something is waited for that never comes."""
LAUNCH = '[launch]\ncommand = "true"\n'


def soon() -> Deadline:
    """A deadline that passes only when something is broken."""
    return Deadline.after(PATIENCE_S)


def vocabulary(seed: int = 1) -> Vocabulary:
    return Vocabulary(Random(seed))


class Stage:
    """One reactor, one history, clients on real sockets, and a plain peer for each."""

    def __init__(self) -> None:
        self.reactor = Reactor()
        self.history = History()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(PATIENCE_S)
        self.clients: list[Client] = []
        self.peers: list[socket.socket] = []
        self.network = Network()

    def client(
        self,
        recogniser: Unrecognising | None = None,
        prepare: Preparation | None = None,
    ) -> tuple[Client, socket.socket]:
        """Connect a client; return it and the peer's end of its connection."""
        opening = Opening(self.listener.getsockname(), self.reactor, prepare)
        client = Client.connect(
            "ana", opening, recogniser or Unrecognising(), self.reactor, self.history, soon()
        )
        self.clients.append(client)
        peer, _ = self.listener.accept()
        peer.settimeout(PATIENCE_S)
        self.peers.append(peer)
        return client, peer

    def pump(self, until: Callable[[], bool]) -> None:
        """Turn the reactor until the condition holds."""
        assert self.reactor.pump(until, soon())

    def said(self) -> str:
        """Everything in the history, as one text."""
        return "\n".join(f"{e.who} {e.mark} {e.what}" for e in self.history.entries)

    def close(self) -> None:
        for client in self.clients:
            client.close()
        for peer in (self.listener, *self.peers):
            peer.close()
        self.network.close()
        self.reactor.close()


def reset(sock: socket.socket) -> None:
    """Close a socket with an RST."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def was_reset(sock: socket.socket) -> bool:
    """Whether an RST has come, also after a FIN, when a read does not say so any more."""
    return sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) != 0


def described(folder: Path, text: str, *, launch: str = LAUNCH) -> Description:
    """Read a target file with this text."""
    file = folder / "alvo.toml"
    file.write_text(launch + dedent(text), encoding="utf-8")
    return read(file)


def dialect(folder: Path, text: str) -> Dialect:
    """Compile the dialect of a target file with this text."""
    return compile_dialect(described(folder, text))


def program(folder: Path, name: str, source: str) -> Path:
    """Write a Python program of a target."""
    path = folder / name
    path.write_text(dedent(source), encoding="utf-8")
    return path


def is_alive(pid: int) -> bool:
    """Whether a process runs; a zombie does not."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


@contextmanager
def killed_after(pid: int) -> Iterator[None]:
    """End a process that a failed test would leave behind."""
    try:
        yield
    finally:
        if is_alive(pid):
            os.kill(pid, signal.SIGKILL)


class Forgetful(list[tuple[float, float]]):
    """Remembers no delay: for tests of a busy machine that say when the harness was late."""

    def append(self, _lag: tuple[float, float]) -> None:
        """Forget it."""


SPEECH = """
[wire]
framing = "line"
[send]
join    = ["{name}", {expect = "+ {name}"}]
private = "@{to} {text}"
users   = "/quem"
quit    = "/sair"
pong    = "PONG {rest}"
[receive]
joined            = "+ {name}"
left              = "- {name}"
message           = "{from}: {text}"
private           = "{from} > {text}"
users             = "= {users}"
unknown_recipient = "! ninguem"
name_taken        = "! em-uso"
server_full       = "! cheio"
ping              = "PING {rest}"
"""
SILENT = SPEECH.replace(', {expect = "+ {name}"}', "")
TINY = Path(__file__).with_name("harness_tiny.py")


def open_room(
    folder: Path,
    *bugs: str,
    speech: str = SPEECH,
    covers: tuple[str, ...] = ("RF-001.1",),
    observation_s: float = PATIENCE_S,
    profile: str = "direct",
) -> Room:
    """Start a tiny server with these bugs, and open its room."""
    command = ["python3", str(TINY), "{port}", "{log}", *bugs]
    launch = f'[launch]\ncommand = {command}\ncwd = ""\n'
    (folder / "alvo.toml").write_text(launch + speech, encoding="utf-8")
    tiny = load(str(folder / "alvo.toml"))
    bounds = limits.load()
    judging = replace(bounds.judging, observation_s=observation_s)
    reactor, history = Reactor(), History()
    reactor.lags = Forgetful()
    return Room(
        system=tiny,
        running=start(tiny.description, reactor, history, 1.0),
        reactor=reactor,
        history=history,
        ledger=Ledger(covers),
        bounds=replace(bounds, judging=judging),
        vocabulary=vocabulary(),
        lines=Lines(PROFILES.get(profile), Random(1)),
    )


def said_of(room: Room) -> tuple[Verdict, str]:
    """Finish; return the verdict and its reason."""
    room.finish()
    (judgement,) = room.ledger.judgements()
    return judgement.verdict, judgement.reason or ""

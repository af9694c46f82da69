"""A sandbox for one target: namespaces of its own, made by bubblewrap; see bwrap(1).

Inside, any IPv4 address is its own, so that a hard-coded one can be bound and the same port be
taken by every target at once; nothing outside can be reached. All files are read-only but those of
the run, in memory and bounded. Its first process is our broker, which makes sockets there
and hands them out: a socket stays in the network that it was made in.

What it does not keep from a target: reading whatever the user may read.
"""

from __future__ import annotations

import functools
import json
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import psutil

from harness.targets import bytecode
from harness.targets.network import Network

PATIENCE_S = 30.0
PACKET_BYTES = 1 << 16
CAPABILITIES = ("CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_SETFCAP")
"""What our broker has inside, and no target: for routes, for packets, for users of its own."""
MOST_FILE_BYTES = 256 << 20
ALONE = ("--unshare-all", "--die-with-parent", "--new-session")
"""Namespaces of its own, an end with ours, and no terminal to type into."""
MASKED = ("/run", "/tmp", "/var/tmp", "/dev/shm")  # noqa: S108 - not ours: what a target sees
"""Where sockets and files of other programs lie: empty inside."""


class CannotIsolate(Exception):
    """There is no sandbox, or it has broken; the reason is a sentence."""


@functools.cache
def why_not() -> str | None:
    """Return why there can be no sandbox on this machine; None when there can."""
    if (bwrap := shutil.which("bwrap")) is None:
        return "bubblewrap is not installed; type: apt-get install bubblewrap"
    tried = subprocess.run(
        [bwrap, *ALONE, "--ro-bind", "/", "/", "true"], capture_output=True, text=True, check=False
    )
    return f"bubblewrap does not work here: {tried.stderr.strip()}" if tried.returncode else None


class Sandbox:
    """One sandbox, from its making to ``close``; use that on every path."""

    def __init__(self, folder: Path, also: Sequence[Path] = ()) -> None:
        """Make it; what is in the folder is copied in, and ``also`` can be read inside.

        Raises:
            CannotIsolate: it could not be made.
        """
        self._statuses: dict[int, int] = {}
        self.stopped: str | None = None
        """Which limit the target has passed, for which everything in here was killed."""
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(PATIENCE_S)
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        with theirs:
            self._bwrap = subprocess.Popen(
                _command(folder, also, theirs.fileno()),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._complaints,
            )
        try:
            self._receive()
            (broker,) = psutil.Process(self._bwrap.pid).children()
        except BaseException:
            self._end()
            raise
        self.network = Network(self._make_socket, Path(f"/proc/{broker.pid}/net"))

    def spawn(
        self, command: Sequence[str], cwd: Path, env: Mapping[str, str], streams: Sequence[int]
    ) -> Inmate:
        """Start a program inside, with these three standard streams.

        Raises:
            OSError: there is no such program inside, or it may not be executed.
        """
        told, _ = self._ask("spawn", streams, command=list(command), cwd=str(cwd), env=dict(env))
        return Inmate(self, int(str(told["pid"])))

    def open(self, path: Path) -> int:
        """Open a file of the target for reading; return its descriptor.

        Raises:
            OSError: there is none, or it is no regular file.
        """
        _, (descriptor,) = self._ask("open", path=str(path))
        return descriptor

    def signal(self, pid: int, number: int) -> None:
        """Send a signal to a program that was started in here."""
        self._ask("signal", pid=pid, number=number)

    def status(self, pid: int) -> int | None:
        """Return the exit status of a program that was started in here; None while it runs."""
        while pid not in self._statuses and select.select([self._control], [], [], 0)[0]:
            self._receive()
        return self._statuses.get(pid)

    def wait(self, pid: int) -> int:
        """Wait until a program that was started in here has ended; return its exit status."""
        while pid not in self._statuses:
            self._receive()
        return self._statuses[pid]

    def close(self) -> None:
        """End everything inside, and wait until nothing of it is left.

        The broker ends when nobody listens to it; with process 1 the kernel ends all the others
        before bubblewrap sees it end.
        """
        self.network.close()
        self._end()

    def _end(self) -> None:
        self._control.close()
        try:
            self._bwrap.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._bwrap.kill()
            self._bwrap.wait()
        self._complaints.close()

    def _make_socket(self, family: int, kind: int, protocol: int = 0) -> socket.socket:
        _, (descriptor,) = self._ask("socket", family=family, kind=kind, protocol=protocol)
        return socket.socket(fileno=descriptor)

    def _ask(
        self, what: str, descriptors: Sequence[int] = (), **details: object
    ) -> tuple[dict[str, object], list[int]]:
        packet = json.dumps({"do": what, **details}).encode()
        try:
            socket.send_fds(self._control, [packet], list(descriptors))
        except OSError:
            raise CannotIsolate(self._how_it_broke()) from None
        while True:
            reply, handed_out = self._receive()
            if "ended" in reply or "stopped" in reply:
                continue
            if "errno" in reply:
                raise OSError(reply["errno"], reply["problem"])
            return reply, handed_out

    def _receive(self) -> tuple[dict[str, object], list[int]]:
        """Receive one packet; take note of what has happened by itself."""
        try:
            packet, descriptors, _, _ = socket.recv_fds(self._control, PACKET_BYTES, 1)
        except (TimeoutError, ConnectionError):
            packet, descriptors = b"", []
        if not packet:
            raise CannotIsolate(self._how_it_broke())
        told = json.loads(packet)
        if "ended" in told:
            self._statuses[told["ended"]] = told["status"]
        self.stopped = told.get("stopped", self.stopped)
        return told, descriptors

    def _how_it_broke(self) -> str:
        self._complaints.seek(0)
        last = self._complaints.read().decode(errors="replace").strip().rpartition("\n")[2]
        return f"the sandbox broke: {last or 'it said nothing'}"


class Inmate:
    """A program in a sandbox, with what is used of ``subprocess.Popen``."""

    def __init__(self, sandbox: Sandbox, pid: int) -> None:
        """Remember where it is."""
        self.pid = pid
        """Its number inside."""
        self._sandbox = sandbox

    def poll(self) -> int | None:
        """Return its exit status; None while it runs."""
        return self._sandbox.status(self.pid)

    def terminate(self) -> None:
        """Ask it to end."""
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self._send(signal.SIGKILL)

    def wait(self) -> int:
        """Wait until it has ended; return its exit status."""
        return self._sandbox.wait(self.pid)

    def _send(self, number: int) -> None:
        if self.poll() is None:
            with suppress(ProcessLookupError):  # it has ended, and that is not known yet
                self._sandbox.signal(self.pid, number)


def _command(folder: Path, also: Sequence[Path], descriptor: int) -> list[str]:
    """Return the command of bubblewrap; later mounts lie over earlier ones."""
    source = "/run/chat-verify"
    ours = [Path(sys.prefix), Path(sys.base_prefix), Path(__file__).parents[2], *also]
    hidden = [p for p in map(Path.resolve, ours) if any(p.is_relative_to(m) for m in MASKED)]
    masks = [word for path in MASKED for word in (*_SIZE, "--tmpfs", path)]
    return [
        *("bwrap", *ALONE, "--as-pid-1", "--hostname", "alvo", "--uid", "0", "--gid", "0"),
        *(word for name in CAPABILITIES for word in ("--cap-add", name)),
        *("--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", *masks),
        *("--ro-bind", "/proc/sys", "/proc/sys"),  # root could set the machine's own, even there
        *("--remount-ro", "/dev"),  # it would hold as many files as there is memory
        *(word for path in hidden for word in ("--ro-bind", str(path), str(path))),
        *("--ro-bind", str(folder), source, *_SIZE, "--tmpfs", str(folder), "--chdir", "/"),
        *(sys.executable, "-I", "-S", str(bytecode.broker()), str(descriptor), source, str(folder)),
    ]


_SIZE = ("--size", str(MOST_FILE_BYTES))

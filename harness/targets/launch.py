"""Starts a target as its file says: a folder of its own, a clean environment, then ready."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.deadline import Deadline
from harness.description import Description, DescriptionError
from harness.history import History
from harness.targets.ground import Ground, prepare
from harness.targets.instructions import (
    HOLES,
    HOST,
    Filler,
    clean_environment,
    command_of,
    inside,
    named,
    required,
    working_folder,
)
from harness.targets.network import Network
from harness.targets.ports import Reservation, reserve
from harness.targets.process import CannotStart, Process, Reactor
from harness.targets.readiness import await_ready
from harness.targets.tcp import Address


@dataclass(slots=True)
class Prepared:
    """A target that can be started: its folder, its ground, a port that is free for it.

    Use ``discard`` on every path, unless it has become ``Running``.
    """

    description: Description
    folder: Path
    cwd: Path
    holes: dict[str, str]
    ground: Ground
    port: Reservation

    def start(
        self,
        reactor: Reactor,
        history: History,
        environment: Mapping[str, str] | None = None,
        holes: Mapping[str, str] | None = None,
        words: Sequence[str] = (),
    ) -> Process:
        """Start its program, with these variables beside its own.

        ``holes`` are filled in another way than usual; ``words`` are another command.

        Raises:
            CannotStart: its command cannot be executed.
        """
        launch = required(self.description)
        fill = Filler(self.description.file, self.holes | dict(holes or {}))
        command = words or command_of(self.description, launch)
        words = [fill("launch.command", word) for word in command]
        env = clean_environment(self.folder) | dict(environment or {})
        env |= {key: fill(f"launch.env.{key}", value) for key, value in launch.env.items()}
        program = shutil.which(words[0], path=env["PATH"]) or str(self.cwd / words[0])
        stdin = fill("launch.stdin", launch.stdin)
        command = [program, *words[1:]]
        try:
            process = Process(command, self.cwd, env, stdin, self.ground, reactor, history)
        except CannotStart as error:
            problem = f"launch.command: cannot be started: {error}"
            raise CannotStart(f"{self.description.file}: {problem}") from None
        reactor.turn(0.0)  # how long that took us is no delay of what is waited for from now on
        return process

    def discard(self) -> None:
        """Remove all that it has."""
        self.ground.close()
        discard(self.folder, self.port)


@dataclass(slots=True)
class Running:
    """A target that runs. ``address`` is where a server listens."""

    process: Process
    address: Address
    prepared: Prepared

    @property
    def ground(self) -> Ground:
        """Where it runs."""
        return self.prepared.ground

    @property
    def network(self) -> Network:
        """The network that it lives in."""
        return self.prepared.ground.network

    @property
    def folder(self) -> Path:
        """The folder of the run."""
        return self.prepared.folder

    @property
    def cwd(self) -> Path:
        """The folder that it works in."""
        return self.prepared.cwd

    @property
    def holes(self) -> dict[str, str]:
        """What the holes of ``[launch]`` and ``[log]`` are filled with."""
        return self.prepared.holes

    def end(self, deadline: Deadline) -> None:
        """End it and remove all that it had."""
        self.process.end(deadline)
        self.prepared.discard()


def start(description: Description, reactor: Reactor, history: History, scale: float) -> Running:
    """Start a server and wait until it is ready.

    Raises:
        NotReady: it ended or stayed mute; everything of it has been removed.
        CannotStart: its command cannot be executed.
        DescriptionError: the file has no command, or one with an unknown hole.
    """
    prepared = prepared_for(description)
    process: Process | None = None
    try:
        process = prepared.start(reactor, history)
        launch = required(description)
        deadline = Deadline.after(launch.ready_s * scale)
        port = prepared.port.port
        address = await_ready(process, prepared.ground, launch, port, reactor, deadline)
    except BaseException:
        if process:
            process.end(Deadline.after(1.0))
        prepared.discard()
        raise
    history.record("target", "=", f"listens on {address[0]}:{address[1]}")
    return Running(process, address, prepared)


def prepared_for(description: Description, also: Sequence[Path] = ()) -> Prepared:
    """Prepare a target to be started; ``also`` can be read by it in a sandbox.

    Raises:
        DescriptionError: the file has no command, or one with an unknown hole, or no such folder,
            or a file of ``[launch.files]`` cannot be written there.
    """
    launch = required(description)
    if launch.build:
        raise DescriptionError(description.file, "launch.build has not been run: nothing to start")
    port = reserve(HOST)
    folder = Path(tempfile.mkdtemp(prefix="chat-verify-"))
    try:
        cwd = working_folder(description, launch, folder)
        values = (HOST, str(port.port), f"{HOST}:{port.port}", str(cwd), str(folder / "chat.log"))
        holes = dict(zip(HOLES, values, strict=True))
        fill = Filler(description.file, holes)
        for name, content in launch.files.items():
            _write(description.file, cwd, name, fill(f"launch.files.{name}", content))
        readable = [cwd, description.file.parent, *named(description, launch), *also]
        return Prepared(description, folder, cwd, holes, prepare(folder, readable), port)
    except BaseException:
        discard(folder, port)
        raise


def _write(file: Path, cwd: Path, name: str, content: str) -> None:
    path = inside(file, cwd, name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    except OSError as error:
        problem = f"launch.files: {name!r} cannot be written: {error.strerror}"
        raise DescriptionError(file, problem) from None


def discard(folder: Path, port: Reservation) -> None:
    """Remove the folder of a run and release its port."""
    shutil.rmtree(folder, ignore_errors=True)
    port.release()

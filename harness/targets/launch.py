"""Starts a target as its file says: a folder of its own, a clean environment, then ready.

Ready is when the described text was printed or, normally, when one of its processes listens.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from harness.deadline import Deadline
from harness.description import Description, DescriptionError, Launch, Log
from harness.history import History, readable
from harness.targets import tcp
from harness.targets.ground import Ground, prepare
from harness.targets.network import Network
from harness.targets.ports import Reservation, reserve
from harness.targets.process import CannotStart, Process, Reactor

HOST = "127.0.0.1"
MOST_COPIED_BYTES = 64 << 20
NOT_COPIED = (".git", ".tox", ".venv", "__pycache__", "report")
HOLES = ("host", "port", "address", "dir", "log")
_HOLE = re.compile(r"\{\{|\}\}|\{(\w+)\}")


class NotReady(Exception):
    """The target was started, but did not come to listen; the reason is a sentence.

    ``is_certain`` is False when the harness itself was late, so that nothing can be said.
    """

    def __init__(self, reason: str, *, is_certain: bool) -> None:
        """Remember whether the reason is the target's."""
        super().__init__(reason)
        self.is_certain = is_certain


@dataclass(slots=True)
class Running:
    """A target that listens."""

    process: Process
    address: tcp.Address
    folder: Path
    port: Reservation
    cwd: Path
    holes: dict[str, str]
    ground: Ground

    @property
    def network(self) -> Network:
        """The network that it lives in."""
        return self.ground.network

    def end(self, deadline: Deadline) -> None:
        """End it and remove all that it had."""
        self.process.end(deadline)
        self.ground.close()
        discard(self.folder, self.port)


def start(description: Description, reactor: Reactor, history: History, scale: float) -> Running:
    """Start the target and wait until it is ready.

    Raises:
        NotReady: it ended or stayed mute; everything of it has been removed.
        CannotStart: its command cannot be executed.
        DescriptionError: the file has no command, or one with an unknown hole.
    """
    launch = required(description)
    port = reserve(HOST)
    folder = Path(tempfile.mkdtemp(prefix="chat-verify-"))
    ground: Ground | None = None
    process: Process | None = None
    try:
        cwd = _working_folder(description, launch, folder)
        holes = _holes(port.port, cwd, folder)
        _write_files(description, launch, cwd, holes)
        ground = prepare(folder, [cwd, description.file.parent, *_named(description, launch)])
        process = _process(description, launch, folder, cwd, holes, ground, reactor, history)
        deadline = Deadline.after(launch.ready_s * scale)
        address = _await_ready(process, ground, launch, port.port, reactor, deadline)
    except BaseException:
        if process:
            process.end(Deadline.after(1.0))
        if ground:
            ground.close()
        discard(folder, port)
        raise
    history.record("target", "=", f"listens on {address[0]}:{address[1]}")
    return Running(process, address, folder, port, cwd, holes, ground)


def required(description: Description) -> Launch:
    """Return the launch section of a target that must have one."""
    if description.launch is None:
        problem = 'there is no [launch]; it needs at least: command = "..."'
        raise DescriptionError(description.file, problem)
    return description.launch


def check(description: Description) -> None:
    """Check what can be checked of ``[launch]`` without starting anything.

    Raises:
        DescriptionError: there is none, its command is none, a hole is unknown, or a folder or a
            file is not where it may be.
    """
    launch = required(description)
    if launch.cwd:
        _source(description, launch)
    fill = Filler(description.file, dict.fromkeys(HOLES, ""))
    for word in _words(description, launch):
        fill("launch.command", word)
    if launch.files and not launch.copy:
        problem = (
            "launch.files would be written into your own folder; leave out launch.copy = false"
        )
        raise DescriptionError(description.file, problem)
    for name, content in launch.files.items():
        _inside(description.file, Path("/target"), name)
        fill(f"launch.files.{name}", content)
    for key, value in launch.env.items():
        fill(f"launch.env.{key}", value)
    fill("launch.stdin", launch.stdin)
    if description.log is not None:
        _check_log(description.file, description.log, fill)


def _check_log(file: Path, log: Log, fill: Filler) -> None:
    fill("log.file", log.file)
    for word in words_of(file, "log.command", log.command) if log.command else ():
        fill("log.command", word)


def missing_package(description: Description) -> str | None:
    """Say which Debian package has to be installed before this target can be run, if any.

    Raises:
        DescriptionError: the program does not exist, and no package is named that has it.
    """
    launch = required(description)
    if "{" in (program := _words(description, launch)[0]):
        return None
    path = clean_environment(Path())["PATH"]
    here = description.file.parent / launch.cwd / program
    if shutil.which(program, path=path) or here.is_file():
        return None
    if launch.package:
        return f"{program} is not installed; type: apt-get install {launch.package}"
    problem = f"launch.command: there is no program {program!r}, neither in {here.parent} nor in"
    raise DescriptionError(description.file, f"{problem} {path}")


def _words(description: Description, launch: Launch) -> list[str]:
    return words_of(description.file, "launch.command", launch.command)


def _named(description: Description, launch: Launch) -> list[Path]:
    """Return the files and folders that a command names: it can read them also in a sandbox."""
    paths = map(Path, _words(description, launch))
    return [path for path in paths if path.is_absolute() and path.exists()]


def words_of(file: Path, path: str, command: str | list[str]) -> list[str]:
    """Return the words of a command.

    Raises:
        DescriptionError: it has none, or an open quotation.
    """
    try:
        words = shlex.split(command) if isinstance(command, str) else command
    except ValueError as error:
        raise DescriptionError(file, f"{path} = {command!r}: {error}") from None
    if not words:
        raise DescriptionError(file, f"{path} is empty")
    return words


def discard(folder: Path, port: Reservation) -> None:
    """Remove the folder of a run and release its port."""
    shutil.rmtree(folder, ignore_errors=True)
    port.release()


def _holes(port: int, cwd: Path, folder: Path) -> dict[str, str]:
    values = (HOST, str(port), f"{HOST}:{port}", str(cwd), str(folder / "chat.log"))
    return dict(zip(HOLES, values, strict=True))


def _write_files(
    description: Description, launch: Launch, cwd: Path, holes: dict[str, str]
) -> None:
    fill = Filler(description.file, holes)
    for name, content in launch.files.items():
        _write(description.file, cwd, name, fill(f"launch.files.{name}", content))


def _process(
    description: Description,
    launch: Launch,
    folder: Path,
    cwd: Path,
    holes: dict[str, str],
    ground: Ground,
    reactor: Reactor,
    history: History,
) -> Process:
    fill = Filler(description.file, holes)
    words = [fill("launch.command", word) for word in _words(description, launch)]
    env = clean_environment(folder) | {
        key: fill(f"launch.env.{key}", value) for key, value in launch.env.items()
    }
    program = shutil.which(words[0], path=env["PATH"]) or str(cwd / words[0])
    try:
        stdin = fill("launch.stdin", launch.stdin)
        return Process([program, *words[1:]], cwd, env, stdin, ground, reactor, history)
    except CannotStart as error:
        problem = f"launch.command: cannot be started: {error}"
        raise CannotStart(f"{description.file}: {problem}") from None


def clean_environment(home: Path) -> dict[str, str]:
    """Return the environment of a target: built from nothing, the same for everyone."""
    folders = [str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin"]
    return {
        "PATH": ":".join([*folders, "/usr/local/sbin", "/usr/sbin", "/sbin"]),
        "HOME": str(home),
        "TMPDIR": str(home),
        "LANG": "C.UTF-8",
        "TERM": "dumb",
    }


@dataclass(frozen=True, slots=True)
class Filler:
    """Fills the holes of ``[launch]`` and ``[log]``; names the key when one is unknown."""

    file: Path
    holes: dict[str, str]

    def __call__(self, path: str, text: str) -> str:
        """Return a text with its holes filled; ``path`` is where in the file it stands."""

        def value(found: re.Match[str]) -> str:
            name = found.group(1)
            if name is None:
                return found.group()[0]
            if name not in self.holes:
                known = " ".join(f"{{{hole}}}" for hole in self.holes)
                problem = f"{path}: {{{name}}} is not a hole here; known: {known}"
                raise DescriptionError(self.file, problem)
            return self.holes[name]

        return _HOLE.sub(value, text)


def _working_folder(description: Description, launch: Launch, folder: Path) -> Path:
    cwd = folder / "work"
    if not launch.cwd:
        cwd.mkdir()
        return cwd
    source = _source(description, launch)
    if not launch.copy:
        return source
    try:
        shutil.copytree(source, cwd, symlinks=True, ignore=shutil.ignore_patterns(*NOT_COPIED))
    except shutil.Error as error:
        name, _, why = error.args[0][0]
        problem = f"launch.cwd: {name} cannot be copied: {why}"
        raise DescriptionError(description.file, problem) from None
    return cwd


def _source(description: Description, launch: Launch) -> Path:
    """Return the folder that the target works in, or works in a copy of."""
    source = (description.file.parent / launch.cwd).resolve()
    if not source.is_dir():
        raise DescriptionError(description.file, f"launch.cwd: there is no folder {source}")
    if launch.copy:
        _require_small(description.file, source)
    return source


def _require_small(file: Path, source: Path) -> None:
    size = 0
    for parent, folders, files in os.walk(source):
        folders[:] = [name for name in folders if name not in NOT_COPIED]
        size += sum((Path(parent) / name).lstat().st_size for name in files)
        if size > MOST_COPIED_BYTES:
            problem = (
                f"launch.cwd: {source} holds more than {MOST_COPIED_BYTES >> 20} MB, and it is "
                "copied for each start; name a smaller folder, or set launch.copy = false"
            )
            raise DescriptionError(file, problem)


def _write(file: Path, cwd: Path, name: str, content: str) -> None:
    path = _inside(file, cwd, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


def _inside(file: Path, cwd: Path, name: str) -> Path:
    path = (cwd / name).resolve()
    if cwd.resolve() not in path.parents:
        raise DescriptionError(file, f"launch.files: {name!r} lies outside the target's folder")
    return path


def _await_ready(
    process: Process,
    ground: Ground,
    launch: Launch,
    port: int,
    reactor: Reactor,
    deadline: Deadline,
) -> tcp.Address:
    pattern = _ready_pattern(launch.ready)
    found: list[tcp.Address] = []

    def is_ready() -> bool:
        printed = pattern.search(process.output_since(0))
        if printed is None:
            return False
        if "host" in printed.groupdict():
            found[:] = [(printed["host"], int(printed["port"]))]
        else:
            listening = ground.network.listening(process.tree())
            found[:] = [a for a in listening if a[1] == port] or listening
        return bool(found)

    def is_over() -> bool:
        return is_ready() or (process.status is not None and not process.tree())

    reactor.pump(is_over, deadline)
    if not found:
        process.read_on()
        late_s = reactor.worst_lag_s(deadline.began)
        raise _why_not(process, launch, deadline, late_s)
    return found[0]


def _ready_pattern(text: str) -> re.Pattern[str]:
    literal, hole, rest = text.partition("{address}")
    address = r"(?P<host>[0-9.]+):(?P<port>[0-9]+)" if hole else ""
    return re.compile(re.escape(literal) + address + re.escape(rest))


def _why_not(process: Process, launch: Launch, deadline: Deadline, late_s: float) -> NotReady:
    output = process.output_since(0).encode()[-600:]
    printed = f"it printed: {readable(output)}" if output.strip() else "it printed nothing"
    if process.status is not None and not process.tree():
        why = f", killed because {process.stopped}," if process.stopped else ""
        ended = f"it ended with status {process.status}{why} before it listened"
        return NotReady(f"{ended}; {printed}", is_certain=True)
    wanted = f"print {launch.ready!r}" if launch.ready else "listen on any TCP port"
    silent = f"it did not {wanted} within {deadline.budget_s:g} s"
    if deadline.is_spoilt_by(late_s):
        late = f"but the harness was {late_s:.1f} s late"
        return NotReady(f"{silent}, {late}; {printed}", is_certain=False)
    return NotReady(f"{silent}; {printed}", is_certain=True)

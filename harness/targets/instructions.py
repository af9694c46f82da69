"""What ``[launch]`` of a target file says: checked without starting anything, and filled in.

Nothing is started here; ``launch`` does that.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

from harness.description import Description, DescriptionError
from harness.sections import Launch, Log
from harness.targets.readiness import address_of

HOST = "127.0.0.1"
MOST_COPIED_BYTES = 64 << 20
NOT_COPIED = (".git", ".tox", ".venv", "__pycache__", "report")
HOLES = ("host", "port", "address", "dir", "log")
_HOLE = re.compile(r"\{\{|\}\}|\{(\w+)\}")


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
    _require_possible(description, launch)
    if launch.cwd:
        _source(description, launch)
    fill = Filler(description.file, dict.fromkeys(HOLES, ""))
    for word in command_of(description, launch):
        fill("launch.command", word)
    if launch.build:
        words_of(description.file, "launch.build", launch.build)
    if launch.without_arguments:
        words_of(description.file, "launch.without_arguments", launch.without_arguments)
    _check_address(description.file, launch)
    _spare_the_folder(description.file, launch)
    for name, content in launch.files.items():
        inside(description.file, Path("/target"), name)
        fill(f"launch.files.{name}", content)
    for key, value in launch.env.items():
        fill(f"launch.env.{key}", value)
    fill("launch.stdin", launch.stdin)
    Filler(description.file, {"address": ""})("launch.ready", launch.ready)
    if description.log is not None:
        _check_log(description.file, description.log, fill)


def _require_possible(description: Description, launch: Launch) -> None:
    """Refuse what no program can be given: a NUL in a word or a path, ``=`` in a variable's name.

    Source: execve(2), environ(7).
    """
    file, log = description.file, description.log
    texts = [("launch.cwd", launch.cwd), *(("launch.files", name) for name in launch.files)]
    texts += [("launch.command", word) for word in command_of(description, launch)]
    texts += [("launch.env", f"{name}{value}") for name, value in launch.env.items()]
    texts += [("log.file", log.file)] if log else []
    for path, text in texts:
        if "\0" in text:
            raise DescriptionError(file, f"{path}: {text!r} has a NUL, which ends every text here")
    for name in launch.env:
        if not name or "=" in name:
            raise DescriptionError(file, f"launch.env: {name!r} is not the name of a variable")


def _spare_the_folder(file: Path, launch: Launch) -> None:
    """Refuse to write into the user's own folder."""
    for key, value in (("files", launch.files), ("build", launch.build)):
        if value and not launch.copy:
            problem = f"launch.{key} would change your own folder; leave out launch.copy = false"
            raise DescriptionError(file, problem)


def _check_address(file: Path, launch: Launch) -> None:
    try:
        address_of(launch.address)
    except ValueError as error:
        problem = f"launch.address = {launch.address!r} is not like 26.1.2.3:9999 ({error})"
        raise DescriptionError(file, problem) from None


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
    if "{" in (program := command_of(description, launch)[0]):
        return None
    path = clean_environment(Path())["PATH"]
    here = description.file.parent / launch.cwd / program
    if shutil.which(program, path=path) or here.is_file():
        return None
    if launch.package:
        return f"{program} is not installed; type: apt-get install {launch.package}"
    problem = f"launch.command: there is no program {program!r}, neither in {here.parent} nor in"
    raise DescriptionError(description.file, f"{problem} {path}")


def command_of(description: Description, launch: Launch) -> list[str]:
    """Return the words of the command. Raises DescriptionError as ``words_of``."""
    return words_of(description.file, "launch.command", launch.command)


def plain_command(description: Description) -> list[str] | None:
    """Return the words that start a client without arguments; None: the file does not say."""
    launch = required(description)
    if launch.without_arguments:
        return words_of(description.file, "launch.without_arguments", launch.without_arguments)
    words = command_of(description, launch)
    return None if is_told(description, "host", "port", "address") else words


def is_told(description: Description, *holes: str) -> bool:
    """Whether any of these holes is filled for the target when it starts."""
    launch = required(description)
    words = [*command_of(description, launch), launch.stdin]
    words += [*launch.env.values(), *launch.files.values()]
    found = {match.group(1) for word in words for match in _HOLE.finditer(word)}
    return not found.isdisjoint(holes)


def named(description: Description, launch: Launch) -> list[Path]:
    """Return the files and folders that a command names: it can read them also in a sandbox."""
    paths = map(Path, command_of(description, launch))
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


def working_folder(description: Description, launch: Launch, folder: Path) -> Path:
    """Return the folder that the target works in: a copy below ``folder``, or its own.

    Raises:
        DescriptionError: there is none, or it cannot be copied.
    """
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
    source = Path(os.path.realpath(description.file.parent / launch.cwd))
    if not source.is_dir():
        raise DescriptionError(description.file, f"launch.cwd: there is no folder {source}")
    if launch.copy:
        require_copyable(description.file, source)
    return source


def require_copyable(file: Path, source: Path) -> None:
    """Refuse a folder that would take long to copy for each start, or in which not all is a file.

    Raises:
        DescriptionError: what cannot be copied, and what to do.
    """
    size = 0
    for parent, folders, files in os.walk(source):
        folders[:] = [name for name in folders if name not in NOT_COPIED]
        for path in (Path(parent) / name for name in files):
            status = path.lstat()
            size += status.st_size
            if not (stat.S_ISREG(status.st_mode) or stat.S_ISLNK(status.st_mode)):
                problem = f"launch.cwd: {path} cannot be copied: it is no file; take it away"
                raise DescriptionError(file, f"{problem}, or set launch.copy = false")
        if size > MOST_COPIED_BYTES:
            problem = (
                f"launch.cwd: {source} holds more than {MOST_COPIED_BYTES >> 20} MB, and it is "
                "copied for each start; name a smaller folder, or set launch.copy = false"
            )
            raise DescriptionError(file, problem)


def inside(file: Path, cwd: Path, name: str) -> Path:
    """Return the path of a file of ``[launch.files]``.

    Raises:
        DescriptionError: it is not in the target's folder.
    """
    path = Path(os.path.realpath(cwd / name))
    if Path(os.path.realpath(cwd)) not in path.parents:
        raise DescriptionError(file, f"launch.files: {name!r} lies outside the target's folder")
    return path

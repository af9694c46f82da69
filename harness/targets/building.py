"""Builds a target once, before the first of its starts: ``[launch] build``.

The build is the target's own program like any other: it runs in a sandbox, in a copy of the working
folder, with no network and in bounded time. What it leaves in that folder is brought out, and each
start has a copy of it.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

import msgspec

from harness.deadline import Deadline
from harness.description import Description
from harness.history import History, readable
from harness.targets.ground import Ground, prepare
from harness.targets.instructions import (
    clean_environment,
    require_copyable,
    required,
    words_of,
    working_folder,
)
from harness.targets.process import CannotStart, Process, Reactor

SHOWN_BYTES = 600


class BuildFailed(Exception):
    """There is nothing to start; the reason is a sentence, with the end of what was printed."""


def build(description: Description, into: Path, reactor: Reactor, scale: float) -> Description:
    """Build a target into a folder of ours; return its description, as one that is built.

    One that has nothing to build is returned as it is.

    Raises:
        BuildFailed: the command does not exist, failed, or took longer than ``build_s``.
        DescriptionError: there is no such working folder, or what was built is too large to copy.
    """
    launch = required(description)
    if not launch.build:
        return description
    folder = Path(tempfile.mkdtemp(prefix="chat-verify-"))
    ground: Ground | None = None
    try:
        cwd = working_folder(description, launch, folder)
        ground = prepare(folder, [cwd, description.file.parent])
        command = words_of(description.file, "launch.build", launch.build)
        _run(command, cwd, folder, ground, reactor, launch.build_s * scale)
        archive = folder / "built.tar"
        packing = ["tar", "-cf", str(archive), "-C", str(cwd), "."]
        _run(packing, cwd, folder, ground, reactor, launch.build_s * scale)
        _unpack(ground.open(archive), into)
        require_copyable(description.file, into)
    finally:
        if ground:
            ground.close()
        shutil.rmtree(folder, ignore_errors=True)
    return as_built(description, into)


def as_built(description: Description, folder: Path) -> Description:
    """Return the description of a target that was built into this folder."""
    launch = msgspec.structs.replace(required(description), cwd=str(folder), build="")
    return msgspec.structs.replace(description, launch=launch)


def _run(
    command: list[str], cwd: Path, home: Path, ground: Ground, reactor: Reactor, budget_s: float
) -> None:
    env = clean_environment(home)
    program = shutil.which(command[0], path=env["PATH"]) or str(cwd / command[0])
    shown = " ".join(command)
    try:
        process = Process([program, *command[1:]], cwd, env, "", ground, reactor, History())
    except CannotStart as error:
        raise BuildFailed(f"launch.build cannot be started: {error}") from None
    try:
        reactor.pump(lambda: process.status is not None, Deadline.after(budget_s))
        process.read_on()
        status, output = process.status, process.output_since(0).encode()[-SHOWN_BYTES:]
    finally:
        process.end(Deadline.after(0.0))
    printed = f"it printed: {readable(output)}" if output.strip() else "it printed nothing"
    if process.stopped:
        raise BuildFailed(f"launch.build ({shown}) was killed because {process.stopped}; {printed}")
    if status is None:
        raise BuildFailed(f"launch.build ({shown}) did not end in {budget_s:g} s; {printed}")
    if status:
        raise BuildFailed(f"launch.build ({shown}) failed with status {status}; {printed}")


def _unpack(archive: int, into: Path) -> None:
    """Unpack what was brought out; tar(1) lets nothing of it land outside the folder.

    Root would keep a program that runs as root, and make devices: of such there is nothing left.
    """
    into.mkdir(parents=True, exist_ok=True)
    with open(archive, "rb") as packed:
        subprocess.run(
            ["tar", "-x", "--no-same-owner", "--no-same-permissions", "-C", str(into)],
            stdin=packed,
            check=True,
        )
    for path in into.rglob("*"):
        if not (path.is_symlink() or path.is_dir() or path.is_file()):
            path.unlink()

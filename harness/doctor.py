"""What this machine has, which observations need it, and how to get what is missing."""

from __future__ import annotations

import importlib.util
import os
import resource
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from harness.targets.instructions import clean_environment

SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
LEAST_DESCRIPTORS = 1_024


@dataclass(frozen=True, slots=True)
class Need:
    """A program of a Debian package, and what cannot be run without it."""

    program: str
    package: str
    used_for: str

    @property
    def is_met(self) -> bool:
        """Whether the program is there."""
        return shutil.which(self.program, path=SYSTEM_PATH) is not None


class Module(Need):
    """A module of Python that Debian keeps in a package of its own."""

    @property
    def is_met(self) -> bool:
        """Whether this Python has it."""
        return importlib.util.find_spec(self.program) is not None


NEEDS = (
    Need("bwrap", "bubblewrap", "a sandbox for what is verified; without it, it runs as you"),
    Need(
        "sleep",
        "coreutils",
        "the ways of leaving in which a process is killed (RF-005, 008, 017, 018)",
    ),
    Need("Xvfb", "xvfb", "a screen for windows: all that is observed of a client"),
    Module("tkinter", "python3-tk", "the windows themselves: all that is observed of a client"),
    Need("ngircd", "ngircd", "the target ngircd, a positive control; no observation of yours"),
    Need("inspircd", "inspircd", "the target inspircd, another one; no observation of yours"),
)


def examine(console: Console) -> list[Need]:
    """Print what there is; return what is missing."""
    table = Table("what", "here", "needed for", title="This machine")
    table.add_row("Python", sys.version.split()[0], "everything")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    enough = "" if hard >= LEAST_DESCRIPTORS else " (too few)"
    table.add_row("descriptors", f"{soft}, at most {hard}{enough}", "many clients at once")
    for need in NEEDS:
        table.add_row(need.program, "yes" if need.is_met else "missing", need.used_for)
    console.print(table)
    return [need for need in NEEDS if not need.is_met]


def install(missing: list[Need], console: Console) -> None:
    """Install the packages that are missing, or print the line to type.

    It never fails: what could not be installed is *not run* later, with the reason.
    """
    packages = [need.package for need in missing]
    line = f"apt-get update && apt-get install --yes {' '.join(packages)}"
    prefix = _privilege()
    if os.environ.get("CHAT_VERIFY_INSTALL") == "0" or prefix is None:
        why = "CHAT_VERIFY_INSTALL=0" if prefix is not None else "this needs an administrator"
        console.print(
            f"Not installed ({why}). Type:\n  sudo sh -c '{line}'", highlight=False, soft_wrap=True
        )
        return
    console.print(f"Installing: {' '.join(packages)}", highlight=False)
    env = {**clean_environment(Path.home()), "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", *packages]):
        done = subprocess.run(
            [*prefix, "apt-get", "--quiet", *command], env=env, capture_output=True, check=False
        )
        if done.returncode != 0:
            said = done.stderr.decode("utf-8", "replace").strip()[-500:]
            console.print(f"apt-get {command[0]} failed: {said}", highlight=False, markup=False)
            return


def _privilege() -> list[str] | None:
    """Return what to put before a command to run it as root; None when that cannot be had."""
    if shutil.which("apt-get", path=SYSTEM_PATH) is None:
        return None
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo", path=SYSTEM_PATH)
    if (
        sudo
        and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return [sudo, "-n"]
    return None

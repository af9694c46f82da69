"""One reading of a target's log: the program that prints it, under way beside the target.

The reactor goes on turning meanwhile: what the clients are sent is read, too.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from typing import IO

from harness.description import Description, Log
from harness.history import readable
from harness.targets.launch import Filler, Running, clean_environment, words_of


class CannotRead(Exception):
    """The log cannot be read; the reason is a sentence."""


class Reading:
    """What a log holds, as soon as ``is_over``. Use ``close`` on every path."""

    def __init__(self, description: Description, log: Log, running: Running) -> None:
        """Begin to read.

        Raises:
            CannotRead: there is no such file, or no such program.
        """
        fill = Filler(description.file, running.holes)
        self._out = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        self._err = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        self._popen: subprocess.Popen[bytes] | None = None
        try:
            if log.file:
                self._out.write((running.cwd / fill("log.file", log.file)).read_bytes())
                return
            words = words_of(description.file, "log.command", log.command)
            words = [fill("log.command", word) for word in words]
            env = clean_environment(running.folder)
            program = shutil.which(words[0], path=env["PATH"]) or str(running.cwd / words[0])
            self._popen = subprocess.Popen(
                [program, *words[1:]],
                cwd=running.cwd,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=self._out,
                stderr=self._err,
            )
        except OSError as error:
            self.close()
            raise CannotRead(f"the log cannot be read: {error}") from None

    @property
    def is_over(self) -> bool:
        """Whether all has been read."""
        return self._popen is None or self._popen.poll() is not None

    def data(self) -> bytes:
        """Return what was read.

        Raises:
            CannotRead: the program ended with another status than 0.
        """
        status = self._popen.returncode if self._popen else 0
        if status:
            said = readable(_all_of(self._err)[-300:])
            raise CannotRead(f"the program that shows the log ended with status {status}: {said}")
        return _all_of(self._out)

    def close(self) -> None:
        """End the program if it still runs, and give everything back."""
        if self._popen is not None:
            self._popen.kill()
            self._popen.wait()
        self._out.close()
        self._err.close()


def _all_of(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()

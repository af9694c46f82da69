"""One reading of a target's log: the program that prints it, under way beside the target.

The reactor goes on turning meanwhile: what the clients are sent is read, too.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from typing import IO

from harness.description import Description
from harness.history import readable
from harness.sections import Log
from harness.targets.ground import Child
from harness.targets.instructions import Filler, clean_environment, words_of
from harness.targets.launch import Running

MOST_BYTES = 64 << 20
"""Of a log, and of what its program complains: a scenario writes kilobytes."""


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
        self._child: Child | None = None
        try:
            if log.file:
                with open(
                    running.ground.open(running.cwd / fill("log.file", log.file)), "rb"
                ) as file:
                    self._out.write(file.read(MOST_BYTES + 1))
                self._out.flush()
                return
            words = words_of(description.file, "log.command", log.command)
            words = [fill("log.command", word) for word in words]
            env = clean_environment(running.folder)
            program = shutil.which(words[0], path=env["PATH"]) or str(running.cwd / words[0])
            with open(os.devnull, "rb") as nothing:
                streams = (nothing.fileno(), self._out.fileno(), self._err.fileno())
                command = [program, *words[1:]]
                self._child = running.ground.spawn(command, running.cwd, env, streams)
        except OSError as error:
            self.close()
            raise CannotRead(f"the log cannot be read: {error}") from None

    @property
    def is_over(self) -> bool:
        """Whether all has been read, or too much."""
        return self._child is None or self._child.poll() is not None or self._is_too_long

    def data(self) -> bytes:
        """Return what was read.

        Raises:
            CannotRead: the program ended with another status than 0, or there is too much.
        """
        if self._is_too_long:
            raise CannotRead(f"the log is longer than {MOST_BYTES >> 20} MB")
        status = self._child.wait() if self._child else 0
        if status:
            said = readable(_all_of(self._err)[-300:])
            raise CannotRead(f"the program that shows the log ended with status {status}: {said}")
        return _all_of(self._out)

    @property
    def _is_too_long(self) -> bool:
        return any(os.fstat(f.fileno()).st_size > MOST_BYTES for f in (self._out, self._err))

    def close(self) -> None:
        """End the program if it still runs, and give everything back."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()
        self._out.close()
        self._err.close()


def _all_of(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()

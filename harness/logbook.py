"""The server's log (RF-006), as the scenarios see it: read, waited for, cut off from its disk."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from harness.expect import Event, Kind
from harness.faults.disk import full_disk
from harness.targets.reading import CannotRead, Reading
from harness.verdict import Contradicted, Lacking, Stopped, Unproven

if TYPE_CHECKING:
    from harness.room import Room

PAUSE_S = 0.1
"""How long a log that is not as expected yet is left alone."""
Check = Callable[[Sequence[Event]], str | None]


class Logbook:
    """The log of the target of one scenario."""

    def __init__(self, room: Room) -> None:
        """Look at the log of a room's server.

        Raises:
            Lacking: the target file describes none, or one without times.
        """
        self._room = room
        self._description = room.system.description
        self._final: list[Event] | None = None
        if self._description.log is None:
            raise Lacking("the target file describes no [log]")
        for rule in room.system.dialect.log:
            if rule.kind is not Kind.GAP and "time" not in rule.template.holes:
                where = f"log.{rule.kind} = {rule.template.text!r}"
                raise Lacking(f"the log shows no time: {where} has no {{time}}")

    def read(self) -> list[Event]:
        """Return what the log says now.

        Raises:
            Contradicted: it cannot be read.
        """
        with self.reading() as (_, finish):
            return finish()

    @contextmanager
    def reading(self) -> Iterator[tuple[Reading, Callable[[], list[Event]]]]:
        """Begin to read; the clients may go on meanwhile, until ``finish`` is called."""
        room, log = self._room, self._description.log
        assert log is not None
        try:
            reading = Reading(self._description, log, room.running)
        except CannotRead as why:
            raise Contradicted(str(why)) from None

        def finish() -> list[Event]:
            deadline = room.deadline()
            if not room.reactor.pump(lambda: reading.is_over, deadline):
                raise room.overdue(f"the log was not read within {deadline.budget_s:g} s", deadline)
            try:
                return room.system.dialect.read_log(reading.data(), room.vocabulary)
            except CannotRead as why:
                raise Contradicted(str(why)) from None

        try:
            yield reading, finish
        finally:
            reading.close()

    def comes_to(self, check: Check) -> None:
        """Read again and again until a check has nothing to say any more.

        Raises:
            Contradicted: it still says something.
        """
        deadline = self._room.deadline()
        while reason := check(self.read()):
            if deadline.passed:
                raise self._room.overdue(reason, deadline)
            self._room.pump(lambda: False, PAUSE_S)
        self._room.ledger.discharge()

    def judge(self, check: Check) -> None:
        """Check what the log comes to say, and what it says when the server has stopped.

        Raises:
            Contradicted: the check says what is wrong.
        """
        self.comes_to(check)
        self.in_the_end(check)

    def in_the_end(self, check: Check) -> None:
        """Check what it says when the server has stopped: for what no waiting can mend."""
        self._room.in_the_end(lambda: check(self._at_the_end()))

    def _at_the_end(self) -> list[Event]:
        """Read once when the server has stopped: from then on nothing changes."""
        if self._final is None:
            self._final = self.read()
        return self._final

    def span(self) -> tuple[datetime, datetime]:
        """Return when the scenario began, and now."""
        now = datetime.now(UTC)
        return now - timedelta(seconds=self._room.history.now_s()), now

    @contextmanager
    def without_disk(self) -> Iterator[None]:
        """Let the target write to no file meanwhile, as if its disk were full.

        Raises:
            Unproven: it died of the signal that goes with our way of doing so, and that a full
                disk does not send: of a full disk nothing follows.
        """
        process = self._room.running.process
        with full_disk(process.tree()):
            try:
                yield
            except Stopped:
                if process.status == -signal.SIGXFSZ:
                    raise Unproven("the target died of SIGXFSZ, not of a full disk") from None
                raise

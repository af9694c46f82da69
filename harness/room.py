"""The stage of a scenario: one fresh server, its members, fences, and the end of it all.

A scenario asks people to join, lets them speak and leave, and expects. When it has nothing more
to say the room stops the server, reads every connection to its end and judges what came; only
then is a scenario over.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import takewhile

from harness import absence, departing, ending, entering
from harness.absence import Marks
from harness.clients.client import Client
from harness.deadline import Deadline
from harness.departing import ENDING_S, EVERY_WAY, Departure, Words
from harness.dialects.dialect import Step
from harness.entering import REFUSAL_S, Attempt
from harness.expect import COMPLAINTS, REFUSALS, Event, Expectation, Kind, message
from harness.faults.link.link import Link
from harness.linked import Lines
from harness.logbook import Logbook
from harness.member import Member
from harness.operations import Outcome, Speech
from harness.results import Figures
from harness.scene import Look, Scene
from harness.screen import Screen
from harness.targets.launch import Running
from harness.verdict import Contradicted, Lacking, Stopped, Unproven

__all__ = ["EVERY_WAY", "Attempt", "Departure", "Marks", "Room", "Words"]

CARRYING_S = 1.0
"""A link that passes nothing on for so long is not slow."""
LISTS = (Kind.USERS, Kind.USER)
FinalCheck = tuple[tuple[str, ...], Callable[[], str | None]]


@dataclass(slots=True, repr=False, kw_only=True)
class Room(Scene):
    """One server and everybody who talks to it in one scenario.

    ``members`` are those who are in the room now, in the order of their coming; ``everyone``
    is whoever had a connection, also the refused and the departed, but for the ``crowd``.
    """

    running: Running
    lines: Lines = field(default_factory=Lines)
    members: list[Member] = field(default_factory=list)
    everyone: list[Member] = field(default_factory=list)
    strangers: list[Client] = field(default_factory=list)
    crowd: list[Member] = field(default_factory=list)
    authors: dict[str, Member] = field(default_factory=dict)
    figures: Figures = field(default_factory=dict)
    final_checks: list[FinalCheck] = field(default_factory=list)
    stopped_s: float = math.inf

    def __post_init__(self) -> None:
        """Let the dialects finish what waits for quiet at the end of every turn."""
        self.reactor.each_turn(self._settle)

    @property
    def screen(self) -> Screen:
        """The server's own output."""
        return Screen(self.running.process, self.system.description.screen, self)

    @property
    def log(self) -> Logbook:
        """The server's log. Raises ``Lacking`` if the target file does not describe it."""
        return Logbook(self)

    # -- coming in ------------------------------------------------------------------------

    def join(self, *bases: str) -> list[Member]:
        """Let people in, one after the other, under unique names that begin as given.

        Raises:
            Contradicted: somebody was refused, or was not admitted in time.
        """
        return [self.admit(self.vocabulary.name(base)) for base in bases]

    def admit(self, name: str) -> Member:
        """Let one person in under this very name."""
        return entering.admit(self, name)

    def join_to_leave(self, base: str, way: str) -> Member:
        """Let one person in who will leave in this way; some ways need a connection of their own.

        Raises:
            Contradicted: it was refused, not admitted in time, or did not hear somebody else.
        """
        return entering.admit_to_leave(self, self.vocabulary.name(base), way)

    def join_over_a_line(self, base: str) -> tuple[Member, Link]:
        """Let one person in over a connection that is carried, so that it can suffer faults."""
        member = entering.admit(self, self.vocabulary.name(base), entering.line(self))
        return member, self.lines.links[-1]

    def tries(self, name: str) -> Attempt:
        """Try to join under a name that may be refused; return how it went."""
        return entering.tries(self, name)

    def claim_at_once(self, name: str, count: int) -> list[Attempt]:
        """Claim one name over several connections at the same moment.

        Raises:
            Unproven: it was not the same moment.
        """
        return entering.claim_at_once(self, name, count)

    def welcome(self, succeeded: Attempt) -> None:
        """Take somebody whose attempt succeeded for a member."""
        entering.welcome(self, succeeded)

    def connect_only(self) -> Client:
        """Open a connection and write nothing."""
        stranger = self.connect("stranger")
        self.strangers.append(stranger)
        return stranger

    # -- speaking -------------------------------------------------------------------------

    def perform(
        self,
        member: Member,
        operation: str,
        values: Mapping[str, str],
        *,
        is_answered: bool = True,
    ) -> None:
        """Perform an operation of the dialect through a member; what waits only if it is answered.

        Raises:
            Lacking: the target has no such operation.
            Contradicted: the target did not play its part in it.
        """
        steps = self.system.dialect.steps(operation)
        if steps is None:
            raise Lacking(f"the target file describes no [send] {operation}")
        if not is_answered:
            steps = tuple(takewhile(lambda step: not step.waits, steps))
        member.keeps_pace()
        deadline = self.deadline()
        speech = self.speech(member.client, steps, {**member.given, **values})
        speech.refusals = (*REFUSALS, *COMPLAINTS)
        result = speech.run(deadline)
        if result.outcome not in (Outcome.DONE, Outcome.REFUSED):
            how = f"{member.name} could not do “{operation}”: {entering.explained(member, result)}"
            ended = result.outcome is Outcome.ENDED
            raise self.overdue_since_the_beginning(how) if ended else self.overdue(how, deadline)

    def all_see(self, expected: Expectation, members: Sequence[Member]) -> None:
        """Wait until each of them has seen something, without claiming it as an obligation."""
        deadline = self.awaits(lambda: all(m.is_done_with(expected) for m in members))
        for member in members:
            if not member.seen(expected):
                raise member.missing(expected, deadline)

    def all_expect(self, expected: Expectation, members: Sequence[Member] | None = None) -> None:
        """Check that each of them (default: everybody present) sees something once more."""
        for member in self.members if members is None else members:
            member.expects(expected)

    def others(self, than: Member) -> list[Member]:
        """Return everybody present but one."""
        return [member for member in self.members if member is not than]

    def is_heard(self, member: Member) -> bool:
        """Whether what somebody says, who may not be a member, reaches any member."""
        text = member.says()
        return self.pump(lambda: any(m.copies_of(text) for m in self.members), REFUSAL_S)

    def list_of_users(self, reader: Member) -> set[str]:
        """Ask who is here; return the names in use that the answer lists.

        Raises:
            Lacking: the target has no such list.
            Contradicted: no list came that has everybody who is here.
        """
        before = len(reader.events)
        reader.asks_who_is_here()

        def listed() -> set[str]:
            lists = [e.names() for e in reader.events[before:] if e.kind in LISTS]
            return {name for names in lists for name in names}

        def is_whole() -> bool:
            return present <= listed()

        present = {member.name for member in self.members}
        deadline = self.awaits(is_whole)
        if not is_whole():
            missing = ", ".join(sorted(present - listed()))
            sentence = f"the list of users does not have {missing}"
            raise self.overdue(sentence, deadline, partial(self.reactor.pump, is_whole))
        self.fence(self.others(reader)[0])
        return listed()

    def round(self) -> None:
        """Let everyone speak and be heard by all others, the latest to join first."""
        for speaker in reversed(self.members):
            text = speaker.says()
            self.all_see(message(speaker, text), self.others(speaker))

    def fence(self, through: Member | None = None) -> str:
        """Prove that the effects of whatever ``through`` wrote before have come, or never will.

        Returns the kind of the fence. Through an open connection it is a marker said on that
        same connection; for the effects of one that is gone, two full rounds and a newcomer.

        Raises:
            Unproven: there is only one member, so nobody could hear a marker.
            Contradicted: what should have been heard was not.
        """
        return absence.fence(self, through)

    # -- leaving --------------------------------------------------------------------------

    def leave(self, member: Member, way: str) -> Departure:
        """Let a member leave in one of ``EVERY_WAY``; return once it is proved that it bit.

        Raises:
            Lacking: the target has no command to quit.
            Unproven: there is no evidence that the fault bit.
        """
        return departing.leave(self, member, way)

    def leave_while_written_to(
        self, members: Sequence[Member], way: str
    ) -> tuple[list[Departure], list[Words]]:
        """Let members leave while the target has messages to write to them."""
        return departing.leave_while_written_to(self, members, way)

    def vanish(self, client: Client, way: str) -> str:
        """Let a connection end without a word; return the evidence that it bit."""
        return departing.vanish(self, client, way)

    def hang_up(self, client: Client) -> None:
        """Let a connection end in order, of which nothing is claimed."""
        departing.hang_up(self, client)

    def hears_of(self, departure: Departure) -> None:
        """Check that every survivor is told once of a departure.

        Raises:
            Contradicted: somebody was never told.
        """
        departing.hears_of(self, departure)

    def kill_while_all_speak(self, count: int) -> list[str]:
        """Kill the server while up to ``count`` texts of each member are under way; return them."""
        return ending.kill_while_all_speak(self, count)

    # -- judging --------------------------------------------------------------------------

    def judge(self, check: Callable[[], str | None]) -> None:
        """Check now, and again when the server has stopped.

        Raises:
            Contradicted: the check says what is wrong.
        """
        self.final_checks.append((self.ledger.current, check))
        if reason := check():
            raise Contradicted(reason)
        self.ledger.discharge()

    def judge_views(self, check: Callable[[Sequence[Event], str], str | None]) -> None:
        """Check what each member has seen, now and again when the server has stopped."""
        for member in self.members:
            self.judge(lambda seen=member: check(seen.events, seen.name))  # type: ignore[misc]

    def views(self) -> dict[str, Sequence[Event]]:
        """Return what each member has seen, in order."""
        return {member.name: member.events for member in self.members}

    def within_limit(self, what: str, seconds: float, limit_s: float, since_s: float) -> None:
        """Check a time since a moment against a limit of the specification; nothing stretches it.

        Raises:
            Contradicted: it took longer.
            Spoilt: it took longer, and the harness itself was late.
        """
        if seconds > limit_s:
            sentence = f"{what} took {seconds:.2f} s; the limit is {limit_s:g} s"
            began = self.history.started + since_s
            raise self.overdue(sentence, Deadline(began + limit_s, limit_s))
        self.ledger.discharge()

    def marks(self) -> Marks:
        """Return where everybody is, once all has reached all that was said before."""
        return absence.marks(self)

    def heard_nothing_but(self, speaker: Member, text: str, since: Marks) -> None:
        """Check that since the marks all others heard this one message, and nothing else."""
        absence.heard_nothing_but(self, speaker, text, since)

    def no_notice(self, since: Marks) -> None:
        """Check that since the marks nobody was told of a coming or going but the members' own.

        A fence proves it. One that was seen needs no proof, also where it has muted the room.

        Raises:
            Contradicted: somebody was told, or the fence did not come through.
        """
        absence.no_notice(self, since)

    # -- the end --------------------------------------------------------------------------

    def is_of_the_stop(self, event: Event) -> bool:
        """Whether an event only says that a server, told to stop, sent away who was still here."""
        if event.kind is not Kind.LEFT or event.at_s < self.stopped_s:
            return False
        return event.fields.get("name") in {member.name for member in self.members}

    def in_the_end(self, check: Callable[[], str | None]) -> None:
        """Have something judged again after the server has stopped, for what is under way now."""
        self.final_checks.append((self.ledger.current, check))

    def finish(self) -> None:
        """Stop the server, read every connection to its end, judge what came."""
        ending.finish(self)
        try:
            self.lines.require_a_bite()
        except Stopped as why:
            self.ledger.stop(why, self.ledger.covered)

    def close(self) -> None:
        """Release everything, on every path."""
        people = (*self.everyone, *self.crowd)
        for client in (*self.strangers, *(member.client for member in people)):
            client.close()
        self.lines.close()
        self.running.end(self.deadline(0.0))
        self.reactor.close()

    # -- what all the above is made of ----------------------------------------------------

    def awaits(self, until: Callable[[], bool], within_s: float | None = None) -> Deadline:
        """Read everything that comes until a condition holds, or for as long as is waited for it.

        As long as a link of ours is still carrying, the target's time has not begun. Returns the
        deadline that counted.
        """
        deadline = self.deadline(within_s)
        while not self.reactor.pump(until, deadline) and self._is_carrying():
            deadline = self.deadline(within_s)
        return deadline

    def _is_carrying(self) -> bool:
        """Whether a link of ours passes something on.

        One that holds something and does not is not slow: whoever is there does not read.
        """
        held = self.lines.held_bytes
        return bool(held) and self.pump(lambda: self.lines.held_bytes < held, CARRYING_S)

    def overdue(self, sentence: str, deadline: Deadline, again: Look | None = None) -> Stopped:
        """Return the verdict on a deadline that passed: none, if we or a link of ours were late."""
        if self._is_carrying():
            return Unproven(f"{sentence}; but a link of ours had not carried all of it yet")
        return Scene.overdue(self, sentence, deadline, again)

    def overdue_since_the_beginning(self, sentence: str) -> Stopped:
        """Return the verdict on a connection that was ended: a late answer to a ping may be why.

        Nothing that we are late with makes a whole server end.
        """
        budget_s = self.limits.observation_s * self.scale
        verdict = self.overdue(sentence, Deadline(self.began + budget_s, budget_s))
        process = self.running.process
        if isinstance(verdict, Contradicted) or process.was_killed:
            return verdict
        has_ended = self.pump(lambda: process.status is not None and not process.tree(), ENDING_S)
        return Contradicted(sentence) if has_ended else verdict

    def connect(self, name: str) -> Client:
        """Open a connection for one person.

        Raises:
            Contradicted: the server did not accept it.
        """
        return entering.connect(self, name, entering.begin(self))

    def is_behind(self, client: Client) -> bool:
        """Whether something that a client wrote waits at the target, unread."""
        row = self.running.network.peer_row(client.ours, client.theirs)
        return row is not None and row.unread_bytes > 0

    def speech(self, client: Client, steps: Sequence[Step], values: Mapping[str, str]) -> Speech:
        """Return an operation of the dialect, ready to be performed."""
        dialect, network = self.system.dialect, self.running.network
        return Speech(client, dialect, self.vocabulary, self.reactor, steps, values, network)

    def _settle(self) -> None:
        for member in self.everyone:
            member.client.settle()

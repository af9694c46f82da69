"""The room and the conversations with it: any script of lines, judged by simple invariants."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.framing import Line
from chat.hearing import Hearing
from chat.names import identity
from chat.protocol import Code
from chat.records import Kind, Record
from chat.room import Room
from chat.session import Session

NAMES = st.sampled_from(["Ana", "ANA", "Bia", "José", "Jose", "Jose\u0301", "no name", ""])
LINES = st.one_of(
    NAMES,
    st.sampled_from(["/usuarios", "/sair", "/x", "/privado", Code.LINE_TOO_LONG, Code.NOT_UTF8]),
    st.builds("/privado {} segredo {}".format, NAMES, st.integers()),
    st.builds("oi {}".format, st.integers()),
    st.just(None),  # the connection breaks
)
SCRIPTS = st.lists(st.tuples(st.integers(0, 5), LINES, st.booleans()), max_size=80)


class World:
    """A room with numbered connections; a departed number comes back as a new connection."""

    def __init__(self) -> None:
        self.room: Room[tuple[int, int]] = Room()
        self.sessions: dict[int, Session[tuple[int, int]]] = {}
        self.lives: dict[int, int] = defaultdict(int)
        self.heard: dict[tuple[int, int], list[str]] = defaultdict(list)
        self.public: list[str] = []
        self.records: list[Record[tuple[int, int]]] = []

    def act(self, number: int, line: Line | None) -> None:
        who = (number, self.lives[number])
        session = self.sessions.setdefault(number, Session(self.room, who))
        if line is None or not session.hear(line):
            session.end()
            del self.sessions[number]
            self.lives[number] += 1

    def deliver(self) -> None:
        while batch := self.room.take():
            self.public += batch.public.decode().splitlines()
            self.records += batch.records
            for who, data in batch.shares:
                assert data, "an empty share is no share"
                self.heard[who] += data.decode().splitlines()

    def run(self, script: list[tuple[int, Line | None, bool]]) -> World:
        for number, line, is_delivered in script:
            self.act(number, line)
            if is_delivered:
                self.deliver()
        self.deliver()
        return self


def public_lines(lines: list[str]) -> list[str]:
    """What everyone hears, of what one heard."""
    return [line for line in lines if not line.startswith(("!", "[", "* conectados: "))]


def is_of(line: str, name: str) -> bool:
    """Whether a public line is of this member: its arrival, a message, or its departure."""
    return line.startswith((f"{name}: ", f"* {name} "))


@given(SCRIPTS)
def test_every_member_hears_one_stretch_of_the_same_events(
    script: list[tuple[int, Line | None, bool]],
) -> None:
    """Exactly once, in the one order, from its arrival on; a stranger hears none."""
    world = World().run(script)
    for lines in world.heard.values():
        public = public_lines(lines)
        stretches = [world.public[i : i + len(public)] for i in range(len(world.public) + 1)]
        assert public in stretches
        if public:
            assert public[0].endswith("entrou no chat")
            assert lines[lines.index(public[0]) + 1].startswith("* conectados: ")


@given(SCRIPTS)
def test_whoever_stays_has_heard_everything_since_it_came(
    script: list[tuple[int, Line | None, bool]],
) -> None:
    world = World().run(script)
    for number, session in world.sessions.items():
        if session.has_name:
            public = public_lines(world.heard[number, world.lives[number]])
            assert public
            assert world.public[-len(public) :] == public


@given(SCRIPTS)
def test_a_batch_of_one_and_a_batch_of_all_tell_the_same(
    script: list[tuple[int, Line | None, bool]],
) -> None:
    at_once = World().run([(number, line, False) for number, line, _ in script])
    one_by_one = World().run([(number, line, True) for number, line, _ in script])
    assert at_once.heard == one_by_one.heard
    assert at_once.public == one_by_one.public


@given(SCRIPTS)
def test_a_name_has_one_holder_from_its_arrival_to_its_departure(
    script: list[tuple[int, Line | None, bool]],
) -> None:
    """And nothing is heard of a name outside."""
    here: dict[str, str] = {}
    for line in World().run(script).public:
        name = line.removeprefix("* ").partition(":")[0].partition(" ")[0]
        if line.endswith("entrou no chat"):
            assert here.setdefault(identity(name), line) is line
        elif line.endswith("saiu do chat"):
            assert is_of(here.pop(identity(name)), name)
        else:
            assert is_of(here[identity(name)], name)


@given(SCRIPTS)
def test_a_private_message_is_in_one_ear_and_its_copy_in_another(
    script: list[tuple[int, Line | None, bool]],
) -> None:
    world = World().run(script)
    told = [line for lines in world.heard.values() for line in lines if "privado de" in line]
    copies = [line for lines in world.heard.values() for line in lines if "privado para" in line]
    assert sorted(line.partition("] ")[2] for line in told) == sorted(
        line.partition("] ")[2] for line in copies
    )
    assert not any("segredo" in line for line in world.public)


def as_line(record: Record[tuple[int, int]]) -> str:
    """The public line of an event, or the recipient's line of a private message."""
    match record:
        case Record(Kind.JOINED, _, name):
            return f"* {name} entrou no chat"
        case Record(Kind.LEFT, _, name):
            return f"* {name} saiu do chat"
        case Record(Kind.PRIVATE, _, name, _, text):
            return f"[privado de {name}] {text}"
    return f"{record.name}: {record.text}"


@given(SCRIPTS)
def test_the_records_tell_what_was_heard_and_nothing_else(
    script: list[tuple[int, Line | None, bool]],
) -> None:
    world = World().run(script)
    told = [each for each in world.records if each.kind is Kind.PRIVATE]
    public = [each for each in world.records if each.kind is not Kind.PRIVATE]
    assert [as_line(record) for record in public] == world.public
    heard = [line for lines in world.heard.values() for line in lines if "privado de" in line]
    assert sorted(map(as_line, told)) == sorted(heard)


@given(SCRIPTS)
def test_a_stranger_hears_nothing_but_errors(
    script: list[tuple[int, Line | None, bool]],
) -> None:
    world = World().run(script)
    for number, session in world.sessions.items():
        if not session.has_name:
            heard = world.heard[number, world.lives[number]]
            assert all(line.startswith("! ") for line in heard)


def refused(*lines: Line) -> list[bool]:
    session = Session(Room[int](), 1)
    return [session.hear(line) for line in lines]


def test_the_third_refusal_ends_the_conversation() -> None:
    assert refused("a b", "a:b", "") == [True, True, True]
    assert refused("a b", "a:b", "*") == [True, True, False]


def test_a_line_that_cannot_be_read_is_no_refusal_of_a_name() -> None:
    assert all(refused(*[Code.LINE_TOO_LONG, Code.NOT_UTF8] * 10))


@pytest.mark.parametrize("line", ["/sair", "/sair  "])
def test_who_leaves_before_a_name_leaves_in_silence(line: str) -> None:
    room = Room[int]()
    session = Session(room, 1)
    assert not session.hear(line)
    session.end()
    assert room.take() is None


def test_the_recipient_is_found_by_identity_and_called_by_its_own_form() -> None:
    world = World().run([(1, "Ana", True), (2, "JOSÉ", True)])
    world.run([(1, "/privado jose\u0301 oi", True)])
    assert world.heard[1, 0][-1] == "[privado para JOSÉ] oi"
    assert world.heard[2, 0][-1] == "[privado de Ana] oi"


def test_a_recipient_that_could_be_nobodys_name_is_unknown() -> None:
    """Even if it folds to the name of somebody: twelve ligatures are no name of 24 letters."""
    world = World().run([(1, "ﬁ" * 12, True), (1, f"/privado {'fi' * 12} oi", True)])
    assert world.heard[1, 0][-1].startswith("! destinatario-desconhecido: ")


def test_a_message_to_oneself_is_heard_both_ways() -> None:
    world = World().run([(1, "Ana", True), (1, "/privado ana oi", True)])
    assert world.heard[1, 0][-2:] == ["[privado de Ana] oi", "[privado para Ana] oi"]


def test_when_the_room_closes_everyone_hears_the_goodbye_and_nobody_leaves() -> None:
    world = World().run([(1, "Ana", True), (2, "", True)])
    world.room.close(strangers=[(2, 0)])
    for session in world.sessions.values():
        session.end()
    world.deliver()
    assert world.heard[1, 0][-1] == world.public[-1] == "* servidor encerrando"
    assert world.heard[2, 0] == ["* servidor encerrando"]
    assert [record.kind for record in world.records] == [Kind.JOINED, Kind.LEFT]


def test_what_waits_to_be_heard_is_measured_until_it_is_taken() -> None:
    hearing = Hearing[int]()
    hearing.one(1, b"12345\n")
    hearing.everyone(b"123\n")
    assert hearing.pending_bytes == len(b"12345\n123\n")
    hearing.take()
    assert hearing.pending_bytes == 0
    assert hearing.take() is None

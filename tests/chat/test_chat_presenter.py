"""What the client says and does, without a window and without a server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from queue import Queue

import pytest

from chat.config import CONNECTION_FAILURE_S, EVENTS_PER_TURN, LINE_IN_MAX_BYTES
from chat.connection import Cause, Connected, Ended, Happening, Heard
from chat.events import Event, Failure, Goodbye, Joined, Left, Said, Told, ToldCopy, Users
from chat.presenter import Presenter
from chat.view import Row, State, Tone

WHERE = "127.0.0.1:5050"


@dataclass
class Paper:
    """A window that writes down what it is told; `again` has its user's answers."""

    rows: list[Row] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    state: State = State.NAMING
    name: str = ""
    problems: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    told: list[tuple[str, str]] = field(default_factory=list)
    again: list[bool] = field(default_factory=list)
    closed: int = 0
    batches: int = 0

    def ask_name(self, problem: str) -> None:
        self.problems.append(problem)

    def set_state(self, state: State, where: str, name: str) -> None:
        assert where == WHERE
        self.state, self.name = state, name

    def set_people(self, names: Sequence[str]) -> None:
        self.people = list(names)

    def show(self, rows: Sequence[Row]) -> None:
        self.rows += rows
        self.batches += 1

    def complain(self, problem: str) -> None:
        self.complaints.append(problem)

    def tell(self, title: str, text: str) -> None:
        self.told.append((title, text))

    def ask_again(self, title: str, text: str) -> bool:
        self.told.append((title, text))
        return self.again.pop(0) if self.again else False

    def close(self) -> None:
        self.closed += 1


class Line:
    """A connection that the test decides about."""

    def __init__(self) -> None:
        self.happenings: Queue[Happening] = Queue()
        self.sent: list[bytes] = []
        self.has_room = True
        self.has_left = False

    def send(self, line: bytes) -> bool:
        if self.has_room:
            self.sent.append(line)
        return self.has_room

    def leave(self) -> None:
        self.has_left = True


class Stage:
    """A presenter, its window, and the connections that it has begun."""

    def __init__(self) -> None:
        self.view = Paper()
        self.lines: list[Line] = []
        self.now_s = 0.0
        self.presenter = Presenter(
            self.view, self._connect, WHERE, lambda: self.now_s, lambda: "12:34"
        )

    def _connect(self) -> Line:
        self.lines.append(Line())
        return self.lines[-1]

    @property
    def line(self) -> Line:
        return self.lines[-1]

    def happens(self, *happenings: Happening) -> None:
        for happening in happenings:
            self.line.happenings.put(happening)
        while self.presenter.turn():
            pass

    def hears(self, *events: Event) -> None:
        self.happens(Heard(list(events)))

    def texts(self) -> list[str]:
        return [row.text for row in self.view.rows]


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def room(stage: Stage) -> Stage:
    """Somebody called Ana who has been let in; nothing is remembered of that."""
    stage.presenter.begin("Ana")
    stage.happens(Connected(), Heard([Joined("Ana"), Users(("Bia", "Ana"))]))
    stage.view.rows.clear()
    stage.line.sent.clear()
    return stage


# -- the name (RF-008) ----------------------------------------------------------------------


def test_without_a_name_it_is_asked_for_before_anybody_connects(stage: Stage) -> None:
    stage.presenter.begin("")
    assert stage.view.problems == [""]
    assert not stage.lines
    assert stage.presenter.submit("Ana")
    states = [stage.view.state]
    stage.happens(Connected())
    assert stage.line.sent == [b"Ana\n"]
    assert [*states, stage.view.state] == [State.CONNECTING, State.CLAIMING]


def test_a_name_that_is_given_may_have_line_breaks_at_its_ends(stage: Stage) -> None:
    stage.presenter.begin("Ana\r\n")
    stage.happens(Connected(), Heard([Joined("Ana")]))
    assert stage.line.sent == [b"Ana\n"]
    assert stage.view.state is State.IN_ROOM


def test_a_name_that_does_not_fit_a_line_is_refused_in_words_and_asked_for(stage: Stage) -> None:
    stage.presenter.begin("a" * LINE_IN_MAX_BYTES)
    assert stage.view.problems == [""]
    assert len(stage.view.complaints) == 1
    assert not stage.lines


def test_whoever_gives_the_command_to_leave_for_a_name_leaves(stage: Stage) -> None:
    stage.presenter.begin("/sair")
    assert stage.view.closed == 1
    assert not stage.lines


def test_its_own_arrival_is_the_proof_of_admission(stage: Stage) -> None:
    stage.presenter.begin("ANA")
    stage.happens(Connected(), Heard([Joined("Ana")]))
    assert (stage.view.state, stage.view.name) == (State.IN_ROOM, "Ana")


def test_the_arrival_of_another_is_none(stage: Stage) -> None:
    stage.presenter.begin("Ana")
    stage.happens(Connected(), Heard([Joined("Bia")]))
    assert stage.view.state is State.CLAIMING


@pytest.mark.parametrize("code", ["nome-em-uso", "nome-invalido"])
def test_a_refusal_is_shown_and_the_name_asked_again(stage: Stage, code: str) -> None:
    stage.presenter.begin("Ana")
    stage.happens(Connected(), Heard([Failure(code, "este não")]))
    assert stage.view.problems[-1] == "este não"
    assert stage.presenter.submit("Bia")
    assert stage.line.sent == [b"Ana\n", b"Bia\n"]
    assert len(stage.lines) == 1


def test_after_the_last_refusal_the_next_name_goes_over_a_new_connection(stage: Stage) -> None:
    stage.presenter.begin("Ana")
    refusal = Failure("nome-em-uso", "este não")
    stage.happens(Connected(), Heard([refusal]), Ended(Cause.CLOSED))
    assert stage.view.problems[-1].startswith("este não; o servidor encerrou a conexão")
    stage.presenter.submit("Bia")
    stage.happens(Connected())
    assert (len(stage.lines), stage.line.sent) == (2, [b"Bia\n"])


def test_whoever_gives_no_name_may_leave(stage: Stage) -> None:
    stage.presenter.begin("")
    assert stage.presenter.submit("/sair")
    assert (stage.view.closed, stage.presenter.status, stage.lines) == (1, 0, [])


def test_while_it_connects_what_is_typed_stays(stage: Stage) -> None:
    stage.presenter.begin("Ana")
    assert not stage.presenter.submit("oi")
    assert "ainda não há conexão" in stage.view.complaints[0]


# -- sending (RF-010, RF-013, RF-020, RF-024) -----------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["oi", "  com brancos  ", "//sair", "/privado Bia oi", "/usuarios", "é 🙂 'x'", "\u2028"],
)
def test_what_is_typed_is_sent_unchanged(room: Stage, text: str) -> None:
    assert room.presenter.submit(text)
    assert room.line.sent == [f"{text}\n".encode()]
    assert room.texts() == []  # the room's echo will show it


def test_a_pasted_line_end_is_a_blank_so_that_a_text_stays_one_line(room: Stage) -> None:
    assert room.presenter.submit("um\n/sair\r\ntrês")
    assert room.line.sent == ["um /sair três\n".encode()]


@pytest.mark.parametrize("text", ["", "   "])
def test_nothing_is_nothing(room: Stage, text: str) -> None:
    assert not room.presenter.submit(text)
    assert (room.line.sent, room.view.complaints) == ([], [])


@pytest.mark.parametrize("text", ["/privado", "/privado Bia", "/privado  oi", "/privado Bia  "])
def test_a_malformed_private_message_is_answered_in_place_and_stays(room: Stage, text: str) -> None:
    assert not room.presenter.submit(text)
    assert room.line.sent == []
    assert room.view.complaints[0].startswith("formato inválido")


def test_an_unknown_command_is_answered_in_place_and_stays(room: Stage) -> None:
    assert not room.presenter.submit("/dançar")
    assert room.line.sent == []
    assert "/privado, /usuarios e /sair" in room.view.complaints[0]


@pytest.mark.parametrize(("size", "taken"), [(0, True), (1, False)])
def test_a_text_that_would_not_fit_a_line_is_not_sent(room: Stage, size: int, taken: bool) -> None:
    text = "é" * (LINE_IN_MAX_BYTES // 2 - 1) + "x" * (1 + size)
    assert room.presenter.submit(text) is taken
    assert bool(room.line.sent) is taken
    assert taken or "longa demais: 4097 bytes, e o máximo é 4096" in room.view.complaints[0]


def test_when_the_server_does_not_read_the_text_stays(room: Stage) -> None:
    room.line.has_room = False
    assert not room.presenter.submit("oi")
    assert "não está lendo" in room.view.complaints[0]


# -- what is shown (RF-001, 002, 005, 014, 015) ---------------------------------------------


@pytest.mark.parametrize(
    ("event", "tone", "text"),
    [
        (Joined("Caio"), Tone.NOTICE, "Caio entrou no chat"),
        (Left("Bia"), Tone.NOTICE, "Bia saiu do chat"),
        (Users(("Ana", "Bia")), Tone.NOTICE, "conectados: Ana, Bia"),
        (Said("Bia", "oi"), Tone.OTHERS, "Bia: oi"),
        (Said("Ana", "oi"), Tone.MINE, "Ana: oi"),
        (Told("Bia", "só"), Tone.PRIVATE, "[privado de Bia] só"),
        (ToldCopy("Bia", "só"), Tone.PRIVATE, "[privado para Bia] só"),
        (Failure("destinatario-desconhecido", "não há"), Tone.ERROR, "não há"),
        (Goodbye(), Tone.NOTICE, "o servidor está encerrando"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_every_event_is_a_row(room: Stage, event: Event, tone: Tone, text: str) -> None:
    room.hears(event)
    assert room.view.rows == [Row(tone, "12:34", text)]


def test_the_people_are_those_of_the_list_and_of_the_notices(room: Stage) -> None:
    room.hears(Joined("Caio"), Left("Bia"))
    assert room.view.people == ["Ana", "Caio"]


def test_many_events_are_shown_in_order_a_turn_at_a_time(room: Stage) -> None:
    said = [Said("Bia", str(number)) for number in range(3 * EVENTS_PER_TURN)]
    before = room.view.batches
    room.line.happenings.put(Heard(list(said)))
    assert room.presenter.turn()
    assert len(room.view.rows) == EVENTS_PER_TURN
    assert room.presenter.turn()
    assert not room.presenter.turn()
    assert room.texts() == [f"Bia: {number}" for number in range(3 * EVENTS_PER_TURN)]
    assert room.view.batches - before == 3


# -- the end (RF-007, RF-016, RF-023) -------------------------------------------------------


@pytest.mark.parametrize("typed", ["/sair", "/sair  "])
def test_quitting_sends_that_line_last_and_ends_with_status_0(room: Stage, typed: str) -> None:
    assert room.presenter.submit(typed)
    assert room.line.sent == [b"/sair\n"]
    assert room.line.has_left
    assert (room.view.closed, room.presenter.status) == (1, 0)
    room.presenter.leave()
    assert room.view.closed == 1


@pytest.mark.parametrize(
    ("ended", "words"),
    [
        (Ended(Cause.REFUSED), "Ninguém atende em 127.0.0.1:5050"),
        (Ended(Cause.NO_ANSWER), "não respondeu a tempo"),
        (Ended(Cause.UNKNOWN_HOST), "não existe"),
        (Ended(Cause.UNREACHABLE, "sem rota"), "não pode ser alcançado (sem rota)"),
    ],
    ids=str,
)
def test_each_failure_to_connect_has_its_own_words(stage: Stage, ended: Ended, words: str) -> None:
    stage.presenter.begin("Ana")
    stage.happens(ended)
    ((title, text),) = stage.view.told
    assert title == "Sem conexão"
    assert words in text
    assert (stage.view.closed, stage.presenter.status) == (1, 1)


@pytest.mark.parametrize("cause", [Cause.CLOSED, Cause.RESET])
def test_a_connection_that_is_taken_and_closed_has_its_own_words(
    stage: Stage, cause: Cause
) -> None:
    stage.presenter.begin("Ana")
    stage.line.has_room = False
    stage.happens(Connected(), Ended(cause))
    assert "aceitou a conexão e a fechou em seguida" in stage.view.told[0][1]
    assert stage.view.complaints == []


def test_a_full_server_has_its_own_words(stage: Stage) -> None:
    stage.presenter.begin("Ana")
    stage.happens(Connected(), Heard([Failure("servidor-cheio", "tarde")]), Ended(Cause.RESET))
    assert stage.view.told[0][1] == "O servidor em 127.0.0.1:5050 está cheio: tarde."


def test_a_server_of_another_kind_is_quoted(stage: Stage) -> None:
    stage.presenter.begin("Ana")
    stage.happens(Connected(), Ended(Cause.GARBAGE, "HTTP/1.1 400"))
    assert "não é deste chat. Ele enviou: HTTP/1.1 400" in stage.view.told[0][1]


def test_what_takes_too_long_is_given_up(stage: Stage) -> None:
    stage.presenter.begin("Ana")
    stage.now_s = CONNECTION_FAILURE_S
    stage.happens()
    assert not stage.view.told
    stage.now_s += 0.1
    stage.happens()
    assert "não respondeu a tempo" in stage.view.told[0][1]
    assert stage.lines[0].has_left


def test_a_server_that_takes_the_connection_and_says_nothing_is_given_up(stage: Stage) -> None:
    stage.presenter.begin("Ana")
    stage.now_s = CONNECTION_FAILURE_S
    stage.happens(Connected())
    assert not stage.view.told
    stage.now_s += 0.1
    stage.happens()
    assert "não respondeu a tempo" in stage.view.told[0][1]


def test_the_next_name_has_as_much_time_as_the_first(stage: Stage) -> None:
    stage.presenter.begin("Ana")
    stage.happens(Connected(), Heard([Failure("nome-em-uso", "este não")]))
    stage.now_s = 10 * CONNECTION_FAILURE_S
    stage.presenter.submit("Bia")
    stage.happens()
    assert (stage.view.told, stage.view.state) == ([], State.CLAIMING)


def test_it_is_tried_again_as_often_as_the_user_likes(stage: Stage) -> None:
    stage.view.again = [True, False]
    stage.presenter.begin("Ana")
    stage.happens(Ended(Cause.REFUSED))
    assert stage.view.state is State.CONNECTING
    stage.happens(Ended(Cause.REFUSED))
    assert (len(stage.lines), len(stage.view.told), stage.view.closed) == (2, 2, 1)


@pytest.mark.parametrize(
    ("ended", "words"),
    [
        (Ended(Cause.CLOSED), "encerrou a conexão"),
        (Ended(Cause.RESET), "interrompida"),
        (Ended(Cause.SILENT), "não responde mais"),
        (Ended(Cause.GARBAGE, "lixo"), "não é deste chat. Ele enviou: lixo"),
    ],
    ids=str,
)
def test_each_loss_of_the_server_is_told_and_ends_with_status_1(
    room: Stage, ended: Ended, words: str
) -> None:
    room.happens(Heard([Said("Bia", "por fim")]), ended)
    assert room.texts() == ["Bia: por fim"]
    ((title, text),) = room.view.told
    assert title == "Conexão perdida"
    assert words in text
    assert (room.view.closed, room.presenter.status) == (1, 1)


def test_a_server_that_has_said_goodbye_was_shut_down(room: Stage) -> None:
    room.hears(Goodbye())
    room.happens(Ended(Cause.CLOSED))
    assert room.view.told[0][1] == "O servidor foi desligado."


def test_the_end_comes_after_all_that_was_heard_however_much(room: Stage) -> None:
    said = [Said("Bia", "x") for _ in range(2 * EVENTS_PER_TURN)]
    room.line.happenings.put(Heard(list(said)))
    room.line.happenings.put(Ended(Cause.CLOSED))
    assert room.presenter.turn()
    assert not room.view.told
    room.happens()
    assert len(room.view.rows) == len(said)
    room.presenter.turn()
    assert room.view.told

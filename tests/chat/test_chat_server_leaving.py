"""The server over real sockets: every way of leaving (6.3)."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from chat_system import Client, InProcess, wait_for

WAYS: dict[str, Callable[[Client], object]] = {
    "quit": lambda client: client.say("/sair"),
    "end of input": Client.half_close,
    "closed": Client.close,
    "reset": Client.reset,
    "closed in mid-line": lambda client: client.send(b"meia linha").close(),
    "closed in mid-character": lambda client: client.send(b"\xf0\x9f").close(),
}


@pytest.fixture(params=WAYS)
def leave(request: pytest.FixtureRequest) -> Callable[[Client], object]:
    return WAYS[request.param]


def test_everyone_and_the_screen_hear_of_a_departure_once(
    chat: InProcess, leave: Callable[[Client], object]
) -> None:
    ana, bia, caio = chat.join_all("Ana", "Bia", "Caio")
    leave(caio)
    for client in (ana, bia):
        assert client.line() == "* Caio saiu do chat"
    ana.say("/privado Caio oi", "/usuarios")
    assert ana.line().startswith("! destinatario-desconhecido: ")
    assert ana.line() == "* conectados: Ana, Bia"
    chat.screen.until("* Caio saiu do chat")
    bia.say("fim")
    assert chat.screen.line() == ana.line() == bia.line() == "Bia: fim"


def test_a_departed_name_is_free_at_once(
    chat: InProcess, leave: Callable[[Client], object]
) -> None:
    ana, bia = chat.join_all("Ana", "Bia")
    leave(bia)
    assert ana.line() == "* Bia saiu do chat"
    assert chat.connect().say("BIA").line() == "* BIA entrou no chat"


def test_threads_and_descriptors_are_given_back(
    chat: InProcess, leave: Callable[[Client], object]
) -> None:
    ana = chat.join("Ana")
    threads = threading.active_count()
    for number in range(5):
        guest = chat.join(f"u{number}")
        leave(guest)
        ana.until(f"* u{number} saiu do chat")
        guest.close()
    wait_for(lambda: threading.active_count() == threads, "the threads of those who left end")


@pytest.mark.parametrize("leave", [Client.half_close, Client.close], ids=["end of input", "closed"])
def test_a_whole_line_before_the_end_is_delivered_and_half_a_line_is_not(
    chat: InProcess, leave: Callable[[Client], object]
) -> None:
    ana, bia = chat.join_all("Ana", "Bia")
    leave(bia.say("adeus").send(b"e ainda"))
    assert ana.lines(2) == ["Bia: adeus", "* Bia saiu do chat"]


def test_who_leaves_is_sent_all_it_was_due_and_then_the_end(chat: InProcess) -> None:
    ana = chat.join("Ana").say(*["x" * 4_000] * 300, "/sair", "nunca")
    assert ana.rest() == ["Ana: " + "x" * 4_000] * 300


def test_who_stops_sending_is_still_sent_all_it_was_due(chat: InProcess) -> None:
    ana = chat.join("Ana").say(*["x" * 4_000] * 300)
    ana.half_close()
    assert ana.rest() == ["Ana: " + "x" * 4_000] * 300


def test_a_connection_without_a_name_goes_unheard(
    chat: InProcess, leave: Callable[[Client], object]
) -> None:
    ana = chat.join("Ana")
    leave(chat.connect())
    chat.join("Bia")
    assert ana.line() == "* Bia entrou no chat"

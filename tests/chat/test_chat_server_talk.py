"""The server over real sockets: coming in, speaking, whispering."""

from __future__ import annotations

import threading

import pytest
from chat_system import Client, InProcess

from chat.config import LINE_IN_MAX_BYTES


def test_a_newcomer_hears_its_own_arrival_and_then_who_is_here(chat: InProcess) -> None:
    chat.join("Ana")
    bia = chat.connect().say("Bia")
    assert bia.lines(2) == ["* Bia entrou no chat", "* conectados: Ana, Bia"]


def test_everyone_and_the_screen_hear_of_an_arrival_once(chat: InProcess) -> None:
    ana, bia = chat.join_all("Ana", "Bia")
    caio = chat.join("Caio").say("oi")
    for client in (ana, bia):
        assert client.lines(2) == ["* Caio entrou no chat", "Caio: oi"]
    assert caio.line() == "Caio: oi"
    assert chat.screen.until("Caio: oi") == [
        "* Ana entrou no chat",
        "* Bia entrou no chat",
        "* Caio entrou no chat",
        "Caio: oi",
    ]


def test_a_message_reaches_everyone_and_its_sender(chat: InProcess) -> None:
    clients = chat.join_all("Ana", "Bia", "Caio")
    clients[0].say("olá 🙂")
    assert [client.line() for client in clients] == ["Ana: olá 🙂"] * 3


def test_name_messages_and_goodbye_may_come_in_one_piece(chat: InProcess) -> None:
    ana = chat.join("Ana")
    bia = chat.connect().say("", "Bia", "um", "/usuarios", "//dois", "/sair", "três")
    told = ["* Bia entrou no chat", "Bia: um", "Bia: /dois"]
    assert bia.rest() == [
        told[0],
        "* conectados: Ana, Bia",
        told[1],
        "* conectados: Ana, Bia",
        told[2],
    ]
    assert ana.lines(4) == [*told, "* Bia saiu do chat"]


def test_a_byte_at_a_time_says_the_same(chat: InProcess) -> None:
    ana = chat.connect()
    for byte in "Ana\ncoração\r\n".encode():
        ana.send(bytes([byte]))
    assert ana.lines(3) == ["* Ana entrou no chat", "* conectados: Ana", "Ana: coração"]


def test_all_members_hear_everything_in_the_same_order(chat: InProcess) -> None:
    clients = chat.join_all("Ana", "Bia", "Caio", "Davi")
    senders = [
        threading.Thread(target=client.say, args=[str(number) for number in range(200)])
        for client in clients
    ]
    for sender in senders:
        sender.start()
    heard = [client.lines(800) for client in clients]
    for sender in senders:
        sender.join()
    assert all(lines == heard[0] for lines in heard)
    for name in ("Ana", "Bia", "Caio", "Davi"):
        assert [line for line in heard[0] if line.startswith(name)] == [
            f"{name}: {number}" for number in range(200)
        ]


def test_a_private_message_is_heard_by_its_two_sides_alone(chat: InProcess) -> None:
    ana, bia, caio = chat.join_all("Ana", "Bia", "Caio")
    ana.say("/privado BIA segredo", "fim")
    assert ana.lines(2) == ["[privado para Bia] segredo", "Ana: fim"]
    assert bia.lines(2) == ["[privado de Ana] segredo", "Ana: fim"]
    assert caio.line() == "Ana: fim"
    assert b"segredo" not in caio.seen
    assert not any("segredo" in line for line in chat.screen.until("Ana: fim"))


def test_a_message_to_nobody_is_an_error_for_its_sender_alone(chat: InProcess) -> None:
    ana, bia = chat.join_all("Ana", "Bia")
    ana.say("/privado Zeca oi", "fim")
    assert ana.line().startswith("! destinatario-desconhecido: ")
    assert ana.line() == bia.line() == "Ana: fim"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"/privado Bia\n", "formato-invalido"),
        (b"/dance\n", "comando-desconhecido"),
        (b"\xff\n", "texto-invalido"),
        (b"a" * LINE_IN_MAX_BYTES, "linha-longa"),
    ],
)
def test_a_bad_line_is_answered_and_harms_nobody(chat: InProcess, data: bytes, code: str) -> None:
    ana, bia = chat.join_all("Ana", "Bia")
    ana.send(data)
    assert ana.line().startswith(f"! {code}: ")
    ana.send(b"\n").say("ainda aqui")
    assert ana.line() == bia.line() == "Ana: ainda aqui"


def test_a_taken_name_is_refused_and_another_may_be_tried(chat: InProcess) -> None:
    ana = chat.join("Ana")
    bia = chat.connect().say("ANA", "a b", "Bia")
    assert bia.line().startswith("! nome-em-uso: ")
    assert bia.line().startswith("! nome-invalido: ")
    assert bia.lines(2) == ["* Bia entrou no chat", "* conectados: Ana, Bia"]
    assert ana.line() == "* Bia entrou no chat"  # and not a word of the refusals before it


def test_of_many_claims_at_once_exactly_one_wins(chat: InProcess) -> None:
    claimants = [chat.connect() for _ in range(20)]
    barrier = threading.Barrier(len(claimants))

    def claim(client: Client) -> None:
        barrier.wait()
        client.say("Ana")

    threads = [threading.Thread(target=claim, args=[client]) for client in claimants]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answers = sorted(client.line().partition(":")[0] for client in claimants)
    assert answers == ["! nome-em-uso"] * 19 + ["* Ana entrou no chat"]


def test_a_connection_without_a_name_hears_nothing_of_the_room(chat: InProcess) -> None:
    stranger = chat.connect()
    ana = chat.join("Ana").say("oi", "/privado Ana psiu", "/sair")
    ana.rest()
    stranger.say("/usuarios", "Bia")
    assert stranger.line().startswith("! nome-invalido: ")
    assert stranger.lines(2) == ["* Bia entrou no chat", "* conectados: Bia"]


def test_a_burst_of_clients_is_all_admitted_each_with_a_thread(chat: InProcess) -> None:
    base = threading.active_count()
    clients = [chat.connect().say(f"u{number}") for number in range(100)]
    for client in clients:
        assert client.line().endswith("entrou no chat")
    assert threading.active_count() == base + 100

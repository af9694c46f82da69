"""The server as a user runs it: the command line, the screen, signals and exit status (8, 9.1)."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable

import pytest
from chat_system import InProcess, Process

from chat.__main__ import main, server
from chat.config import HOST, PORT, Bounds, Settings
from chat.inbox import Spoke
from chat.options import read_settings

Launch = Callable[..., Process]


def test_without_arguments_the_settings_are_the_constants() -> None:
    assert read_settings([]) == Settings(host=HOST, port=PORT, bounds=Bounds())


def test_every_option_sets_its_bound() -> None:
    given = read_settings(["--max-clients", "7", "--name-deadline", "0.5", "--host", "127.0.0.2"])
    assert given.bounds == Bounds(max_clients=7, name_s=0.5)
    assert (given.host, given.port) == ("127.0.0.2", PORT)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["server", "--port", "65536"], "espera-se uma porta"),
        (["server", "--port", "cinco"], "espera-se uma porta"),
        (["server", "--max-clients", "0"], "espera-se um inteiro"),
        (["server", "--name-deadline", "nan"], "espera-se segundos"),
        (["server", "--name-deadline", "-1"], "espera-se segundos"),
        (["server", "--port"], "espera um valor"),
        (["server", "--nada"], "argumento desconhecido: --nada"),
        (["server", "--out", "1"], "opção ambígua"),
        (["serve"], "valor desconhecido: 'serve'"),
        ([], "falta: comando"),
    ],
)
def test_wrong_use_is_told_in_portuguese_with_status_2(
    arguments: list[str],
    complaint: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "argv", ["chat", *arguments])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    told = capfd.readouterr().err
    assert told.startswith("uso: ")
    assert complaint in told


def test_help_is_in_portuguese(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        server(["--help"])
    assert end.value.code == 0
    told = capfd.readouterr().out
    assert "uso: chat-server" in told
    assert "mostra esta ajuda" in told


@pytest.mark.parametrize(
    ("host", "reason"),
    [
        ("nao-existe.invalid", "o endereço não existe"),
        ("a" * 99, "o endereço não existe"),
        ("192.0.2.1", "o endereço não é desta máquina"),
    ],
)
def test_an_address_that_cannot_be_had_is_told_with_status_1(
    host: str, reason: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert server(["--host", host, "--port", "0"]) == 1
    assert capfd.readouterr().err == f"erro: não foi possível escutar em {host}:0: {reason}\n"


def test_a_port_in_use_is_told_with_status_1(
    chat: InProcess, capfd: pytest.CaptureFixture[str]
) -> None:
    assert server(["--port", str(chat.address[1])]) == 1
    assert capfd.readouterr().err.endswith("a porta já está em uso\n")


def test_the_screen_shows_where_it_listens_and_what_happens(launch: Launch) -> None:
    chat = launch()
    ana, bia = chat.join_all("Ana", "Bia")
    ana.say("oi", "/privado Bia segredo", "/sair").rest()
    bia.until("* Ana saiu do chat")
    assert chat.screen.until("* Ana saiu do chat") == [
        "* Ana entrou no chat",
        "* Bia entrou no chat",
        "Ana: oi",
        "* Ana saiu do chat",
    ]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_a_signal_ends_the_server_in_order(launch: Launch, number: signal.Signals) -> None:
    chat = launch()
    ana, bia = chat.join_all("Ana", "Bia")
    stranger = chat.connect().say("no name")
    assert stranger.line().startswith("! nome-invalido: ")
    chat.signal(number)
    for client in (ana, bia, stranger):
        assert client.rest() == ["* servidor encerrando"]
        client.close()
    assert chat.status() == 0
    assert chat.screen.rest()[-1] == "* servidor encerrando"


def test_a_signal_that_does_not_interrupt_the_main_thread_ends_the_server_too(
    launch: Launch,
) -> None:
    chat = launch()
    chat.join("Ana").close()
    process = chat.child.pid
    threads = {int(name) for name in os.listdir(f"/proc/{process}/task")} - {process}
    assert ctypes.CDLL(None).tgkill(process, min(threads), signal.SIGTERM) == 0
    assert chat.status() == 0


def test_a_server_that_ended_can_be_started_again_on_the_same_port(launch: Launch) -> None:
    first = launch()
    first.join("Ana")
    first.signal(signal.SIGTERM)
    assert first.status() == 0
    second = launch("--port", str(first.address[1]))
    assert second.join("Ana")


def test_a_client_that_does_not_read_cannot_keep_the_server_from_ending(launch: Launch) -> None:
    chat = launch("--flush-deadline", "0.2", "--outbox-deadline", "60")
    ana = chat.join("Ana")
    chat.join("Parado", small_buffer=True)
    for _ in range(60):
        ana.say(*["x" * 4_000] * 10).lines(10)
    chat.signal(signal.SIGTERM)
    assert ana.until("* servidor encerrando")
    ana.close()
    assert chat.status() == 0


def test_a_second_signal_ends_the_server_at_once(launch: Launch) -> None:
    chat = launch("--drain-deadline", "3600")
    ana = chat.join("Ana")
    chat.signal(signal.SIGINT)
    assert ana.rest() == ["* servidor encerrando"]  # and now it waits for our end
    chat.signal(signal.SIGTERM)
    assert chat.status() == -signal.SIGTERM


def test_a_screen_that_nobody_reads_does_not_keep_the_server_from_ending(launch: Launch) -> None:
    chat = launch()
    ana = chat.join("Ana")
    for _ in range(60):
        ana.say(*["x" * 4_000] * 10).lines(10)
    ana.say("/sair").rest()
    ana.close()
    chat.signal(signal.SIGTERM)
    assert chat.status() == 0


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_server_whose_dispatcher_broke_down_ends_and_says_so(chat: InProcess) -> None:
    chat.server._inbox.post(Spoke(None, []))  # type: ignore[arg-type]
    chat._thread.join()
    assert chat._ended_well == [False]

"""The client as a user starts it: the command line, a real server, a real screen, its status."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from chat_display import PATIENCE_S, display, is_missing
from chat_system import ROOT, InProcess

from chat.config import HOST, PORT
from chat.options import read_client

Open = Callable[..., subprocess.Popen[str]]
needs_a_screen = pytest.mark.skipif(is_missing(), reason="Xvfb is not installed")


@pytest.fixture(scope="module")
def screen() -> Iterator[str]:
    with display() as name:
        yield name


@pytest.fixture
def client() -> Iterator[Open]:
    """Start clients with these arguments, on this screen; what still runs is killed."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str, screen: str = "") -> subprocess.Popen[str]:
        environment = {**os.environ, "DISPLAY": screen}
        command = [sys.executable, "-P", "-m", "chat", "client", *arguments]
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        started.append(
            subprocess.Popen(command, cwd=ROOT, env=environment, text=True, **streams)  # type: ignore[call-overload]
        )
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_without_arguments_it_goes_where_the_constants_say() -> None:
    assert read_client([]) == ("", HOST, PORT)


def test_name_host_and_port_may_be_given() -> None:
    assert read_client(["Ana", "--host", "h", "--port", "7"]) == ("Ana", "h", 7)


def test_wrong_use_is_told_with_status_2(client: Open) -> None:
    process = client("Ana", "Bia")
    _, complaint = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 2
    assert "argumento desconhecido: Bia" in complaint


def test_without_a_screen_it_says_so_and_ends(client: Open) -> None:
    process = client("Ana", screen=":nenhum")
    _, complaint = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 1
    assert complaint.startswith("erro: não há tela gráfica em que abrir a janela (")


@needs_a_screen
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_leaving_and_the_others_are_told(
    client: Open, chat: InProcess, screen: str, number: signal.Signals
) -> None:
    bia = chat.join("Bia")
    host, port = chat.address
    process = client("Ana", "--host", host, "--port", str(port), screen=screen)
    assert bia.line() == "* Ana entrou no chat"
    process.send_signal(number)
    assert bia.line() == "* Ana saiu do chat"
    assert process.communicate(timeout=PATIENCE_S) == ("", "")
    assert process.returncode == 0

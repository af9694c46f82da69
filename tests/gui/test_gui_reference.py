"""The reference window and the reference server, together, by a real keyboard and a real mouse."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from gui_stage import PATIENCE_S, Stage

from harness.gui.sights import button_of
from harness.gui.widgets import BUTTONS, ENTRIES, LISTS, Tree

Start = Callable[..., subprocess.Popen[str]]
CHAT = (sys.executable, "-P", "-m", "chat")


@pytest.fixture
def server() -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A reference server that listens, and its port."""
    command = [*CHAT, "server", "--port", "0", "--no-log"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    ready = process.stdout.readline()
    yield process, ready.strip().rpartition(":")[2]
    process.kill()
    process.communicate()


def rows(tree: Tree) -> list[str]:
    """The rows of the window without their times."""
    return [line[7:] for widget in tree.of(*LISTS) for line in widget.lines]


def type_in(stage: Stage, text: str) -> None:
    stage.fill(text)
    stage.window.enter()


def enter(stage: Stage, program: Start, port: str, name: str = "Ana") -> subprocess.Popen[str]:
    """Open the window and come in under a name that is typed."""
    process = program("", *CHAT, "client", "--port", port)
    type_in(stage, name)
    stage.sees(lambda tree: f"{name} entrou no chat" in rows(tree))
    return process


Server = tuple[subprocess.Popen[str], str]


def test_whoever_gives_a_name_talks_and_leaves(
    stage: Stage, program: Start, server: Server
) -> None:
    process = enter(stage, program, server[1])
    type_in(stage, "olá, “mundo” \U0001f642")
    stage.sees(lambda tree: rows(tree)[-1] == "Ana: olá, “mundo” \U0001f642")
    assert stage.one(*ENTRIES).text == ""
    stage.fill("de novo")
    button = button_of(stage.sees(lambda tree: True), "Enviar")
    assert button
    stage.window.click(button)
    stage.sees(lambda tree: rows(tree)[-1] == "Ana: de novo")
    type_in(stage, "/sair")
    assert process.wait(PATIENCE_S) == 0


def test_a_name_that_is_taken_is_asked_for_again_with_the_reason(
    stage: Stage, program: Start, server: Server
) -> None:
    with subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"import socket; s = socket.create_connection(('127.0.0.1', "
            f"{server[1]})); s.sendall(b'Ana\\n'); input()",
        ],
        stdin=subprocess.PIPE,
    ) as first:
        assert server[0].stdout
        while "Ana entrou" not in server[0].stdout.readline():
            pass
        program("", *CHAT, "client", "--port", server[1])
        type_in(stage, "ana")
        stage.sees(lambda tree: any("já está em uso" in widget.text for widget in tree.widgets))
        type_in(stage, "Bia")
        stage.sees(lambda tree: "Bia entrou no chat" in rows(tree))
        first.communicate(b"\n")


def test_a_malformed_private_message_stays_and_is_explained(
    stage: Stage, program: Start, server: Server
) -> None:
    enter(stage, program, server[1])
    type_in(stage, "/privado Bia")
    stage.sees(lambda tree: any("formato inválido" in widget.text for widget in tree.widgets))
    assert stage.one(*ENTRIES).text == "/privado Bia"


def test_the_loss_of_the_server_is_told_and_ends_the_program(
    stage: Stage, program: Start, server: Server
) -> None:
    process = enter(stage, program, server[1])
    server[0].kill()
    tree = stage.sees(lambda tree: len(tree.of(*BUTTONS)) == 2)
    assert "O servidor encerrou a conexão." in {widget.text for widget in tree.widgets}
    stage.window.enter()
    assert process.wait(PATIENCE_S) == 1


def test_where_nobody_listens_it_says_so_and_offers_to_try_again(
    stage: Stage, program: Start, server: Server
) -> None:
    server[0].kill()
    server[0].wait()
    process = program("", *CHAT, "client", "Ana", "--port", server[1])
    tree = stage.sees(lambda tree: any(tree.dialogs()) and len(tree.of(*BUTTONS)) == 3)
    assert any("Ninguém atende" in widget.text for widget in tree.widgets)
    cancel = next(widget for widget in tree.of(*BUTTONS) if widget.path.endswith(".cancel"))
    stage.window.click(cancel)
    assert process.wait(PATIENCE_S) == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_also_while_it_shows_a_message(
    stage: Stage, program: Start, server: Server, number: signal.Signals
) -> None:
    server[0].kill()
    server[0].wait()
    process = program("", *CHAT, "client", "Ana", "--port", server[1])
    stage.sees(lambda tree: any(tree.dialogs()))
    process.send_signal(number)
    assert process.wait(PATIENCE_S) == 0


@pytest.mark.deep
def test_the_window_answers_while_ten_thousand_rows_come_in(
    stage: Stage, program: Start, server: Server
) -> None:
    enter(stage, program, server[1])
    flood = (
        "import socket; s = socket.create_connection(('127.0.0.1', "
        f"{server[1]})); s.sendall(b'Bia\\n' + b''.join(b'linha %d\\n' % n for n in range(10000)));"
        " s.shutdown(1)\nwhile s.recv(65536): pass"
    )
    subprocess.run([sys.executable, "-c", flood], check=True, timeout=60)
    tree = stage.sees(lambda tree: "Bia saiu do chat" in rows(tree))
    assert rows(tree)[-2:] == ["Bia: linha 9999", "Bia saiu do chat"]
    assert tree.of(*LISTS)[0].view[1] == 1.0

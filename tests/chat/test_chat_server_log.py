"""The server and its log (RF-006): everything that anybody received is in it, whatever happens."""

from __future__ import annotations

import resource
import select
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from time import monotonic

import pytest
from chat_system import Client, InProcess, Process, wait_for

from chat.__main__ import main, server
from chat.config import LOG_FILE
from chat.logfile import LogFile
from chat.logforms import as_text
from chat.logreader import LogReader
from chat.logrows import Row
from chat.options import read_settings

Launch = Callable[..., Process]


def logged(path: Path) -> list[str]:
    """What is in the log, without the times."""
    with closing(LogReader(path)) as reader:
        return [as_text(entry).partition(" ")[2] for page in reader.news() for entry in page]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log"


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """An editor holds the log's write lock."""
    with closing(sqlite3.connect(path, isolation_level=None)) as editor:
        editor.execute("BEGIN IMMEDIATE")
        yield
        editor.execute("COMMIT")


@contextmanager
def full_disk(chat: Process) -> Iterator[None]:
    """The server can write to no file any more."""
    usual = resource.prlimit(chat.child.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(chat.child.pid, resource.RLIMIT_FSIZE, (0, usual[1]))
    yield
    resource.prlimit(chat.child.pid, resource.RLIMIT_FSIZE, usual)


# What is in it.


def test_whatever_a_client_has_received_is_already_in_the_log(
    path: Path, start: Callable[..., InProcess]
) -> None:
    chat = start(log=path)
    ana = chat.join("Ana")
    assert logged(path) == ["* Ana entrou no chat"]
    for number in range(20):
        assert ana.say(str(number)).line() == logged(path)[-1] == f"Ana: {number}"
    ana.say("/privado ANA psiu").lines(2)
    assert logged(path)[-1] == "[privado de Ana para Ana] (4 bytes)"


def test_nothing_is_on_its_way_to_a_client_while_it_is_being_logged(
    path: Path, start: Callable[..., InProcess], monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = start(log=path)
    ana, bia = chat.join_all("Ana", "Bia")
    ready: list[object] = []
    append = LogFile.append

    def look_and_append(file: LogFile, rows: Sequence[Row]) -> None:
        ready.append(select.select([ana.socket, bia.socket], [], [], 0)[0])
        append(file, rows)

    monkeypatch.setattr(LogFile, "append", look_and_append)
    for number in range(20):
        assert ana.say(str(number)).line() == bia.line() == f"Ana: {number}"
    assert ready == [[]] * 20


def test_errors_strangers_and_lists_of_users_leave_no_row(
    path: Path, start: Callable[..., InProcess]
) -> None:
    chat = start(log=path)
    ana = chat.join("Ana")
    chat.connect().say("ana", "a b", "/sair").rest()
    ana.say("/dance", "/usuarios", "/privado Zeca oi", "fim").until("Ana: fim")
    assert logged(path) == ["* Ana entrou no chat", "Ana: fim"]


@pytest.mark.parametrize(
    "leave",
    [lambda each: each.say("/sair"), Client.half_close, Client.close, Client.reset],
    ids=["quit", "end of input", "closed", "reset"],
)
def test_every_departure_is_in_the_log_once_with_its_address(
    path: Path, start: Callable[..., InProcess], leave: Callable[[Client], object]
) -> None:
    chat = start(log=path)
    ana, bia = chat.join_all("Ana", "Bia")
    address = "{}:{}".format(*bia.socket.getsockname())
    leave(bia)
    assert ana.line() == "* Bia saiu do chat"
    assert logged(path).count("* Bia saiu do chat") == 1
    with closing(LogReader(path)) as reader:
        rows = [entry.row for page in reader.news() for entry in page]
    assert [(row.kind, row.address) for row in rows if row.name == "Bia"] == [  # type: ignore[union-attr]
        ("joined", address),
        ("left", address),
    ]


def test_an_eviction_is_in_the_log_as_a_departure(
    path: Path, start: Callable[..., InProcess]
) -> None:
    chat = start(log=path, outbox_bytes=10_000)
    ana = chat.join("Ana")
    chat.join("Parado", small_buffer=True)
    ana.line()
    while "* Parado saiu do chat" not in ana.say(*["x" * 4_000] * 10).lines(10):
        pass
    assert logged(path).count("* Parado saiu do chat") == 1


def test_the_departures_of_the_end_are_in_the_log_behind_everything_else(
    path: Path, launch: Launch
) -> None:
    chat = launch("--log", str(path))
    ana, bia = chat.join_all("Ana", "Bia")
    chat.connect().say("a b").line()
    chat.signal(signal.SIGTERM)
    for client in (ana, bia):
        assert client.rest() == ["* servidor encerrando"]
        client.close()
    chat._clients[-1].close()
    assert chat.status() == 0
    assert logged(path)[2:] == ["* Ana saiu do chat", "* Bia saiu do chat"]


def test_the_texts_of_private_messages_are_in_it_only_if_that_is_asked_for(
    path: Path, launch: Launch
) -> None:
    chat = launch("--log", str(path), "--log-private-texts")
    chat.join("Ana").say("/privado Ana psiu").lines(2)
    assert logged(path)[-1] == "[privado de Ana para Ana] psiu"
    assert read_settings([]).logs_private_texts is False


def test_the_log_is_in_the_working_folder_unless_told_otherwise(
    tmp_path: Path, launch: Launch
) -> None:
    launch(folder=tmp_path).join("Ana")
    assert logged(tmp_path / LOG_FILE) == ["* Ana entrou no chat"]


def test_without_a_log_no_file_is_made(tmp_path: Path, launch: Launch) -> None:
    launch("--no-log", folder=tmp_path).join("Ana")
    assert list(tmp_path.iterdir()) == []


# When it cannot be written.


def test_an_editor_that_locks_the_log_delays_nobody(path: Path, launch: Launch) -> None:
    chat = launch("--log", str(path))
    ana, bia = chat.join_all("Ana", "Bia")
    with locked(path):
        for number in range(50):
            ana.say(str(number))
            assert ana.line() == bia.line() == f"Ana: {number}"
        assert logged(path)[2:] == []
    wait_for(lambda: len(logged(path)) == 52, "it is written, though the room has fallen silent")
    assert logged(path)[2:] == [f"Ana: {number}" for number in range(50)]


@pytest.mark.deep
def test_an_editor_that_locks_the_log_for_ten_seconds_delays_nobody(
    path: Path, launch: Launch
) -> None:
    chat = launch("--log", str(path), "--log-buffer", "1000000")
    ana = chat.join("Ana")
    count, until_s = 0, monotonic() + 10
    with locked(path):
        while monotonic() < until_s:
            assert ana.say(str(count)).line() == f"Ana: {count}"
            count += 1
    wait_for(lambda: len(logged(path)) > count, "it is written")
    assert logged(path)[1:] == [f"Ana: {number}" for number in range(count)]


def test_when_the_disk_is_full_the_room_goes_on_and_the_log_shows_the_gap(
    path: Path, launch: Launch
) -> None:
    chat = launch("--log", str(path), "--log-buffer", "3")
    ana = chat.join("Ana")
    chat.screen.until("* Ana entrou no chat")
    with full_disk(chat):
        for number in range(10):
            assert ana.say(f"{number}").line() == f"Ana: {number}"
        assert chat.screen.line().startswith(f"! registro: não é possível escrever em {path}: ")
    while not chat.screen.line().startswith("! registro: "):
        pass
    ana.say("fim").line()
    before, gap, after = logged(path)[:4], logged(path)[4], logged(path)[5:]
    assert before == ["* Ana entrou no chat", "Ana: 0", "Ana: 1", "Ana: 2"]
    assert gap.startswith("! lacuna: 7 registros perdidos entre 2")
    assert after == ["Ana: fim"]


def test_a_log_that_was_deleted_is_begun_anew(path: Path, launch: Launch) -> None:
    chat = launch("--log", str(path))
    ana = chat.join("Ana")
    path.unlink()
    ana.say("oi").line()
    gap, message = logged(path)
    assert gap.startswith("! lacuna: 1 registros perdidos entre 2")
    assert message == "Ana: oi"


# When it cannot be opened.


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: path.write_bytes(b"texto " * 999), "não é um arquivo SQLite"),
        (Path.mkdir, "é uma pasta"),
    ],
    ids=["a text", "a folder"],
)
def test_a_log_that_cannot_be_had_is_told_with_status_1_and_what_to_do(
    path: Path,
    make: Callable[[Path], object],
    reason: str,
    capfd: pytest.CaptureFixture[str],
) -> None:
    make(path)
    assert server(["--port", "0", "--log", str(path)]) == 1
    told = capfd.readouterr()
    assert told.out == ""
    assert told.err == (
        f"erro: não foi possível abrir o registro {path}: {reason}; "
        "escolha outro arquivo com --log, ou desligue o registro com --no-log\n"
    )


def test_a_working_folder_that_takes_no_files_is_told_with_status_1(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/proc")
    assert server(["--port", "0"]) == 1
    assert "não há permissão para abri-lo ou criá-lo; escolha" in capfd.readouterr().err


def test_where_it_cannot_listen_no_log_is_made(
    path: Path, chat: InProcess, capfd: pytest.CaptureFixture[str]
) -> None:
    assert server(["--port", str(chat.address[1]), "--log", str(path)]) == 1
    assert capfd.readouterr().err.endswith("a porta já está em uso\n")
    assert not path.exists()


def test_a_log_and_none_do_not_go_together(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["chat", "server", "--log", "x", "--no-log"])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    assert "--no-log: não combina com --log" in capfd.readouterr().err

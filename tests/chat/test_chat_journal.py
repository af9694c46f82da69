"""The journal over a real file: order, outages, gaps, vanished files (9.2)."""

from __future__ import annotations

import os
import resource
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from chat_system import wait_for

from chat import checkpoints
from chat.config import LOG_RETRY_S
from chat.journal import Journal
from chat.logerror import LogError
from chat.logfile import LogFile
from chat.logreader import LogReader
from chat.logrows import Event, Gap, Row
from chat.peer import Peer
from chat.records import Kind, Record

LATER_S = 10 * LOG_RETRY_S


class Desk:
    """A journal, its file, and what it told the operator."""

    def __init__(self, path: Path, bound_rows: int, keeps_private_texts: bool) -> None:
        self.path = path
        self.told: list[str] = []
        self.journal = Journal(LogFile(path), bound_rows, keeps_private_texts, self.told.append)
        self._peer = Peer(socket.socket(), ("10.0.0.1", 4_321))

    def say(self, *texts: str) -> None:
        """Messages of Ana, in one batch."""
        self.journal.write(
            [Record(Kind.MESSAGE, self._peer, "Ana", text=text) for text in texts], 0.0
        )

    def whisper(self, text: str) -> None:
        self.journal.write([Record(Kind.PRIVATE, self._peer, "Ana", "Bia", text)], 0.0)

    def rows(self) -> list[Row]:
        reader = LogReader(self.path)
        with closing(reader):
            return [entry.row for page in reader.news() for entry in page]

    def texts(self) -> list[str | int | None]:
        """What was said, and how much of it is missing."""
        return [row.lost if isinstance(row, Gap) else row.text for row in self.rows()]

    def close(self) -> None:
        self.journal.close()
        self._peer.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "registro é?#%.sqlite3"  # nothing in a name means anything to SQLite


@pytest.fixture
def open_desk(path: Path) -> Iterator[Callable[..., Desk]]:
    desks: list[Desk] = []

    def make(bound_rows: int = 1_000, keeps_private_texts: bool = False) -> Desk:
        desks.append(Desk(path, bound_rows, keeps_private_texts))
        return desks[-1]

    yield make
    for desk in desks:
        desk.close()


@pytest.fixture
def desk(open_desk: Callable[..., Desk]) -> Desk:
    return open_desk()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """An editor has the file open, and has not saved yet."""
    with closing(sqlite3.connect(path, isolation_level=None)) as editor:
        editor.execute("BEGIN IMMEDIATE")
        yield
        editor.execute("ROLLBACK")


@contextmanager
def no_file_larger(limit_bytes: int) -> Iterator[None]:
    """Let no file of this process grow past the limit; a disk that is full looks alike."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


# Rows.


def test_a_row_says_when_who_from_where_and_what(desk: Desk) -> None:
    desk.say("olá")
    (row,) = desk.rows()
    assert isinstance(row, Event)
    assert row[1:] == ("message", "Ana", "10.0.0.1:4321", None, "olá", len("olá".encode()))


def test_a_text_is_kept_as_its_readers_saw_it(desk: Desk) -> None:
    desk.say("a\x1b[31m\u202eb")
    assert desk.texts() == ["a\ufffd[31m\ufffdb"]


def test_of_a_private_message_there_are_its_sides_and_its_length(desk: Desk) -> None:
    desk.whisper("segrêdo")
    (row,) = desk.rows()
    assert isinstance(row, Event)
    assert (row.name, row.recipient, row.text, row.length) == ("Ana", "Bia", None, 8)


def test_the_text_of_a_private_message_is_kept_only_if_that_is_asked_for(
    open_desk: Callable[..., Desk],
) -> None:
    desk = open_desk(keeps_private_texts=True)
    desk.whisper("segrêdo")
    assert desk.texts() == ["segrêdo"]


def test_without_a_file_nothing_is_kept_and_nothing_is_due() -> None:
    journal = Journal(None, 1, False, print)
    with socket.socket() as connection:
        journal.write([Record(Kind.LEFT, Peer(connection, ("", 0)), "Ana")], 0.0)
    assert journal.until_retry_s(0.0) is None
    journal.close()


# When it cannot be written.


def test_what_cannot_be_written_is_written_in_order_as_soon_as_it_can(desk: Desk) -> None:
    desk.say("um")
    with locked(desk.path):
        desk.say("dois")
        desk.say("três")
        desk.journal.retry(LATER_S)
        assert desk.texts() == ["um"]
    desk.say("quatro")
    assert desk.journal.until_retry_s(LATER_S) == pytest.approx(LOG_RETRY_S)
    desk.journal.retry(2 * LATER_S)
    desk.say("cinco")
    assert desk.texts() == ["um", "dois", "três", "quatro", "cinco"]
    assert desk.journal.until_retry_s(2 * LATER_S) is None


def test_the_operator_is_told_once_that_it_stopped_and_once_that_it_goes_on(desk: Desk) -> None:
    with locked(desk.path):
        desk.say("um")
        desk.say("dois")
        desk.journal.retry(LATER_S)
    desk.journal.retry(2 * LATER_S)
    assert desk.told == [
        f"não é possível escrever em {desk.path}: outro programa o mantém bloqueado",
        f"{desk.path} voltou a ser escrito",
    ]


def test_what_does_not_fit_leaves_one_gap_in_its_place(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk(bound_rows=2)
    with locked(desk.path):
        desk.say("um")
        desk.say("dois", "três", "quatro")
        desk.say("cinco")
    desk.journal.retry(LATER_S)
    desk.say("seis")
    assert desk.texts() == ["um", "dois", 3, "seis"]
    gap = next(row for row in desk.rows() if isinstance(row, Gap))
    assert desk.rows()[1].time <= gap.first <= gap.last == gap.time <= desk.rows()[-1].time


def test_a_batch_larger_than_the_buffer_is_written_whole(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk(bound_rows=1)
    desk.say("um", "dois", "três")
    assert desk.texts() == ["um", "dois", "três"]


@pytest.mark.parametrize("room_bytes", [0, 1_000, 30_000, 100_000])
def test_a_disk_that_is_full_loses_nothing_that_the_buffer_holds(
    desk: Desk, room_bytes: int
) -> None:
    desk.say("um")
    written = os.path.getsize(f"{desk.path}-wal")
    with no_file_larger(written + room_bytes):
        for number in range(100):
            desk.say(f"{number} {'x' * 900}")
        desk.journal.retry(LATER_S)
    assert len(desk.told) == 1
    desk.journal.retry(2 * LATER_S)
    desk.say("fim")
    assert [str(text).partition(" ")[0] for text in desk.texts()] == [
        "um",
        *map(str, range(100)),
        "fim",
    ]


def test_what_waits_at_the_end_is_still_written_if_that_becomes_possible(desk: Desk) -> None:
    with locked(desk.path):
        desk.say("um")
    desk.close()
    assert desk.texts() == ["um"]


def test_what_could_not_be_written_until_the_end_is_counted(
    open_desk: Callable[..., Desk],
) -> None:
    desk = open_desk(bound_rows=1)
    with locked(desk.path):
        desk.say("um", "dois", "três")
        desk.close()
    assert desk.told[-1] == "3 registros não foram escritos"


# When the file goes away.


def test_a_deleted_file_is_begun_anew_and_says_what_it_lacks(desk: Desk) -> None:
    desk.say("um", "dois")
    first, last = (row.time for row in desk.rows())
    desk.path.unlink()
    desk.say("três")
    desk.say("quatro")
    assert desk.texts() == [2, "três", "quatro"]
    assert desk.rows()[0] == Gap(last, "gap", first, last, 2)


def test_a_file_that_was_moved_is_whole_and_a_new_one_is_begun(desk: Desk) -> None:
    desk.say("um")
    moved = desk.path.rename(desk.path.with_name("velho"))
    desk.say("dois")
    assert desk.texts() == [1, "dois"]
    desk.path = moved
    assert desk.texts() == ["um"]


def test_a_file_that_was_moved_becomes_whole_before_a_new_one_is_begun(desk: Desk) -> None:
    desk.say("um")
    with closing(sqlite3.connect(desk.path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM events").fetchone() == (1,)
        desk.say("dois")
        moved = desk.path.rename(desk.path.with_name("velho"))
        desk.say("três")
        assert desk.told[0].endswith("outro programa ainda lê o arquivo que foi movido ou apagado")
    desk.journal.retry(LATER_S)
    assert desk.texts() == [2, "três"]
    desk.path = moved
    assert desk.texts() == ["um", "dois"]


def test_whoever_has_the_moved_file_open_sees_nothing_of_the_new_one(desk: Desk) -> None:
    desk.say("um")
    with closing(sqlite3.connect(desk.path)) as editor:
        count = "SELECT count(*) FROM events"
        assert editor.execute(count).fetchone() == (1,)
        moved = desk.path.rename(desk.path.with_name("velho"))
        desk.say("dois", "três")
        assert editor.execute(count).fetchone() == (1,)
    assert desk.texts() == [1, "dois", "três"]
    desk.path = moved
    assert desk.texts() == ["um"]


def test_a_file_that_was_away_for_a_moment_is_continued(desk: Desk) -> None:
    desk.say("um")
    away = desk.path.parent.rename(desk.path.parent.with_name("longe"))
    desk.say("dois")
    away.rename(desk.path.parent)
    desk.journal.retry(LATER_S)
    assert desk.texts() == ["um", "dois"]


def test_a_reader_sees_a_moved_file_to_its_end_and_then_the_new_one(desk: Desk) -> None:
    desk.say("um")
    with closing(LogReader(desk.path)) as reader:
        assert len(list(reader.news())) == 1
        desk.say("dois")
        desk.path.rename(desk.path.with_name("velho"))
        desk.say("três")
        rows = [entry.row for page in reader.news() for entry in page]
    assert [row.lost if isinstance(row, Gap) else row.text for row in rows] == ["dois", 2, "três"]


def test_a_reader_waits_for_a_file_that_was_something_else_for_a_moment(desk: Desk) -> None:
    desk.say("um")
    desk.journal.close()
    with closing(LogReader(desk.path)) as reader:
        assert len(list(reader.news())) == 1
        away = desk.path.rename(desk.path.with_name("longe"))
        desk.path.write_text("não é um registro")
        with pytest.raises(LogError):
            list(reader.news())
        away.rename(desk.path)
        assert list(reader.news()) == []


def test_a_deleted_folder_is_waited_for(desk: Desk, tmp_path: Path) -> None:
    desk.say("um")
    moved = tmp_path.rename(tmp_path.with_name(f"{tmp_path.name}-longe"))
    desk.say("dois")
    desk.journal.retry(LATER_S)
    assert desk.told == [f"não é possível escrever em {desk.path}: a pasta não existe"]
    tmp_path.mkdir()
    desk.journal.retry(2 * LATER_S)
    assert desk.texts() == [1, "dois"]
    assert (moved / desk.path.name).exists()


def test_something_else_in_the_place_of_the_log_is_left_alone(desk: Desk) -> None:
    desk.path.unlink()
    with closing(sqlite3.connect(desk.path)) as other:
        other.execute("CREATE TABLE contas (valor)")
    desk.say("um")
    assert desk.told[0].endswith("é um banco de dados de outro programa")
    desk.path.unlink()
    desk.journal.retry(LATER_S)
    assert desk.texts() == ["um"]


# The file itself.


def test_a_log_that_exists_is_continued(open_desk: Callable[..., Desk]) -> None:
    first = open_desk()
    first.say("um")
    first.close()
    second = open_desk()
    second.say("dois")
    assert second.texts() == ["um", "dois"]


def test_when_it_is_closed_nothing_but_the_file_is_left(desk: Desk, tmp_path: Path) -> None:
    desk.say("um")
    desk.close()
    assert list(tmp_path.iterdir()) == [desk.path]


def test_checkpoints_take_the_rows_over_while_nothing_happens(
    open_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "CHECKPOINT_PAUSE_S", 0.01)
    desk = open_desk()
    size = desk.path.stat().st_size
    desk.say("um")
    wait_for(lambda: desk.path.stat().st_size > size, "the file itself grows")


def test_closing_ends_the_thread_of_the_checkpoints(desk: Desk) -> None:
    threads = threading.active_count()
    desk.close()
    assert threading.active_count() == threads - 1


def database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE contas (valor)")


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: path.write_bytes(b"texto " * 999), "não é um arquivo SQLite"),
        (database, "é um banco de dados de outro programa"),
        (Path.mkdir, "é uma pasta"),
    ],
    ids=["a text", "another database", "a folder"],
)
def test_what_is_no_log_is_refused_and_left_alone(
    path: Path, make: Callable[[Path], object], reason: str
) -> None:
    make(path)
    before = path.is_file() and path.read_bytes()
    with pytest.raises(LogError, match=reason):
        LogFile(path)
    assert (path.is_file() and path.read_bytes()) == before


def test_a_log_in_a_folder_that_does_not_exist_is_refused(path: Path) -> None:
    with pytest.raises(LogError, match="a pasta não existe"):
        LogFile(path / "log")


def test_a_log_in_a_folder_that_takes_no_files_is_refused() -> None:
    with pytest.raises(LogError, match="não há permissão"):
        LogFile(Path("/proc/chat.sqlite3"))

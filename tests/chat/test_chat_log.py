"""The command `log`: what it shows, of any file, while the server runs and after it is gone."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from chat_system import PATIENCE_S, ROOT, Output, Process

from chat.__main__ import log
from chat.config import LOG_CHUNK_ROWS
from chat.logfile import LogFile
from chat.logrows import Event, Row, gap

ANA = "127.0.0.1:50001"
MESSAGE = Event("2026-11-25T22:05:02.001Z", "message", "Ana", ANA, None, "texto", 5)
ROWS: list[Row] = [
    Event("2026-11-25T22:05:01.123Z", "joined", "Ana", ANA, None, None, None),
    MESSAGE,
    Event("2026-11-25T22:05:03.001Z", "private", "Ana", ANA, "Bia", None, 12),
    Event("2026-11-25T22:05:03.002Z", "private", "José", ANA, "Ana", "olá", 4),
    Event("2026-11-25T22:05:04.001Z", "left", "Ana", ANA, None, None, None),
    gap("2026-11-25T22:05:04.002Z", "2026-11-25T22:05:05.001Z", 12),
]
LINES = [
    "2026-11-25T22:05:01.123Z * Ana entrou no chat",
    "2026-11-25T22:05:02.001Z Ana: texto",
    "2026-11-25T22:05:03.001Z [privado de Ana para Bia] (12 bytes)",
    "2026-11-25T22:05:03.002Z [privado de José para Ana] olá",
    "2026-11-25T22:05:04.001Z * Ana saiu do chat",
    "2026-11-25T22:05:05.001Z ! lacuna: 12 registros perdidos entre 2026-11-25T22:05:04.002Z"
    " e 2026-11-25T22:05:05.001Z",
]

Show = Callable[..., list[str]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A log that its server has closed."""
    path = tmp_path / "chat é?#.sqlite3"
    with closing(LogFile(path)) as file:
        file.append(ROWS)
    return path


@pytest.fixture
def show(path: Path, capfd: pytest.CaptureFixture[str]) -> Show:
    """Run the command; the lines that it shows."""

    def run(*options: str) -> list[str]:
        assert log([str(path), *options]) == 0
        shown = capfd.readouterr()
        assert shown.err == ""
        return shown.out.splitlines()

    return run


def test_each_row_is_one_line(show: Show) -> None:
    assert show() == LINES


def test_json_has_the_same_keys_for_every_kind_and_three_more_for_a_gap(show: Show) -> None:
    shown = [json.loads(line) for line in show("--json")]
    assert shown[2] == {
        "id": 3,
        "time": "2026-11-25T22:05:03.001Z",
        "kind": "private",
        "name": "Ana",
        "address": ANA,
        "recipient": "Bia",
        "text": None,
        "length": 12,
    }
    assert shown[5] == dict.fromkeys(shown[2]) | {
        "id": 6,
        "time": "2026-11-25T22:05:05.001Z",
        "kind": "gap",
        "first": "2026-11-25T22:05:04.002Z",
        "last": "2026-11-25T22:05:05.001Z",
        "count": 12,
    }


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        (["--kind", "private"], [2, 3]),
        (["--kind", "gap"], [5]),
        (["--name", "bia"], [2, 5]),  # what is missing may have been Bia's
        (["--name", "JOSE\u0301"], [3, 5]),
        (["--name", "Jose"], [5]),
        (["--name", "ANA", "--kind", "left"], [4]),
        (["--since", "2026"], [0, 1, 2, 3, 4, 5]),
        (["--since", "2026-11-25T22:05"], [0, 1, 2, 3, 4, 5]),
        (["--since", "2026-11-25T22:05:03Z"], [2, 3, 4, 5]),
        (["--since", "2026-11-25T22:05:03.002Z"], [3, 4, 5]),
        (["--since", "2026-11-26"], []),
    ],
)
def test_only_what_is_asked_for_is_shown(show: Show, options: list[str], wanted: list[int]) -> None:
    assert show(*options) == [LINES[number] for number in wanted]


def test_a_log_of_many_pages_is_shown_whole_and_in_order(path: Path, show: Show) -> None:
    many = 2 * LOG_CHUNK_ROWS
    with closing(LogFile(path)) as file:
        file.append([MESSAGE._replace(text=str(number)) for number in range(many)])
    assert show()[6:] == [f"2026-11-25T22:05:02.001Z Ana: {number}" for number in range(many)]


def test_whatever_is_in_the_file_what_is_shown_is_safe_to_print(path: Path, show: Show) -> None:
    with closing(sqlite3.connect(path)) as intruder, intruder:
        intruder.execute("DELETE FROM events")
        intruder.executemany(
            "INSERT INTO events (time, kind, name, text, lost) VALUES (?, ?, ?, ?, ?)",
            [
                ("2026\n", "message", "Ana\x1b", b"\xff\x07", None),
                ("2026", "joined\n", "\u202eAna", 7, None),
                ("2026", "gap", None, None, "\x1b[2J"),
            ],
        )
        intruder.execute("UPDATE events SET first = CAST(x'1bff' AS TEXT)")
    assert show() == [
        "2026\ufffd Ana\ufffd: \ufffd\ufffd",
        "2026 \ufffdAna: 7",
        "2026 ! lacuna: \ufffd[2J registros perdidos entre \ufffd\ufffd e None",
    ]
    assert len(show("--json")) == 3


def test_nothing_is_written_and_no_file_is_made(path: Path, show: Show) -> None:
    os.chmod(path.parent, 0o555)
    before = path.read_bytes()
    assert show()
    os.chmod(path.parent, 0o755)
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    assert path.read_bytes() == before


# What is no log.


def other_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE contas (valor)")


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda _: None, "o arquivo não existe"),
        (lambda path: path.write_bytes(b"texto " * 999), "não é um arquivo SQLite"),
        (Path.touch, "não é um registro deste chat"),
        (other_database, "não é um registro deste chat"),
        (Path.mkdir, "é uma pasta"),
    ],
    ids=["nothing", "a text", "an empty file", "another database", "a folder"],
)
def test_what_is_no_log_is_told_in_one_sentence_with_status_1(
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    make: Callable[[Path], object],
    reason: str,
) -> None:
    path = tmp_path / "x"
    make(path)
    assert log([str(path), "--follow"]) == 1
    told = capfd.readouterr()
    assert told.out == ""
    assert told.err == f"erro: não foi possível ler o registro {path}: {reason}\n"


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["x", "--since", "ontem"], "espera-se um momento"),
        (["x", "--since", "2026-13"], "espera-se um momento"),
        (["x", "--since", "2026-1"], "espera-se um momento"),
        (["x", "--since", ""], "espera-se um momento"),
        (["x", "--kind", "nada"], "valor desconhecido: 'nada'"),
        ([], "falta: arquivo"),
    ],
)
def test_wrong_use_is_told_in_portuguese_with_status_2(
    options: list[str], complaint: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        log(options)
    assert end.value.code == 2
    assert complaint in capfd.readouterr().err


# Beside a server.


class Follower:
    """`log --follow`, as a user starts it: not as a job in the background, where a shell has
    interruptions ignored, and every program that is started from there as well."""

    def __init__(self, path: Path) -> None:
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        self.child = subprocess.Popen(
            [sys.executable, "-P", "-m", "chat", "log", str(path), "--follow"],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        signal.signal(signal.SIGINT, before)
        assert self.child.stdout
        self._output = Output(self.child.stdout.fileno())

    def line(self) -> str:
        """The next line, without its time."""
        return self._output.line().partition(" ")[2]

    def status(self) -> int:
        """The exit status; a word on stderr would be a fault."""
        _, errors = self.child.communicate(timeout=PATIENCE_S)
        assert errors == b""
        return self.child.returncode


@pytest.fixture
def follow() -> Iterator[Callable[[Path], Follower]]:
    followers: list[Follower] = []

    def start(path: Path) -> Follower:
        followers.append(Follower(path))
        return followers[-1]

    yield start
    for follower in followers:
        follower.child.kill()
        follower.child.communicate()


@contextmanager
def files_unchanged(folder: Path) -> Iterator[None]:
    before = sorted(folder.iterdir())
    yield
    assert sorted(folder.iterdir()) == before


def test_a_follower_sees_what_happens_across_servers_and_files(
    tmp_path: Path, launch: Callable[..., Process], follow: Callable[[Path], Follower]
) -> None:
    path = tmp_path / "log"
    first = launch("--log", str(path))
    ana = first.join("Ana")
    follower = follow(path)
    assert follower.line() == "* Ana entrou no chat"
    ana.say("oi")
    assert follower.line() == "Ana: oi"
    first.signal(signal.SIGTERM)
    ana.close()
    assert first.status() == 0
    assert follower.line() == "* Ana saiu do chat"
    second = launch("--log", str(path))
    bia = second.join("Bia")
    assert follower.line() == "* Bia entrou no chat"
    path.unlink()
    bia.say("ainda aqui")
    assert follower.line().startswith("! lacuna: 4 registros perdidos")
    assert follower.line() == "Bia: ainda aqui"
    follower.child.send_signal(signal.SIGINT)
    assert follower.status() == 0


def test_a_follower_whose_reader_goes_away_ends_quietly_also_in_silence(
    path: Path, follow: Callable[[Path], Follower]
) -> None:
    follower = follow(path)
    assert [follower.line() for _ in LINES] == [line.partition(" ")[2] for line in LINES]
    assert follower.child.stdout
    follower.child.stdout.close()
    follower.child.stdout = None
    assert follower.status() == 0


def test_a_log_can_be_read_through_a_link_while_its_server_runs(
    tmp_path: Path, launch: Callable[..., Process], capfd: pytest.CaptureFixture[str]
) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "log")
    launch("--log", str(link)).join("Ana")
    assert log([str(link)]) == 0
    assert capfd.readouterr().out.endswith("Z * Ana entrou no chat\n")


def test_a_log_can_be_read_while_its_server_runs_and_after_it_was_killed(
    tmp_path: Path, launch: Callable[..., Process], capfd: pytest.CaptureFixture[str]
) -> None:
    chat = launch("--log", str(tmp_path / "log"))
    chat.join("Ana").say("oi", "/privado Ana psiu", "/sair").rest()
    for number in (0, signal.SIGKILL):
        chat.signal(number)
        with files_unchanged(tmp_path):
            assert log([str(tmp_path / "log")]) == 0
        assert [line.partition(" ")[2] for line in capfd.readouterr().out.splitlines()] == [
            "* Ana entrou no chat",
            "Ana: oi",
            "[privado de Ana para Ana] (4 bytes)",
            "* Ana saiu do chat",
        ]

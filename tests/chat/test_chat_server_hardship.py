"""The server where it is hard to live: streams, limits, environment, terminal, sudden death."""

from __future__ import annotations

import os
import pty
import random
import signal
import subprocess
import termios
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from itertools import count
from pathlib import Path

import pytest
from chat_system import Client, Process, wait_for

from chat.logreader import LogReader
from chat.logrows import Event

Launch = Callable[..., Process]


def talk(chat: Process) -> None:
    """Two people come, talk and go."""
    ana, bia = chat.join_all("Ana", "Bia")
    assert ana.say("oi").line() == bia.line() == "Ana: oi"
    assert bia.say("/sair").rest() == []
    assert ana.line() == "* Bia saiu do chat"


def end_in_order(chat: Process) -> None:
    for client in chat._clients:
        client.close()
    chat.signal(signal.SIGTERM)
    assert chat.status() == 0


@pytest.mark.parametrize(
    "how",
    [
        'exec "$@" >&-',
        'exec "$@" <&- >&-',
        'exec "$@" >/dev/full',
        'exec env -i PYTHONPATH="$PYTHONPATH" "$@"',
        'exec env LC_ALL=pt_BR.ISO-8859-1 PYTHONCOERCECLOCALE=0 PYTHONUTF8=0 "$@"',
        'ulimit -Sn 1024; exec "$@"',
        'ulimit -n 64; exec "$@"',
    ],
    ids=[
        "no output",
        "no streams",
        "output that is full",
        "no environment",
        "no UTF-8",
        "1,024 descriptors",
        "64 descriptors",
    ],
)
def test_however_it_is_started_the_room_works_and_ends_in_order(
    tmp_path: Path, launch: Launch, how: str
) -> None:
    stdout = subprocess.PIPE if ">" not in how else subprocess.DEVNULL
    chat = launch(how=how, folder=tmp_path, stdout=stdout)
    talk(chat)
    end_in_order(chat)


def answer(client: Client, name: str) -> str:
    """The first line that the client gets; none if it was reset, for there is no time to drain."""
    with suppress(ConnectionError):
        return client.say(name).line()
    return ""


def test_with_few_descriptors_those_who_are_in_are_served_and_the_others_refused(
    launch: Launch, tmp_path: Path
) -> None:
    chat = launch(how='ulimit -n 64; exec "$@"', folder=tmp_path)
    ana = chat.join("Ana")
    answers = [answer(chat.connect(), f"u{number}") for number in range(80)]
    admitted = [line for line in answers if line.endswith(" entrou no chat")]
    assert 0 < len(admitted) < 64
    assert all(line in admitted or line[:17] in ("", "! servidor-cheio:") for line in answers)
    ana.say("fim")
    assert ana.until("Ana: fim")


def test_a_screen_whose_reader_has_gone_is_no_reason_to_stop(launch: Launch) -> None:
    chat = launch()
    assert chat.child.stdout
    chat.child.stdout.close()
    chat.child.stdout = None
    talk(chat)
    end_in_order(chat)


def test_a_terminal_that_was_stopped_stops_neither_the_room_nor_its_end(launch: Launch) -> None:
    master, slave = pty.openpty()
    chat = launch(stdout=slave)
    termios.tcflow(slave, termios.TCOOFF)  # what Ctrl-S does
    ana = chat.join("Ana")
    for _ in range(10):
        ana.say(*["x" * 4_000] * 10).lines(10)
    talk_to = chat.join("Bia")
    assert talk_to.say("oi").line() == "Bia: oi"
    end_in_order(chat)
    os.close(slave)
    os.close(master)


def test_a_terminal_that_wants_no_output_from_the_background_stops_nobody(
    launch: Launch,
) -> None:
    """`stty tostop`: whoever writes in the background gets SIGTTOU, which would stop it."""
    status = Path(f"/proc/{launch().child.pid}/status").read_text("ascii")
    ignored = int(status.partition("SigIgn:")[2].split()[0], 16)
    assert ignored >> (signal.SIGTTOU - 1) & 1


# Sudden death.


class Listener(threading.Thread):
    """A client that talks, whispers and keeps coming back, and notes every line that it hears."""

    def __init__(self, chat: Process, name: str, seed: int) -> None:
        super().__init__()
        self._chat = chat
        self._name = name
        self._random = random.Random(seed)
        self._said = count()
        self.heard: list[str] = []

    def run(self) -> None:
        with suppress(OSError):
            while True:
                client = Client(self._chat.address)
                with closing(client):
                    self._visit(client)

    def _visit(self, client: Client) -> None:
        client.say(self._name)
        for _ in range(self._random.randrange(1, 200)):
            client.say(f"{next(self._said)}", f"/privado {self._name} {next(self._said)}")
            for _ in range(4):
                line = client.line()
                if not line:
                    return
                self.heard.append(line)
        client.say("/sair")
        self.heard += client.rest()


def known(heard: str) -> str:
    """The line, if there is to be a row for it that is not there for another line."""
    return "" if heard.startswith(("* conectados: ", "[privado para ", "! ")) else heard


def as_heard(row: object) -> str:
    """What a client heard of what this row says."""
    assert isinstance(row, Event)
    match row.kind:
        case "message":
            return f"{row.name}: {row.text}"
        case "private":
            return f"[privado de {row.name}] {row.text}"
        case "joined":
            return f"* {row.name} entrou no chat"
    return f"* {row.name} saiu do chat"


EVERY_DAY = 2
SEEDS = [pytest.param(seed, marks=[pytest.mark.deep] * (seed >= EVERY_DAY)) for seed in range(100)]


@pytest.mark.parametrize("seed", SEEDS)
def test_after_sigkill_whatever_any_client_received_is_in_the_log(
    tmp_path: Path, launch: Launch, seed: int
) -> None:
    chat = launch("--log", str(tmp_path / "log"), "--log-private-texts")
    listeners = [Listener(chat, f"u{number}", seed + number) for number in range(4)]
    for listener in listeners:
        listener.start()
    after = random.Random(seed).randrange(2_000)
    wait_for(
        lambda: sum(len(each.heard) for each in listeners) >= after,
        "enough was heard",
    )
    chat.signal(signal.SIGKILL)
    for listener in listeners:
        listener.join()
    with closing(LogReader(tmp_path / "log")) as reader:
        rows = [as_heard(entry.row) for page in reader.news() for entry in page]
    for listener in listeners:
        assert listener.heard
        rest = iter(rows)
        missing = [line for line in map(known, listener.heard) if line and line not in rest]
        assert missing == []

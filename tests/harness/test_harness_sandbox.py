"""The sandbox: an address of one's own, nothing outside, limits, and nothing left behind."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import psutil
import pytest
from harness_stage import PATIENCE_S, is_alive, program

from harness.clients.opening import Opening
from harness.clients.reactor import Reactor
from harness.deadline import Deadline
from harness.linked import LinkedOpening
from harness.targets import bytecode, sandbox
from harness.targets.instructions import clean_environment
from harness.targets.sandbox import MOST_FILE_BYTES, CannotIsolate, Inmate, Sandbox

FOREIGN = ("26.1.2.3", 9_999)
ECHO = f"""
import socket, sys
server = socket.create_server({FOREIGN!r})
print("pronto", flush=True)
while True:
    peer = server.accept()[0]
    print(peer.recv(100), flush=True)
    peer.sendall(sys.argv[1].encode())
    print(peer.recv(100), flush=True)
"""
Make = Callable[[], Sandbox]
Run = Callable[..., tuple[Inmate, "Lines"]]


class Lines:
    """What a program prints, line by line."""

    def __init__(self, descriptor: int) -> None:
        self._file = os.fdopen(descriptor, encoding="utf-8")

    def next(self) -> str:
        """Wait for the next line; empty when there are no more."""
        return self._file.readline()

    def rest(self) -> str:
        """Wait for the end."""
        return self._file.read()

    def close(self) -> None:
        self._file.close()


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Make sandboxes, each of a folder of its own; all are closed."""
    with ExitStack() as made:

        def begin() -> Sandbox:
            folder = tmp_path / str(len(os.listdir(tmp_path)))
            folder.mkdir()
            return made.enter_context(closing(Sandbox(folder, [tmp_path])))

        yield begin


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """Run Python programs in a sandbox; what they print can be read."""
    with ExitStack() as opened:

        def begin(inside: Sandbox, source: str, *arguments: str) -> tuple[Inmate, Lines]:
            path = program(tmp_path, f"alvo{len(os.listdir(tmp_path))}.py", source)
            read, written = os.pipe()
            lines = opened.enter_context(closing(Lines(read)))
            command = [sys.executable, str(path), *arguments]
            streams = (written, written, written)
            inmate = inside.spawn(command, tmp_path, clean_environment(tmp_path), streams)
            os.close(written)
            return inmate, lines

        yield begin


def test_four_have_the_same_foreign_address_at_once(make: Make, run: Run) -> None:
    places = [make() for _ in range(4)]
    printed = [run(place, ECHO, str(number))[1] for number, place in enumerate(places)]
    assert [lines.next() for lines in printed] == ["pronto\n"] * 4
    for number, place in enumerate(places):
        assert place.network.listening([]) == [FOREIGN]
        with place.network.socket() as ours:
            ours.settimeout(PATIENCE_S)
            ours.connect(FOREIGN)
            ours.sendall(b"oi")
            assert ours.recv(100) == str(number).encode()


def test_a_socket_that_we_close_is_closed(make: Make, run: Run) -> None:
    place = make()
    _, lines = run(place, ECHO, "oi")
    lines.next()
    with place.network.socket() as ours:
        ours.connect(FOREIGN)
        ours.sendall(b"oi")
        assert lines.next() == "b'oi'\n"
        assert ours.recv(100) == b"oi"
    assert lines.next() == "b''\n"


def test_who_is_carried_to_a_target_is_in_its_network(make: Make, run: Run) -> None:
    place = make()
    _, lines = run(place, ECHO, "oi")
    lines.next()
    with closing(Reactor()) as reactor:
        opening = Opening(FOREIGN, reactor, make=place.network.socket)
        carried = LinkedOpening(opening, reactor, place.network)
        with carried.take(Deadline.after(PATIENCE_S)) as ours:
            near = place.network.peer_row(ours.getsockname(), ours.getpeername())
            assert near is not None
            assert near.state == "ESTABLISHED"
        assert carried.link is not None
        carried.link.close()


def test_what_the_target_has_not_read_is_seen_in_its_own_network(make: Make, run: Run) -> None:
    place = make()
    _, lines = run(
        place,
        f"import signal, socket\nserver = socket.create_server({FOREIGN!r})\n"
        "print('pronto', flush=True)\nsignal.pause()\n",
    )
    lines.next()
    with place.network.socket() as ours:
        ours.connect(FOREIGN)
        ours.sendall(b"12345")
        row = place.network.peer_row(ours.getsockname(), FOREIGN)
        assert row is not None
        assert row.unread_bytes == 5
        assert place.network.knocking(FOREIGN) == 1


def test_a_name_that_is_looked_up_in_vain_is_seen_in_its_own_network(make: Make, run: Run) -> None:
    place = make()
    before = place.network.failed_lookups()
    _, lines = run(
        place,
        "import socket\ntry:\n    socket.gethostbyname('nao-existe.invalid')\n"
        "except OSError:\n    print('nada', flush=True)\n",
    )
    assert lines.next() == "nada\n"
    assert place.network.failed_lookups() > before


def test_nothing_outside_can_be_reached_or_written(make: Make, run: Run, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        inmate, lines = run(
            make(),
            "import os, socket, sys\n"
            f"print(socket.socket().connect_ex({listener.getsockname()!r}))\n"
            f"for path in ({str(tmp_path / 'x')!r}, '/etc/x', '/root/x'):\n"
            "    try: open(path, 'w')\n"
            "    except OSError as error: print(error.errno)\n"
            "print(os.listdir('/run'), sorted(set(os.listdir('/proc')) & set('0123456789')))\n"
            "print(os.getuid(), open('/proc/self/status').read().split('CapEff:')[1].split()[0])\n",
        )
        refused, *written, seen, who = lines.rest().splitlines()
    assert refused == "111"
    assert set(written) <= {"13", "30"}
    assert len(written) == 3
    assert seen == "['chat-verify'] ['1', '3']"
    assert who == "1000 0000000000000000"
    assert inmate.wait() == 0


def test_its_folder_is_a_bounded_copy(tmp_path: Path, run: Run) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a").write_text("ola")
    with closing(Sandbox(folder, [tmp_path])) as place:
        inmate, lines = run(
            place,
            f"import os\nos.chdir({str(folder)!r})\nprint(open('a').read())\n"
            "try:\n    for n in range(10): open(str(n), 'wb').write(bytes(1 << 26))\n"
            "except OSError as error: print(error.errno)\n",
        )
        assert lines.rest() == "ola\n28\n"
        assert inmate.wait() == 0
        with open(place.open(folder / "0"), "rb") as file:
            assert file.seek(0, os.SEEK_END) == 1 << 26
    assert MOST_FILE_BYTES < 10 << 26
    assert os.listdir(folder) == ["a"]


@pytest.mark.parametrize("kind", ["symlink", "pipe", "nothing"])
def test_only_a_regular_file_is_opened(make: Make, run: Run, tmp_path: Path, kind: str) -> None:
    place, name = make(), tmp_path / "0" / "log"
    how = {
        "symlink": f"os.symlink('/etc/passwd', {str(name)!r})",
        "pipe": f"os.mkfifo({str(name)!r})",
    }
    run(place, f"import os\n{how.get(kind, '')}")[0].wait()
    with pytest.raises(OSError, match=r"symbolic links|no regular file|No such file"):
        place.open(name)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        pytest.param(
            "import os\nwhile True: os.fork()\n",
            "it ",
            marks=pytest.mark.deep,  # for a moment nobody else gets anything done
        ),
        pytest.param(
            "import os\nos.execvp('sh', ['sh', '-c', 'while :; do sleep 99 & done'])\n",
            "it had more than 1024 processes",
            marks=pytest.mark.deep,
        ),
        ("big = b'x' * (1200 << 20)\nimport signal\nsignal.pause()\n", "it used more than 1024 MB"),
        (
            "import mmap, signal\nbig = mmap.mmap(-1, 1200 << 20)\n"
            "for _ in range(1200): big.write(bytes(1 << 20))\nsignal.pause()\n",
            "it used more than 1024 MB",
        ),
    ],
    ids=["forks without end", "starts without end", "eats memory", "eats memory it could share"],
)
def test_whoever_takes_too_much_is_killed_and_the_reason_is_known(
    make: Make, run: Run, source: str, reason: str
) -> None:
    place = make()
    inmate, _ = run(place, source)
    assert inmate.wait() == -9
    assert reason in str(place.stopped)


def test_what_ignores_every_request_to_end_is_ended_with_its_sandbox(make: Make, run: Run) -> None:
    place = make()
    _, lines = run(
        place,
        "import os, signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "if os.fork(): os._exit(0)\nos.setsid()\nprint('pronto', flush=True)\nsignal.pause()\n",
    )
    lines.next()
    ours = set(psutil.Process().children(recursive=True))
    assert len(ours) >= 3
    place.close()
    assert [p for p in ours if is_alive(p.pid)] == []
    assert lines.rest() == ""


def test_a_program_that_cannot_be_executed_is_an_error(make: Make, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("ola")
    for name, number in (("text", 13), ("nada", 2)):
        with pytest.raises(OSError, match=f"Errno {number}"):
            make().spawn([str(tmp_path / name)], tmp_path, {}, (0, 1, 2))


def test_a_sandbox_that_cannot_be_made_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bytecode, "broker", lambda: tmp_path / "nada.py")
    with pytest.raises(CannotIsolate, match=r"the sandbox broke: .*nada.py.*No such file"):
        Sandbox(tmp_path)


@pytest.mark.parametrize(
    ("program_text", "reason"),
    [
        (None, "bubblewrap is not installed; type: apt-get install bubblewrap"),
        ("#!/bin/sh\necho no namespaces >&2\nexit 1\n", "bubblewrap does not work here: no names"),
    ],
)
def test_why_there_can_be_no_sandbox_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program_text: str | None, reason: str
) -> None:
    if program_text:
        (tmp_path / "bwrap").write_text(program_text)
        (tmp_path / "bwrap").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    told = sandbox.why_not.__wrapped__()
    assert reason in str(told)


def test_there_can_be_a_sandbox_where_bubblewrap_works() -> None:
    works = subprocess.run(["bwrap", "--ro-bind", "/", "/", "true"], check=False).returncode == 0
    assert (sandbox.why_not() is None) == works


def test_nothing_of_the_machine_can_be_set_from_inside(make: Make, run: Run) -> None:
    _, lines = run(make(), "print(open('/proc/sys/kernel/core_uses_pid', 'r+').fileno())")
    assert lines.rest().splitlines()[-1].startswith("OSError: [Errno 30]")


def test_a_sandbox_cannot_be_interrupted_from_inside(make: Make, run: Run) -> None:
    place = make()
    inmate, lines = run(place, "import os, signal; os.kill(1, signal.SIGINT); print('ainda')")
    assert lines.rest().splitlines()[-1] == "ainda"
    assert inmate.wait() == 0
    assert run(place, "print('e mais um')")[1].next() == "e mais um\n"

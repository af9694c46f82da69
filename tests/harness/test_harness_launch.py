"""Starting a target: ready when it listens or says so; otherwise a sentence, and nothing left."""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import cast

import psutil
import pytest
from harness_stage import PATIENCE_S, Forgetful, Stage, described, is_alive, program

from harness import lifetimes, system
from harness.deadline import Deadline
from harness.description import DescriptionError
from harness.targets import instructions, launch
from harness.targets.instructions import clean_environment
from harness.targets.launch import Running
from harness.targets.ports import reserve
from harness.targets.process import CannotStart
from harness.targets.readiness import NotReady

LISTEN = """
import signal, socket, sys
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
"""
WAIT = "signal.pause()\n"
Start = Callable[..., Running]


@pytest.fixture
def start(stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Start the target in ``alvo.py`` beside a file with these lines under ``[launch]``."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "runs"))
    (tmp_path / "runs").mkdir()
    (tmp_path / "target").mkdir()
    running: list[Running] = []
    stage.reactor.lags = Forgetful()

    def begin(
        source: str, keys: str = "", command: str | list[str] = "python3 alvo.py {port}"
    ) -> Running:
        program(tmp_path / "target", "alvo.py", source)
        section = f"[launch]\ncommand = {json.dumps(command)}\n{keys}\n"
        description = described(tmp_path / "target", "", launch=section)
        running.append(launch.start(description, stage.reactor, stage.history, 1.0))
        return running[-1]

    yield begin
    for target in running:
        target.end(Deadline.after(0))
    assert os.listdir(tmp_path / "runs") == []


def connects(running: Running) -> None:
    with running.network.socket() as ours:
        ours.connect(running.address)


def test_a_target_is_ready_when_it_listens(start: Start) -> None:
    running = start(LISTEN + WAIT)
    assert running.address == ("127.0.0.1", running.prepared.port.port)
    connects(running)


def test_a_target_that_chose_its_own_port_is_found(start: Start) -> None:
    running = start(LISTEN + WAIT, command="python3 alvo.py 0")
    assert running.address[1] not in (0, running.prepared.port.port)


def test_of_several_ports_the_one_that_was_given_is_the_address(start: Start) -> None:
    source = LISTEN + "others = [socket.create_server(('127.0.0.1', 0)) for _ in range(3)]\n"
    running = start(f"{source}print('pronto')\n{WAIT}", 'ready = "pronto"')
    assert running.address[1] == running.prepared.port.port


def test_an_address_that_the_file_names_is_the_one_of_several(start: Start) -> None:
    other = reserve()
    source = f"{LISTEN}mine = socket.create_server(('127.0.0.1', {other.port}))\n{WAIT}"
    running = start(source, f'address = "127.0.0.1:{other.port}"')
    assert running.address == ("127.0.0.1", other.port)
    connects(running)
    other.release()


def test_whoever_listens_on_all_addresses_is_reached_at_the_one_named(start: Start) -> None:
    fixed = reserve()
    source = LISTEN.replace("127.0.0.1", "0.0.0.0") + WAIT
    address, command = f"127.0.0.1:{fixed.port}", f"python3 alvo.py {fixed.port}"
    connects(start(source, f'address = "{address}"', command))
    fixed.release()


def test_a_target_that_listens_elsewhere_than_the_file_says_is_told_so(start: Start) -> None:
    with pytest.raises(NotReady) as refused:
        start(LISTEN + WAIT, 'address = "26.1.2.3:9999"\nready_s = 3.0')
    assert re.search(
        r"^it did not listen on 26\.1\.2\.3:9999, which is its launch\.address "
        r"\(it listens on 127\.0\.0\.1:\d+\) within 3 s; it printed nothing$",
        str(refused.value),
    )


def test_a_target_is_ready_when_it_prints_where_it_listens(start: Start) -> None:
    source = LISTEN + "print('servindo em %s:%s.' % server.getsockname())\n" + WAIT
    running = start(source, 'ready = "servindo em {address}."', "python3 alvo.py 0")
    connects(running)


def test_whoever_has_shed_our_mark_and_does_not_listen_is_ended_too(start: Start) -> None:
    shed = "import os\nif 'PATH' in os.environ:\n"
    shed += "    os.execve(sys.executable, [sys.executable, *sys.argv], {})\n"
    deaf = "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    source = (
        f"import signal, sys\n{shed}{deaf}{LISTEN}print('em %s:%s' % server.getsockname())\n{WAIT}"
    )
    running = start(source, 'ready = "em {address}"')
    began_s = time.monotonic()
    running.process.end(Deadline.after(0.1))
    assert running.process.status is not None
    assert time.monotonic() - began_s < PATIENCE_S


def test_what_is_printed_for_an_address_and_is_none_is_no_address(start: Start) -> None:
    with pytest.raises(NotReady, match=r"it did not print 'em \{address\}'"):
        start(f"{LISTEN}print('em 1.2.3.4:99999')\n{WAIT}", 'ready_s = 0.3\nready = "em {address}"')


def test_a_text_that_says_ready_is_waited_for_although_it_listens(
    start: Start, stage: Stage
) -> None:
    running = start(LISTEN + "print('quase')\nprint('pronto')\n" + WAIT, 'ready = "pronto"')
    assert "pronto" in running.process.output_since(0)
    assert f"listens on 127.0.0.1:{running.prepared.port.port}" in stage.said()


@pytest.mark.parametrize(
    ("source", "keys", "sentence"),
    [
        (
            f"import signal\n{WAIT}",
            "ready_s = 0.3",
            r"^it did not listen on any TCP port within 0\.3 s; it printed nothing$",
        ),
        (
            f"{LISTEN}print('quase')\n{WAIT}",
            'ready_s = 5.0\nready = "pronto em {address}"',
            r"^it did not print 'pronto em \{address\}' within 5 s; it printed: quase\\n$",
        ),
        (
            "raise SystemExit(3)",
            "",
            r"^it ended with status 3 before it listened; it printed nothing$",
        ),
        (
            "import nada",
            "",
            r"status 1 before it listened; it printed: Traceback .* named 'nada'\\n$",
        ),
        (
            "print('x' * 9_000)\nprint('porta em uso')",
            "",
            r"status 0 before it listened; it printed: x{586}\\nporta em uso\\n$",
        ),
        (
            f"{LISTEN}server.close()",
            'ready = "pronto"',
            r"^it ended with status 0 before it listened; it printed nothing$",
        ),
    ],
    ids=["mute", "never says ready", "exits", "crashes", "talks and exits", "closes at once"],
)
def test_a_target_that_does_not_come_to_listen_is_told_and_leaves_nothing(
    start: Start, source: str, keys: str, sentence: str
) -> None:
    with pytest.raises(NotReady) as refused:
        start(source, keys)
    assert re.search(sentence, str(refused.value))
    assert [
        p for p in lifetimes.descendants() if is_alive(p.pid) and "alvo.py" in p.cmdline()
    ] == []


def test_a_target_that_was_not_ready_while_the_harness_was_late_is_not_judged(
    start: Start, stage: Stage
) -> None:
    stage.reactor.lags = []
    stage.reactor.each_turn(lambda: cast("None", Event().wait(0.1)))  # the lag itself
    with pytest.raises(NotReady, match=r"within 0\.3 s, but the harness was 0\.\d s late") as why:
        start(f"import signal\n{WAIT}", "ready_s = 0.3")
    assert not why.value.is_certain


def test_how_long_we_took_to_start_a_target_is_no_delay_of_what_is_waited_for_then(
    start: Start, stage: Stage
) -> None:
    stage.reactor.lags = []
    stage.reactor.turned -= 100.0  # as if the sandbox had taken so long
    with pytest.raises(NotReady) as why:
        start(f"import signal\n{WAIT}", "ready_s = 0.3")
    assert "100." not in str(why.value)


def test_a_launcher_that_ends_while_its_daemon_listens_is_ready(start: Start) -> None:
    source = "import os\nif os.fork():\n    os._exit(0)\nos.setsid()\n" + LISTEN + WAIT
    running = start(source)
    (daemon,) = running.process.tree()
    running.end(Deadline.after(0))
    assert not psutil.pid_exists(daemon.pid)


def test_a_command_that_cannot_be_executed_names_file_and_key(start: Start, tmp_path: Path) -> None:
    with pytest.raises(CannotStart) as refused:
        start("", command="./nada")
    file = tmp_path / "target" / "alvo.toml"
    assert str(refused.value).startswith(f"{file}: launch.command: cannot be started: ")
    assert "nada': No such file or directory" in str(refused.value)


# -- its folder -----------------------------------------------------------------------------

TELL = """
print("[" + "|".join(sorted(os.listdir())) + "]")
"""


def told(running: Running) -> str:
    return running.process.output_since(0)


def test_it_works_in_a_fresh_copy_of_its_folder(start: Start, tmp_path: Path) -> None:
    (tmp_path / "target" / "__pycache__").mkdir()
    (tmp_path / "target" / "dados.txt").touch()
    source = "import os\nopen('novo', 'w').close()\n" + TELL + LISTEN + "print('pronto')\n" + WAIT
    running = start(source, 'ready = "pronto"')
    assert "[alvo.py|alvo.toml|dados.txt|novo]" in told(running)
    assert not (tmp_path / "target" / "novo").exists()
    running.end(Deadline.after(0))
    assert not running.folder.exists()


def test_without_a_folder_it_works_in_an_empty_one(start: Start, tmp_path: Path) -> None:
    source = "import os\n" + TELL + LISTEN + "print('pronto')\n" + WAIT
    path = tmp_path / "target" / "alvo.py"
    running = start(source, 'cwd = ""\nready = "pronto"', f"python3 {path} {{port}}")
    assert "[]" in told(running)


def test_uncopied_it_works_in_the_folder_itself(start: Start, tmp_path: Path) -> None:
    source = "import os\nprint(os.getcwd())\n" + LISTEN + "print('pronto')\n" + WAIT
    assert str(tmp_path / "target") in told(start(source, 'copy = false\nready = "pronto"'))


def test_its_files_are_written_with_the_holes_filled(start: Start) -> None:
    source = f"print(open('conf/a.ini').read())\n{LISTEN}print('pronto')\n{WAIT}"
    keys = 'ready = "pronto"\n[launch.files]\n"conf/a.ini" = "{address} {{x}} {"'
    running = start(source, keys)
    assert f"127.0.0.1:{running.prepared.port.port} {{x}} {{" in told(running)


def test_a_folder_that_is_too_large_to_copy_is_refused(
    start: Start, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(instructions, "MOST_COPIED_BYTES", 2 << 20)
    (tmp_path / "target" / "filme.bin").write_bytes(bytes(3 << 20))
    with pytest.raises(
        DescriptionError, match=r"holds more than 2 MB.*or set launch\.copy = false"
    ):
        start("")


def test_what_is_never_copied_does_not_count(
    start: Start, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(instructions, "MOST_COPIED_BYTES", 2 << 20)
    (tmp_path / "target" / ".git").mkdir()
    (tmp_path / "target" / ".git" / "pack").write_bytes(bytes(3 << 20))
    assert start(LISTEN + WAIT)


def test_a_folder_with_something_that_cannot_be_copied_names_it(
    start: Start, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "target" / "cano")
    with pytest.raises(DescriptionError, match=r"launch\.cwd: .*/cano cannot be copied: "):
        start("")


def test_a_file_that_cannot_be_written_there_is_named(start: Start, tmp_path: Path) -> None:
    (tmp_path / "target" / "laço").symlink_to("laço")
    for name in ("alvo.py/porta.txt", "laço/porta.txt", "."):
        with pytest.raises(DescriptionError, match=r"launch\.files: "):
            start("", f'[launch.files]\n"{name}" = "8080"')


# -- its environment ------------------------------------------------------------------------

SHOW = f"import os\nprint(sorted(os.environ))\n{LISTEN}print('pronto')\n{WAIT}"


def test_nothing_of_our_environment_reaches_it(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONUNBUFFERED", "1")
    monkeypatch.setenv("COVERAGE_PROCESS_START", "/tmp/x.toml")
    monkeypatch.setenv("DISPLAY", ":0")
    running = start(SHOW, 'ready = "pronto"')
    names = ["CHAT_VERIFY_LAUNCH", "HOME", "LANG", "PATH", "TERM", "TMPDIR"]
    assert re.sub(r"'LC_CTYPE', ", "", told(running)).startswith(f"{names}\n")


def test_what_its_file_sets_reaches_it(start: Start) -> None:
    source = f"import os\nprint(os.environ['PORTA'])\n{LISTEN}print('pronto')\n{WAIT}"
    running = start(source, 'ready = "pronto"\nenv = {PORTA = "<{port}>"}')
    assert f"<{running.prepared.port.port}>" in told(running)


def test_a_python_target_finds_our_interpreter_first() -> None:
    env = clean_environment(Path("/casa"))
    assert env["PATH"].split(":")[0] == str(Path(sys.executable).parent)


def test_the_reference_is_started_from_its_package_not_from_a_file_of_that_name(
    start: Start, tmp_path: Path
) -> None:
    (tmp_path / "target" / "chat.py").write_text("raise SystemExit('um outro chat')")
    shipped = system.load("reference-server").description.launch
    assert shipped is not None
    running = start("", f'ready = "{shipped.ready}"', shipped.command)
    assert running.address[0] == "127.0.0.1"


@pytest.mark.parametrize("name", ["reference-server", "naive-server"])
def test_a_shipped_server_starts_and_ends(stage: Stage, name: str) -> None:
    running = launch.start(system.load(name).description, stage.reactor, stage.history, 1.0)
    connects(running)
    running.end(Deadline.after(5))
    assert not running.folder.exists()
    assert running.process.tree() == []

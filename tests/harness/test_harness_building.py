"""Building a target once: each start has a copy of what the build left, and a failure is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from harness_stage import Stage, described

from harness.deadline import Deadline
from harness.description import Description, DescriptionError
from harness.targets import instructions, launch
from harness.targets.building import BuildFailed, build

SERVER = "import signal, socket, sys; s = socket.create_server(('127.0.0.1', int(sys.argv[1])))"
WRITE = f"open('servidor.py', 'w').write({f'{SERVER}; signal.pause()'!r}); print('feito')"


def target(folder: Path, build: list[str], keys: str = "") -> Description:
    """A target whose server is written by its build."""
    section = (
        f'[launch]\ncommand = "python3 servidor.py {{port}}"\nbuild = {json.dumps(build)}\n{keys}\n'
    )
    (folder / "alvo").mkdir()
    return described(folder / "alvo", "", launch=section)


def test_each_start_has_what_the_build_left(stage: Stage, tmp_path: Path) -> None:
    description = target(tmp_path, ["python3", "-c", WRITE])
    built = build(description, tmp_path / "built", stage.reactor, 1.0)
    for _ in range(2):
        running = launch.start(built, stage.reactor, stage.history, 1.0)
        assert running.address == ("127.0.0.1", running.prepared.port.port)
        running.end(Deadline.after(0))
    assert [path.name for path in (tmp_path / "alvo").iterdir()] == ["alvo.toml"]


def test_a_target_with_nothing_to_build_is_returned_as_it_is(stage: Stage, tmp_path: Path) -> None:
    description = described(tmp_path, "")
    assert build(description, tmp_path / "built", stage.reactor, 1.0) is description
    assert not (tmp_path / "built").exists()


@pytest.mark.parametrize(
    ("command", "keys", "sentence"),
    [
        (
            ["python3", "-c", "print('erro na linha 7'); raise SystemExit(2)"],
            "",
            r"raise SystemExit\(2\)\) failed with status 2; it printed: erro na linha 7\\n$",
        ),
        (["nada"], "", r"^launch\.build cannot be started: '.*nada': No such file"),
        (
            ["sleep", "60"],
            "build_s = 0.3",
            r"^launch\.build \(sleep 60\) did not end in 0\.3 s; it printed nothing$",
        ),
    ],
    ids=["fails", "does not exist", "never ends"],
)
def test_a_build_that_does_not_succeed_is_told(
    stage: Stage, tmp_path: Path, command: list[str], keys: str, sentence: str
) -> None:
    with pytest.raises(BuildFailed, match=sentence):
        build(target(tmp_path, command, keys), tmp_path / "built", stage.reactor, 1.0)
    assert not (tmp_path / "built").exists()


def test_a_build_that_leaves_too_much_to_copy_is_told(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instructions, "MOST_COPIED_BYTES", 2 << 20)
    command = ["python3", "-c", "open('filme.bin', 'wb').write(bytes(3 << 20))"]
    with pytest.raises(DescriptionError, match=r"holds more than 2 MB"):
        build(target(tmp_path, command), tmp_path / "built", stage.reactor, 1.0)


def test_a_build_cannot_write_outside_its_folder(stage: Stage, tmp_path: Path) -> None:
    lure = f"import os; os.symlink({str(tmp_path)!r}, 'atalho'); open('atalho/fora', 'w')"
    build(target(tmp_path, ["python3", "-c", lure]), tmp_path / "built", stage.reactor, 1.0)
    assert (tmp_path / "built" / "atalho").is_symlink()
    assert not (tmp_path / "fora").exists()


def test_nothing_is_left_of_a_build_but_files_without_privileges(
    stage: Stage, tmp_path: Path
) -> None:
    special = "import os; os.mkfifo('tubo'); open('p', 'w').close(); os.chmod('p', 0o4755)"
    build(target(tmp_path, ["python3", "-c", special]), tmp_path / "built", stage.reactor, 1.0)
    assert not (tmp_path / "built" / "tubo").exists()
    assert (tmp_path / "built" / "p").stat().st_mode & 0o7000 == 0


def test_what_has_not_been_built_is_not_started(stage: Stage, tmp_path: Path) -> None:
    with pytest.raises(DescriptionError, match=r"launch\.build has not been run"):
        launch.start(target(tmp_path, ["true"]), stage.reactor, stage.history, 1.0)

"""The doctor: what this machine has, and the line to type for what it lacks."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from harness import doctor
from harness.doctor import Module, Need

MISSING = [Need("nenhumd", "nenhum", "RF-099"), Need("outrod", "um-pacote-de-nome-muito-longo", "")]
LINE = (
    "  sudo sh -c 'apt-get update && apt-get install --yes nenhum um-pacote-de-nome-muito-longo'\n"
)


class Paper:
    """A narrow console that remembers."""

    def __init__(self, width: int = 70) -> None:
        self.file = io.StringIO()
        self.console = Console(file=self.file, width=width)

    def __str__(self) -> str:
        return self.file.getvalue()


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose programs lie in one folder; its apt-get only writes down what it was told."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setattr(doctor, "SYSTEM_PATH", str(folder))
    monkeypatch.setattr(doctor, "clean_environment", lambda _home: {"PATH": f"{folder}:/bin"})
    monkeypatch.delenv("CHAT_VERIFY_INSTALL", raising=False)
    return folder


def put(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def apt(folder: Path, status: int = 0) -> None:
    put(
        folder,
        "apt-get",
        f'echo "$DEBIAN_FRONTEND $*" >> {folder}/told\necho ai >&2\nexit {status}',
    )


def test_what_is_there_and_what_is_missing_is_shown(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = Need("aquid", "aqui", "RF-001")
    put(machine, "aquid", "")
    monkeypatch.setattr(doctor, "NEEDS", (here, MISSING[0]))
    paper = Paper(width=200)
    assert doctor.examine(paper.console) == [MISSING[0]]
    rows = [[cell.strip() for cell in line.split("│")[1:4]] for line in str(paper).splitlines()]
    assert ["aquid", "yes", "RF-001"] in rows
    assert ["nenhumd", "missing", "RF-099"] in rows


def test_a_machine_with_too_few_descriptors_is_told_so(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("resource.getrlimit", lambda _what: (256, 512))
    paper = Paper(width=200)
    doctor.examine(paper.console)
    assert "256, at most 512 (too few)" in str(paper)


def test_asked_not_to_install_it_prints_the_line_to_type(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    apt(machine)
    monkeypatch.setenv("CHAT_VERIFY_INSTALL", "0")
    monkeypatch.setattr("os.geteuid", lambda: 0)
    paper = Paper()
    doctor.install(MISSING, paper.console)
    assert str(paper) == f"Not installed (CHAT_VERIFY_INSTALL=0). Type:\n{LINE}"
    assert not (machine / "told").exists()


@pytest.mark.parametrize("sudo", [None, "exit 1"])
def test_without_the_right_to_install_it_prints_the_line_to_type(
    machine: Path, monkeypatch: pytest.MonkeyPatch, sudo: str | None
) -> None:
    apt(machine)
    if sudo:
        put(machine, "sudo", sudo)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    paper = Paper()
    doctor.install(MISSING, paper.console)
    assert str(paper) == f"Not installed (this needs an administrator). Type:\n{LINE}"


def test_a_machine_without_apt_cannot_install(machine: Path) -> None:
    paper = Paper()
    doctor.install(MISSING, paper.console)
    assert "this needs an administrator" in str(paper)


@pytest.mark.parametrize("user", [0, 1000])
def test_it_installs_all_that_is_missing_at_once(
    machine: Path, monkeypatch: pytest.MonkeyPatch, user: int
) -> None:
    apt(machine)
    put(machine, "sudo", 'shift; exec "$@"')
    monkeypatch.setattr("os.geteuid", lambda: user)
    paper = Paper()
    doctor.install(MISSING, paper.console)
    assert (machine / "told").read_text() == (
        "noninteractive --quiet update\n"
        "noninteractive --quiet install --yes nenhum um-pacote-de-nome-muito-longo\n"
    )


def test_an_installation_that_fails_is_told_and_goes_no_further(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    apt(machine, status=100)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    paper = Paper()
    doctor.install(MISSING, paper.console)
    assert "apt-get update failed: ai\n" in str(paper)
    assert (machine / "told").read_text().count("\n") == 1


def test_every_need_names_what_cannot_be_run_without_it() -> None:
    assert all(need.package and need.used_for for need in doctor.NEEDS)


def test_a_module_of_python_is_looked_for_in_this_python() -> None:
    assert Module("json", "python3", "RF-001").is_met
    assert not Module("nenhum_modulo", "python3-nenhum", "RF-001").is_met

"""Wrong use and broken input: one clear sentence, exit code 2, never a traceback.

The command is called in this process, which is quicker than a process for each of many mistakes;
one of each kind is made as a user would make it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from harness.__main__ import WRONG_USE

Verify = Callable[..., object]
GOOD = '[launch]\ncommand = "python3 x.py"\n'
BROKEN_FILES = {
    "x =": "is not TOML",
    '[lanch]\ncommand = "x"': "did you mean 'launch'",
    "": "there is no [launch]",
    "[launch]\ncommand = 3": "launch.command",
    '[launch]\ncommand = ""': "launch.command is empty",
    '[launch]\ncommand = "python3 \'x"': "No closing quotation",
    '[launch]\ncommand = "no-such-program-anywhere"': "there is no program",
    '[launch]\ncommand = "python3 a\\u0000b"': "launch.command: 'a\\x00b' has a NUL",
    GOOD + 'cwd = "a\\u0000b"': "launch.cwd: 'a\\x00b' has a NUL",
    GOOD + 'cwd = "laço"': "launch.cwd: there is no folder",
    GOOD + '[launch.files]\n"a\\u0000b" = ""': "launch.files: 'a\\x00b' has a NUL",
    GOOD + '[launch.env]\nPORTA = "a\\u0000b"': "has a NUL",
    GOOD + '[launch.env]\n"A=B" = "c"': "launch.env: 'A=B' is not the name of a variable",
    f"x = {'[' * 3_000}{']' * 3_000}": "is nested too deeply",
    GOOD + '[target]\nrole = "peer"': "target.role",
    GOOD + '[target]\ndialect = "klingon"': "there is no dialect 'klingon'",
    GOOD + '[wire]\nframing = "lines"': "there is no framing 'lines'",
    GOOD + '[wire]\nencoding = "utf-9"': "there is no encoding 'utf-9'",
    GOOD + '[send]\nprivat = "x"': "did you mean 'private'",
    GOOD + '[send]\nmessage = "{texto}"': "{texto} is not a hole",
    GOOD + '[send]\n"\\u001b]0;x" = "y"': "send.\\x1b]0;x: there is no such key",
    GOOD + '[receive]\njoined = "entrou"': "needs {name}",
    GOOD + '[receive]\njoined = "{name} x"\nleft = "{name} x"': "cannot be told apart",
    GOOD + '[receive]\nleft = "re:({name}"': "is not a regular expression",
}


@pytest.mark.parametrize("content", BROKEN_FILES, ids=BROKEN_FILES.values())
def test_a_broken_target_file_is_explained(content: str, tmp_path: Path, call: Verify) -> None:
    file = tmp_path / "alvo.toml"
    (tmp_path / "laço").symlink_to("laço")
    file.write_text(content, encoding="utf-8")
    assert_refused(call("run", str(file)), BROKEN_FILES[content], "alvo.toml")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "nowhere.toml"], "there is no such file"),
        (["run", "reference-sever"], "no shipped target of that name"),
        (["run", "--only", "RF-041"], "there is no requirement or observation 'RF-041'"),
        (["run", "--only", "RF-1"], "did you mean RF-0"),
        (["run", "ngircd", "--role", "client"], "is a server"),
        (["run", "--role", "referee"], "referee"),
        (
            ["run", "ngircd", "naive-server"],
            "one server at a time, please; there are 2: ngircd, naive",
        ),
        (["run", "--jobs", "0"], "jobs"),
        (["run", "--time-scale", "inf"], "--time-scale: inf is no number of times"),
        (["run", "--only", ","], "--only: ',' names nothing"),
        (["run", "--report", "/proc/here"], "/proc/here"),
        (["run", "--profile", "direct,fragmentd"], "fragmentd"),
        (["report", "nowhere"], "nowhere"),
        (["frobnicate"], "frobnicate"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_wrong_use_is_explained(arguments: list[str], words: str, call: Verify) -> None:
    assert_refused(call(*arguments), words)


def test_a_report_in_a_loop_of_links_is_explained(tmp_path: Path, call: Verify) -> None:
    (tmp_path / "laço").symlink_to("laço")
    for folder in ("laço", "laço/relatório"):
        assert_refused(call("run", "ngircd", "--report", str(tmp_path / folder)), "laço")


def test_a_command_that_does_not_exist_is_explained_to_a_user(chat_verify: Verify) -> None:
    assert_refused(chat_verify("frobnicate"), "frobnicate")


def test_a_target_file_that_is_not_text_is_explained_to_a_user(
    tmp_path: Path, chat_verify: Verify
) -> None:
    (tmp_path / "alvo.toml").write_bytes(b"\xff\xfe\x00")
    assert_refused(chat_verify("run", "alvo.toml"), "is not UTF-8")


def assert_refused(done: object, *words: str) -> None:
    """Check the exit code and the words, and that there is no traceback."""
    output = f"{getattr(done, 'stdout', '')}{getattr(done, 'stderr', '')}"
    folded = " ".join(output.replace("│", " ").split())
    status = getattr(done, "returncode", getattr(done, "exit_code", None))
    assert status == WRONG_USE, output
    assert isinstance(getattr(done, "exception", None), SystemExit | None)
    assert "Traceback" not in output
    for word in words:
        assert word in folded, output

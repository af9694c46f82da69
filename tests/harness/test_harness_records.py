"""What is written down: the history, the results of the workers, the plan; and promises."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from harness_stage import vocabulary
from hypothesis import given
from hypothesis import strategies as st

from harness.history import History, readable
from harness.plan import Plan
from harness.promises import Promises
from harness.results import Begun, Collected, FindingRecord, Line, Over, Said, Tail, append
from harness.sections import Limits, Names
from harness.verdict import Scope, Verdict
from spec import limits

# -- the history ----------------------------------------------------------------------------


@given(st.binary(max_size=200))
def test_any_bytes_are_shown_as_one_harmless_line(data: bytes) -> None:
    shown = readable(data)
    assert shown.isprintable()
    assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u202e]", shown)


def test_a_chunk_that_is_too_long_is_shortened_with_its_size() -> None:
    assert readable(b"a" * 9_000, most=10) == "aaaaaaaaaa… (9000 bytes)"


def test_entries_are_stamped_in_the_order_of_one_clock() -> None:
    history = History()
    entries = [history.record("ana", ">", f"{number}") for number in range(50)]
    assert history.entries == entries
    assert [e.at_s for e in entries] == sorted(e.at_s for e in entries)
    assert 0 <= entries[0].at_s <= entries[-1].at_s <= history.now_s()


def test_a_history_is_written_as_lines_of_json(tmp_path: Path) -> None:
    history = History()
    history.record("ana", ">", "Olá\n".encode())
    history.record("target", "=", "listens")
    history.write(tmp_path / "folder" / "h.jsonl")
    lines = (tmp_path / "folder" / "h.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["what"] for line in lines] == ["Olá\\n", "listens"]
    assert json.loads(lines[0])["who"] == "ana"
    assert json.loads(lines[1])["mark"] == "="


# -- the results ----------------------------------------------------------------------------

OVER = Over(
    scenario="private/x@direct",
    sentence="A sentence.",
    profile="direct",
    observations={"RF-014.1": Said(Verdict.FAILED, 2, "a reason")},
    duration_s=1.5,
    figures={"start_s": 0.1},
    evidence=["0.1 s ana: saw it"],
    history="histories/x.jsonl",
    findings=[FindingRecord("flood", "RF-014.1", "much")],
)
LINES: list[Line] = [Collected({"a/b": ["RF-001.1"]}), Begun("a/b"), OVER]


def test_every_kind_of_line_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    for line in LINES:
        append(tmp_path, "gw0", line)
    assert Tail(tmp_path).new() == LINES


def test_each_line_is_read_once_also_from_files_that_come_later(tmp_path: Path) -> None:
    tail = Tail(tmp_path)
    assert tail.new() == []
    append(tmp_path, "gw1", LINES[0])
    assert tail.new() == [LINES[0]]
    append(tmp_path, "gw0", LINES[1])
    append(tmp_path, "gw1", LINES[2])
    assert tail.new() == [LINES[1], LINES[2]]
    assert tail.new() == []


def test_a_line_cut_short_by_a_kill_waits_for_its_end(tmp_path: Path) -> None:
    append(tmp_path, "gw0", LINES[1])
    file = tmp_path / "gw0.jsonl"
    whole = file.read_bytes()
    tail = Tail(tmp_path)
    for size in range(len(whole)):
        os.truncate(file, size)
        assert tail.new() == []
        file.write_bytes(whole)
    assert tail.new() == [LINES[1]]


# -- the plan -------------------------------------------------------------------------------


def test_a_plan_is_read_back_as_it_was_saved(tmp_path: Path) -> None:
    plan = Plan(
        targets={"server": "/x.toml"},
        sides=["server"],
        only=["RF-014"],
        profiles=["direct", "delayed"],
        seed=7,
        scale=2.0,
        spool="s",
        report="r",
    )
    plan.save(tmp_path / "plan.json")
    assert Plan.load(tmp_path / "plan.json") == plan
    assert plan.scope == Scope(frozenset({"server"}), frozenset({"RF-014"}))


# -- promises -------------------------------------------------------------------------------


def promises(
    alphabet: str = "", longest: int | None = None, text: int | None = None, framed: bool = True
) -> Promises:
    names = Names(alphabet=alphabet, max=longest)
    return Promises(names, Limits(text_bytes=text), framed, limits.load())


@pytest.mark.parametrize(
    ("text", "framed", "size"), [(100, True, 100), (None, True, 4095), (None, False, 512)]
)
def test_the_longest_text_is_what_is_promised_or_what_is_usual(
    text: int | None, framed: bool, size: int
) -> None:
    assert promises(text=text, framed=framed).longest_text_bytes == size


def test_a_name_is_accepted_when_all_its_characters_are() -> None:
    assert promises().accepts("José")
    assert promises("a-z").accepts("jose")
    assert not promises("a-z").accepts("josé")


@pytest.mark.parametrize(("longest", "size"), [(20, 21), (None, 400), (9, 10)])
def test_a_name_that_is_too_long_is_so_by_one(longest: int | None, size: int) -> None:
    name = promises(longest=longest).invalid_name("too-long", vocabulary())
    assert len(name) == size
    assert name.isalpha()


@pytest.mark.parametrize(
    ("alphabet", "character"), [("", "\x1b"), ("a-z", "!"), ("a-z!", "*"), ("a-z!*:", "\x1b")]
)
def test_a_forbidden_name_has_the_mildest_character_that_is_refused(
    alphabet: str, character: str
) -> None:
    name = promises(alphabet).invalid_name("forbidden", vocabulary())
    assert name[3] == character
    assert name.replace(character, "").isalpha()


def test_a_blank_name_is_a_blank() -> None:
    assert promises().invalid_name("blank", vocabulary()) == " "

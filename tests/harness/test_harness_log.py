"""What a log must hold of what clients saw, and what its times may mean: sentences or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from harness_stage import described, vocabulary
from hypothesis import given
from hypothesis import strategies as st

from harness.checkers.log import hidden_loss, misplaced, repeated, unlogged
from harness.checkers.times import mistimed, read
from harness.description import DescriptionError
from harness.dialects.dialect import compile_dialect
from harness.expect import Event, Kind
from harness.system import load

NOW = datetime(2026, 3, 4, 12, 30, 0, tzinfo=UTC)
RUN = (NOW - timedelta(seconds=20), NOW)
LOG = """
[log]
file    = "log.txt"
joined  = "{time} + {name}"
left    = "{time} - {name}"
message = "{time} {from}: {text}"
private = "{time} {from} > {to} ({number})"
gap     = "! {number} lost{rest}"
"""


def said(text: str, sender: str = "ana") -> Event:
    return Event(Kind.MESSAGE, {"from": sender, "text": text}, 0.0, f"{sender}: {text}")


def came(name: str) -> Event:
    return Event(Kind.JOINED, {"name": name}, 0.0, f"+ {name}")


def lost(number: int) -> Event:
    return Event(Kind.GAP, {"number": str(number)}, 0.0, f"! {number} lost")


def timed(*times: str) -> list[Event]:
    return [
        Event(Kind.JOINED, {"name": "ana", "time": time}, 0.0, f"{time} + ana") for time in times
    ]


# -- what it holds --------------------------------------------------------------------------

words = st.lists(st.sampled_from("abcdefgh"), unique=True)


@given(words)
def test_a_log_of_all_that_was_seen_has_nothing_against_it(texts: list[str]) -> None:
    seen = [came("ana"), *map(said, texts)]
    assert unlogged(seen, seen, "bia") is None
    assert misplaced(seen, seen, "bia") is None
    assert repeated(seen, Kind.MESSAGE, Kind.JOINED) is None
    assert hidden_loss(texts, seen) is None


@given(words.filter(bool), st.data())
def test_what_one_saw_and_the_log_lacks_is_found(texts: list[str], data: st.DataObject) -> None:
    missing = data.draw(st.sampled_from(texts))
    log = [said(text) for text in texts if text != missing]
    reason = unlogged([said(text) for text in texts], log, "bia")
    assert reason == f"the log does not have 'ana: {missing}', which bia received"
    assert hidden_loss(texts, log) is not None
    assert hidden_loss(texts, [*log, lost(1)]) is None


@given(words.filter(bool), st.data())
def test_what_the_log_has_twice_is_found(texts: list[str], data: st.DataObject) -> None:
    twice = data.draw(st.sampled_from(texts))
    log = [said(text) for text in [*texts, twice]]
    assert repeated(log, Kind.MESSAGE) == f"the log has 2 times: 'ana: {twice}'"
    assert repeated(log, Kind.JOINED) is None


@given(st.permutations("abcde"))
def test_only_the_order_seen_is_right(order: Sequence[str]) -> None:
    seen, log = [said(text) for text in "abcde"], [said(text) for text in order]
    assert (misplaced(seen, log, "bia") is None) == (list(order) == list("abcde"))


def test_words_in_the_log_are_those_of_who_said_them() -> None:
    reason = unlogged([said("oi", "ana")], [said("oi", "caio")], "bia")
    assert reason == "the log has 'caio: oi', and bia received 'ana: oi'"


def test_what_a_log_need_not_hold_is_not_asked_for() -> None:
    assert unlogged([Event(Kind.GOODBYE, {}, 0.0, "adeus")], [], "bia") is None


def test_a_gap_stands_for_no_more_than_it_says() -> None:
    assert hidden_loss(["a", "b"], [lost(1)]) == "the log shows 1 lost, and 2 texts are missing"
    assert hidden_loss(["a"], []) == "the log shows no gap, and 1 texts are missing, the first a"
    assert hidden_loss(["a", "b"], [Event(Kind.GAP, {}, 0.0, "!")]) is None


# -- its times ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "time",
    [
        "2026-03-04T12:29:50.123Z",
        "2026-03-04 12:29:50,123",
        "2026-03-04T09:29:50-03:00",
        "04/03/2026 12:29:50",
        "12:29:50",
        "12:29:50.5",
        "12:29",
        "12:29:50 PM",
        str(int(NOW.timestamp()) - 10),
        str(int(NOW.timestamp() - 10) * 1_000 + 7),
        "04/03 12:29",
        "04-03-2026 12:29:50",
        "04.03.2026 12:29:50.5",
        "04/03/2026, 12:29:50",
        "03/04/2026 12:29:50 PM",
        "2026/03/04 12:29",
    ],
)
def test_a_time_within_the_run_is_taken_however_it_is_written(time: str) -> None:
    assert mistimed(timed(time), *RUN) is None


@pytest.mark.parametrize(
    "time",
    ["2026-03-05T12:29:50Z", "2025-03-04T12:29:50Z", "04/03/2026 12:31:50", "1000000000"],
)
def test_a_time_outside_of_the_run_is_found(time: str) -> None:
    assert mistimed(timed(time), *RUN) == f"the time of '{time} + ana' lies outside of the run"


@pytest.mark.parametrize("time", ["", "99", "12.30.99", "2026-13-01T00:00:00Z"])
def test_what_is_no_time_is_found(time: str) -> None:
    assert read(time, NOW) is None
    assert "is no time that can be read" in (mistimed(timed(time), *RUN) or "")


@pytest.mark.parametrize("form", ["2026-03-04T12:29:{}Z", "12:29:{}"])
def test_a_time_that_goes_back_is_found(form: str) -> None:
    back = timed(form.format(52), form.format(51))
    assert mistimed(back, *RUN) == f"the time goes back at '{form.format(51)} + ana'"
    assert mistimed(back[::-1], *RUN) is None


def test_a_clock_without_a_date_may_begin_a_new_day() -> None:
    midnight = datetime(2026, 3, 5, tzinfo=UTC)
    night = (midnight - timedelta(seconds=5), midnight + timedelta(seconds=5))
    assert mistimed(timed("23:59:58", "00:00:01"), *night) is None


# -- how a target file describes it -----------------------------------------------------------


def test_the_lines_of_a_log_are_read_as_described_and_others_mean_nothing(tmp_path: Path) -> None:
    words = vocabulary()
    ana, bia, text = words.name("ana"), words.name("bia"), words.nonce()
    lines = [
        f"12:00:01 + {ana}",
        "12:00:01 from 127.0.0.1:5050",
        f"12:00:02 {ana}: {text}",
        f"12:00:03 {ana} > {bia} (12)",
        "! 3 lost in the end",
        "12:00:04 + nobody",
    ]
    dialect = compile_dialect(described(tmp_path, LOG))
    entries = dialect.read_log("\n".join(lines).encode() + b"\xff\n" * 9_000, words)
    assert [entry.kind for entry in entries] == ["joined", "message", "private", "gap"]
    assert entries[1].fields == {"time": "12:00:02", "from": ana, "text": text}
    assert [entry.at_s for entry in entries] == [1, 3, 4, 5]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('file    = "log.txt"', "", "log: A log has either file or command"),
        ("[log]", '[log]\ncommand = "x"', "log: A log has either file or command"),
        ('left    = "{time} - {name}"', "", "log: Object missing required field left"),
        ("joined ", "joinde ", "log.joinde: there is no such key (did you mean 'joined'?)"),
        ("- {name}", "- {nome}", "log.left = '{time} - {nome}': {nome} is not a hole"),
        ("- {name}", "- ", "log.left = '{time} - ': needs {name}"),
        (": {text}", ":: ", "log.message = '{time} {from}:: ': needs {text}"),
        ("- {name}", "+ {name}", "cannot be told apart"),
        ("log.txt", "{dri}", "log.file: {dri} is not a hole here"),
        ('file    = "log.txt"', 'command = "cat \'"', 'log.command = "cat \'": No closing'),
    ],
)
def test_a_log_that_cannot_be_used_is_told(
    old: str, new: str, problem: str, tmp_path: Path
) -> None:
    file = tmp_path / "alvo.toml"
    file.write_text('[launch]\ncommand = "true"\n' + LOG.replace(old, new), encoding="utf-8")
    with pytest.raises(DescriptionError) as told:
        load(str(file))
    assert problem in str(told.value)


def test_a_gap_is_nothing_that_a_client_receives(tmp_path: Path) -> None:
    with pytest.raises(DescriptionError, match=r"receive\.gap: there is no such key"):
        described(tmp_path, '[receive]\ngap = "!!! {rest}"')

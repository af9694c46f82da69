"""The end of a scenario: what has ended, by whom, and what is left."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from harness_stage import open_room, said_of

from harness.ending import crash_in
from harness.expect import echo, message
from harness.room import Room
from harness.verdict import Contradicted, Verdict

Open = Callable[..., Room]


def test_a_traceback_on_the_screen_is_a_finding_and_explains_every_reason(room: Open) -> None:
    stage = room("crashes", "doubles")
    ana, bia = stage.join("ana", "bia")
    bia.expects(message(ana, ana.says()))
    stage.pump(lambda: "RuntimeError: um erro" in stage.running.process.output_since(0), 20.0)
    verdict, reason = said_of(stage)
    assert verdict is Verdict.FAILED
    assert reason.endswith("; the server printed a traceback: RuntimeError: um erro")
    assert [(f.kind, f.detail) for f in stage.findings] == [("traceback", "RuntimeError: um erro")]


def test_a_server_that_ended_by_itself_explains_every_reason(room: Open) -> None:
    stage = room("dies")
    ana, bia = stage.join("ana", "bia")
    text = ana.says()
    with stage.about("RF-001.1"):
        bia.expects(message(ana, text), within_s=1.0)
    stage.pump(lambda: stage.running.process.status is not None, 20.0)
    _verdict, reason = said_of(stage)
    assert "; the server had ended by itself with status 3: " in reason
    assert reason.endswith("adeus, mundo")


def test_a_server_that_ended_by_itself_is_to_blame_also_where_the_harness_was_late(
    room: Open,
) -> None:
    stage = room("dies")
    ana, bia = stage.join("ana", "bia")
    stage.reactor.lags = [(time.monotonic(), 5.0)]
    with pytest.raises(Contradicted, match="its connection had ended"):
        bia.expects(message(ana, ana.says()))


def test_who_could_not_leave_because_the_server_has_ended_is_a_contradiction(room: Open) -> None:
    stage = room("dies")
    ana, bia = stage.join("ana", "bia")
    ana.says()
    stage.pump(lambda: not bia.client.is_open, 20.0)
    with pytest.raises(
        Contradicted, match=r"^the server has ended: bia.* could not leave by rst: the"
    ):
        stage.leave(bia, "rst")


def test_everything_is_released_in_the_end(tmp_path: Path) -> None:
    stage = open_room(tmp_path)
    ana, _bia = stage.join("ana", "bia")
    stranger = stage.connect_only()
    stage.finish()
    stage.close()
    assert not stage.running.folder.exists()
    assert not ana.client.is_open
    assert not stranger.is_open
    assert stage.running.process.tree() == []


def test_all_hear_what_one_says_its_sender_too(room: Open) -> None:
    stage = room()
    ana, bia = stage.join("ana", "bia")
    text = ana.says()
    stage.all_expect(echo(ana, text))
    assert stage.views() == {ana.name: ana.events, bia.name: bia.events}
    stage.judge_views(lambda view, _name: None if view else "nothing")
    with pytest.raises(Contradicted, match=f"^{ana.name} was judged$"):
        stage.judge_views(lambda _view, name: f"{name} was judged")


@pytest.mark.parametrize(
    ("output", "crash"),
    [
        ("tudo bem", None),
        (
            'Traceback (most recent call last):\n  File "x", line 1\n    a\nValueError: não\n',
            "ValueError: não",
        ),
        ("Traceback (most recent call last):\n  File", ":\\n  File"),
        (
            'Traceback (most recent call last):\n  File "x"\nana entrou\nRuntimeError: não\n',
            "RuntimeError: não",
        ),
    ],
)
def test_the_last_line_of_a_traceback_says_what_it_was(output: str, crash: str | None) -> None:
    assert crash_in(output) == crash


def test_a_flood_is_a_finding_with_a_sample(room: Open) -> None:
    stage = room("floods")
    ana, bia = stage.join("ana", "bia")
    text = ana.says()
    stage.pump(lambda: bia.copies_of(text) == 1, 20.0)
    stage.finish()
    assert [finding.kind for finding in stage.findings] == ["flood", "flood"]
    assert re.match(rf"{ana.name} received 96\d\d\d bytes: ruido ruido", stage.findings[0].detail)


def test_a_check_that_cannot_be_made_in_the_end_hides_no_other(room: Open) -> None:
    stage = room(covers=("RF-001.1", "RF-001.2"))
    stage.join("ana")

    def cannot_look() -> str | None:
        raise Contradicted("the log is gone")

    with stage.about("RF-001.1"):
        stage.in_the_end(cannot_look)
    with stage.about("RF-001.2"):
        stage.in_the_end(lambda: "too much in the end")
    stage.finish()
    said = {observation: why.reason for observation, why in stage.ledger.stops.items()}
    assert said == {"RF-001.1": "the log is gone", "RF-001.2": "too much in the end"}

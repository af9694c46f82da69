"""The limits: the shipped values, and every refusal with its place."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, asdict
from pathlib import Path

import pytest

from spec.limits import Limits, SpecError, load
from spec.tables import shipped

SHIPPED = shipped("limits.toml").read_text(encoding="utf-8")


def load_text(tmp_path: Path, text: str) -> Limits:
    path = tmp_path / "limits.toml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def test_the_limits_that_judge_every_target() -> None:
    assert asdict(load().judging) == {
        "notice_s": 2.0,
        "stalled_s": 15.0,
        "latency_p99_s": 0.25,
        "screen_latency_p99_s": 0.25,
        "freeze_s": 0.1,
        "connection_failure_s": 10.0,
        "server_loss_s": 2.0,
        "server_silence_s": 15.0,
        "observation_s": 5.0,
        "memory_growth_bytes_per_1000": 1_000_000,
        "warm_up_connections": 500,
        "unframed_text_bytes": 512,
    }


def test_the_bounds_of_the_wire_protocol() -> None:
    assert asdict(load().protocol) == {
        "host": "127.0.0.1",
        "port": 5050,
        "client_line_bytes": 4096,
        "server_line_bytes": 16384,
        "users_line_bytes": 4096,
        "name_max": 20,
        "name_tries": 3,
        "name_deadline_s": 30.0,
        "credit_lines": 16,
    }


def test_limits_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        load().judging.notice_s = 60.0  # type: ignore[misc]


def test_seconds_may_be_written_without_a_fraction(tmp_path: Path) -> None:
    seconds = load_text(tmp_path, SHIPPED.replace("notice_s = 2.0", "notice_s = 2"))
    assert type(seconds.judging.notice_s) is float


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "notice_s",
            "notices_s",
            'judging: unknown key "notices_s" (did you mean "notice_s"?); allowed: "notice_s", ',
        ),
        ("freeze_s = 0.1", "", 'judging: missing key "freeze_s"; required: "notice_s", '),
        (
            "freeze_s = 0.1",
            'freeze_s = "0.1"',
            'judging: key "freeze_s" must be a number, not text',
        ),
        (
            "freeze_s = 0.1",
            "freeze_s = 0.0",
            'judging: key "freeze_s" must be finite and over zero',
        ),
        (
            "freeze_s = 0.1",
            "freeze_s = inf",
            'judging: key "freeze_s" must be finite and over zero',
        ),
        ("port = 5050", "port = 5050.0", 'protocol: key "port" must be a whole number, not a num'),
        ("port = 5050", "port = true", 'protocol: key "port" must be a whole number, not true or '),
        ('"127.0.0.1"', '""', 'protocol: key "host" must not be empty'),
        ("[protocol]", "[protocols]", 'unknown key "protocols" (did you mean "protocol"?)'),
    ],
)
def test_a_wrong_file_is_refused_with_the_place(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    with pytest.raises(SpecError) as caught:
        load_text(tmp_path, SHIPPED.replace(old, new, 1))
    assert str(caught.value).startswith(f"limits.toml: {message}")


def test_a_missing_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r'^limits\.toml: missing key "protocol"'):
        load_text(tmp_path, SHIPPED.partition("[protocol]")[0])

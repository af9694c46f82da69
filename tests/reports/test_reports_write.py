"""The report folder: replaced whole, read back the same, refused with a clear sentence."""

from __future__ import annotations

import json
import os
from pathlib import Path

import msgspec
import pytest
from report_samples import REQUIREMENTS, all_good, hostile, mixed

from harness.reports.write import ReportError, read, write_all, write_json


def test_the_folder_has_the_model_and_everything_drawn_from_it(tmp_path: Path) -> None:
    write_all(mixed(), REQUIREMENTS, tmp_path / "deep" / "report")
    names = sorted(path.name for path in (tmp_path / "deep" / "report").iterdir())
    assert names == ["index.html", "junit.xml", "report.json", "report.md"]


def test_the_model_alone_can_be_written(tmp_path: Path) -> None:
    write_json(mixed(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


@pytest.mark.parametrize("make", [all_good, mixed, hostile])
def test_what_was_written_is_read_back_the_same(make: object, tmp_path: Path) -> None:
    assert callable(make)
    report = make()
    write_json(report, tmp_path)
    assert read(tmp_path) == report


def test_the_shape_is_the_documented_one(tmp_path: Path) -> None:
    write_json(mixed(), tmp_path)
    data = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert data["schema"] == 1
    assert data["targets"] == [{"name": "toy", "role": "server"}]
    assert (data["scope"], data["verdict"], data["seed"]) == (["server"], "failed", 7)
    assert data["requirements"]["RF-001"]["sides"] == {"server": "failed", "client": "out of scope"}
    assert data["requirements"]["RF-001"]["observations"]["RF-001.2"] == {
        "verdict": "failed",
        "obligations": 1,
        "scenarios": ["a/twice[rst]@direct"],
        "proven_by": ["mute"],
        "reason": "it came twice",
    }
    scenario = data["scenarios"]["a/fine@direct"]
    assert scenario["history"] == "histories/a.fine@direct.jsonl"
    assert (scenario["catalogue"], scenario["reason"]) == ([], None)
    assert data["findings"][0]["kind"] == "flood"


def test_a_kill_while_writing_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_json(all_good(), tmp_path)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        write_json(mixed(), tmp_path)
    assert read(tmp_path) == all_good()


def test_a_leftover_of_a_kill_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / ".report.json.partial").write_bytes(b"half")
    write_json(mixed(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


def test_a_folder_without_a_report_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"report\.json cannot be read: No such file"):
        read(tmp_path)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is not the report of a run"),
        (b"{}", "is not the report of a run"),
        (b"\xff\xfe", "is not the report of a run"),
        (b'{"schema": "\xff"}', "is not the report of a run"),
        (b'{"schema": 1}', "is not the report of a run"),
        (b'{"schema": 2}', "has schema 2; this version reads 1"),
    ],
)
def test_a_file_that_is_no_report_is_refused(data: bytes, why: str, tmp_path: Path) -> None:
    (tmp_path / "report.json").write_bytes(data)
    with pytest.raises(ReportError, match=why):
        read(tmp_path)


def test_a_report_that_cites_a_missing_scenario_is_refused(tmp_path: Path) -> None:
    write_json(msgspec.structs.replace(mixed(), scenarios={}), tmp_path)
    with pytest.raises(ReportError, match=r"RF-001\.1 cites a/fine@direct, which says nothing"):
        read(tmp_path)


def test_a_report_that_leaves_out_a_side_is_refused(tmp_path: Path) -> None:
    report = mixed()
    one = msgspec.structs.replace(report.requirements["RF-001"], sides={})
    whole = msgspec.structs.replace(report, requirements={"RF-001": one})
    write_json(whole, tmp_path)
    with pytest.raises(ReportError, match="RF-001 needs a verdict for each of server, client"):
        read(tmp_path)


def test_a_report_about_other_observations_is_not_drawn(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"other observations than this version: RF-003\.1"):
        write_all(mixed(), REQUIREMENTS[:2], tmp_path)
    assert list(tmp_path.iterdir()) == []

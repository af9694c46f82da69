"""Loading of requirements: what is taken, and every refusal with its place."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from spec.requirements import Bilingual, Observation, Requirement, Side, SpecError, load


def requirement(number: int) -> str:
    return f"""
[[requirement]]
id = "RF-00{number}"
title = {{pt = "título", en = "title"}}
statement = {{pt = "diz", en = "says"}}
verified_by = "test"
section = ["3.4", "8"]
"""


def observation(number: str) -> str:
    return f"""
[[requirement.observation]]
id = "RF-00{number}"
side = "server"
text = {{pt = "visto", en = "seen"}}
"""


GOOD = (
    requirement(1)
    + observation("1.1")
    + observation("1.2")
    + requirement(2)
    + 'interpretation = {pt = "lê-se", en = "read as"}\n'
    + observation("2.1")
    + 'limit = "notice_s"\n'
)


def load_text(tmp_path: Path, text: str) -> tuple[Requirement, ...]:
    path = tmp_path / "requirements.toml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def test_a_file_is_loaded_in_its_order(tmp_path: Path) -> None:
    first, second = load_text(tmp_path, GOOD)
    assert [first.id, second.id] == ["RF-001", "RF-002"]
    assert [seen.id for seen in first.observations] == ["RF-001.1", "RF-001.2"]


def test_a_requirement_holds_all_that_the_file_says(tmp_path: Path) -> None:
    assert load_text(tmp_path, GOOD)[1] == Requirement(
        id="RF-002",
        title=Bilingual("título", "title"),
        statement=Bilingual("diz", "says"),
        verified_by="test",
        section=("3.4", "8"),
        interpretation=Bilingual("lê-se", "read as"),
        observations=(
            Observation("RF-002.1", Side.SERVER, Bilingual("visto", "seen"), "notice_s"),
        ),
    )


def test_interpretation_and_limit_may_be_missing(tmp_path: Path) -> None:
    first = load_text(tmp_path, GOOD)[0]
    assert first.interpretation is None
    assert first.observations[0].limit is None


def test_an_observation_knows_its_requirement(tmp_path: Path) -> None:
    assert load_text(tmp_path, GOOD)[0].observations[1].requirement == "RF-001"


def test_records_cannot_be_changed(tmp_path: Path) -> None:
    first = load_text(tmp_path, GOOD)[0]
    with pytest.raises(FrozenInstanceError):
        first.id = "RF-009"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"RF-001"', '"RF-003"', "RF-001 is missing: RF-003 stands in its place"),
        ('"RF-002"', '"RF-003"', "RF-002 is missing: RF-003 stands in its place"),
        ('"RF-002"', '"RF-2"', "RF-002 is missing: RF-2 stands in its place"),
        ('"RF-002"', '"RF-001"', "RF-001 is there twice"),
        (
            '"RF-001.2"',
            '"RF-001.3"',
            "requirement RF-001: RF-001.2 is missing: RF-001.3 stands in its place",
        ),
        ('"RF-001.2"', '"RF-001.1"', "requirement RF-001: RF-001.1 is there twice"),
        (
            '"RF-002.1"',
            '"RF-001.3"',
            "requirement RF-002: RF-002.1 is missing: RF-001.3 stands in its place",
        ),
        (
            'id = "RF-001.2"\nside',
            'id = "RF-001.2"\nsides',
            'requirement RF-001, observation 2: unknown key "sides" (did you mean "side"?); '
            'allowed: "id", "side", "text", "limit"',
        ),
        (
            'id = "RF-002"\ntitle',
            'id = "RF-002"\ntittle',
            'requirement RF-002: unknown key "tittle" (did you mean "title"?); allowed: "id", '
            '"title", "statement", "verified_by", "section", "observation", "interpretation"',
        ),
        (
            'interpretation = {pt = "lê-se"',
            'interpretation = {br = "lê-se"',
            'requirement RF-002, interpretation: unknown key "br"; allowed: "pt", "en"',
        ),
        (
            ', en = "read as"',
            "",
            'requirement RF-002, interpretation: missing key "en"; required: "pt", "en"',
        ),
        (
            'en = "read as"',
            'en = " "',
            'requirement RF-002, interpretation: key "en" must not be empty',
        ),
        ('id = "RF-002"\n', "", 'requirement 2: missing key "id"; required: "id"'),
        ('id = "RF-002"\n', "id = 2\n", 'requirement 2: key "id" must be text, not a whole number'),
        (
            'id = "RF-001.2"\n',
            "",
            'requirement RF-001, observation 2: missing key "id"; required: "id"',
        ),
        (
            'id = "RF-001.2"\nside = "server"',
            'id = "RF-001.2"\nside = "sever"',
            'requirement RF-001, observation 2: key "side": unknown value "sever" '
            '(did you mean "server"?); allowed: "server", "client"',
        ),
        (
            '"notice_s"',
            '"notices_s"',
            'requirement RF-002, observation 1: key "limit": unknown value "notices_s" '
            '(did you mean "notice_s"?); allowed: "notice_s", "stalled_s", ',
        ),
        (
            'verified_by = "test"',
            'verified_by = "tests"',
            'requirement RF-001: key "verified_by": unknown value "tests" '
            '(did you mean "test"?); allowed: "test", "inspection", "analysis"',
        ),
        (
            'section = ["3.4", "8"]',
            "section = []",
            'requirement RF-001: key "section" must name at least one section',
        ),
        (
            'title = {pt = "título", en = "title"}',
            'title = "title"',
            'requirement RF-001: key "title" must be a table, not text',
        ),
    ],
)
def test_a_wrong_file_is_refused_with_the_place(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    assert old in GOOD
    with pytest.raises(SpecError) as caught:
        load_text(tmp_path, GOOD.replace(old, new, 1))
    assert str(caught.value).startswith(f"requirements.toml: {message}")


def test_a_requirement_without_observations_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r'RF-001: missing key "observation"'):
        load_text(tmp_path, requirement(1))


def test_an_empty_list_of_observations_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"requirement RF-001: RF-001\.1 is missing"):
        load_text(tmp_path, requirement(1) + "observation = []")


def test_a_file_without_requirements_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"^requirements\.toml: RF-001 is missing"):
        load_text(tmp_path, "requirement = []")


def test_an_unknown_key_of_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r'^requirements\.toml: unknown key "requirements" \(did'):
        load_text(tmp_path, "requirements = []")

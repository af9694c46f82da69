"""Reading of TOML tables: what is refused, and how the message names the place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from spec.tables import SpecError, Table, read


def table(**values: object) -> Table:
    return Table(("file.toml", "thing 1", "part 2"), values)


def refusal(method: str, *arguments: Any, **values: object) -> str:
    with pytest.raises(SpecError) as caught:
        getattr(table(**values), method)(*arguments)
    return str(caught.value)


def test_an_error_names_the_file_and_the_way_down() -> None:
    assert str(table().error("is wrong")) == "file.toml: thing 1, part 2: is wrong"


def test_an_error_of_the_whole_file_names_the_file_alone() -> None:
    assert str(Table(("file.toml",), {}).error("is wrong")) == "file.toml: is wrong"


def test_an_unknown_key_is_named_with_the_nearest_allowed_one() -> None:
    assert refusal("only", ["side", "text"], ["limit"], sides="x") == (
        'file.toml: thing 1, part 2: unknown key "sides" (did you mean "side"?); '
        'allowed: "side", "text", "limit"'
    )


def test_an_unknown_key_near_to_nothing_gets_no_suggestion() -> None:
    assert refusal("only", ["side"], zzz=1).endswith('unknown key "zzz"; allowed: "side"')


def test_where_nothing_is_allowed_the_message_says_so() -> None:
    assert refusal("only", [], zzz=1).endswith("allowed: none")


def test_a_missing_key_is_named() -> None:
    assert refusal("only", ["side"], ["limit"], limit=1).endswith(
        'missing key "side"; required: "side"'
    )


def test_optional_keys_may_be_missing() -> None:
    assert table(side=1).only(["side"], ["limit"]).values == {"side": 1}


@pytest.mark.parametrize(
    ("method", "value", "problem"),
    [
        ("string", 3, 'key "k" must be text, not a whole number'),
        ("text", True, 'key "k" must be text, not true or false'),
        ("text", " \n", 'key "k" must not be empty'),
        ("truth", 1, 'key "k" must be true or false, not a whole number'),
        ("whole", True, 'key "k" must be a whole number, not true or false'),
        ("whole", 1.5, 'key "k" must be a whole number, not a number'),
        ("whole", 0, 'key "k" must be finite and over zero, not 0'),
        ("number", "1", 'key "k" must be a number, not text'),
        ("number", -1.0, 'key "k" must be finite and over zero, not -1.0'),
        ("number", -1, 'key "k" must be finite and over zero, not -1'),
        ("number", float("inf"), 'key "k" must be finite and over zero, not inf'),
        ("number", float("nan"), 'key "k" must be finite and over zero, not nan'),
        ("strings", "a", 'key "k" must be an array, not text'),
        ("strings", ["a", 1], 'key "k" must hold texts only'),
        ("section", "3.x", 'key "k": "3.x" is not the number of a section'),
        ("section", "3.0", 'key "k": "3.0" is not the number of a section'),
        ("sections", [], 'key "k" must name at least one section of protocol.md'),
        ("sections", ["3", "x"], 'key "k": "x" is not the number of a section'),
        ("table", [], 'key "k" must be a table, not an array'),
        ("tables", {}, 'key "k" must be an array, not a table'),
        ("tables", [{}, 1], 'key "k": item 2 must be a table'),
        ("string", object(), 'key "k" must be text, not object'),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(method: str, value: object, problem: str) -> None:
    assert refusal(method, "k", k=value) == f"file.toml: thing 1, part 2: {problem}"


def test_an_unknown_word_is_named_with_the_nearest_allowed_one() -> None:
    assert refusal("choice", "k", ["server", "client"], k="sever").endswith(
        'key "k": unknown value "sever" (did you mean "server"?); allowed: "server", "client"'
    )


def test_values_of_the_right_kind_are_returned() -> None:
    good = table(s="", t="a", b=True, i=2, f=0.5, l=["a"], n=["1", "2.3"])
    assert (good.string("s"), good.text("t"), good.truth("b")) == ("", "a", True)
    assert (good.whole("i"), good.number("i"), good.number("f")) == (2, 2.0, 0.5)
    assert (good.strings("l"), good.sections("n")) == (("a",), ("1", "2.3"))


def test_a_number_without_a_fraction_becomes_one_with() -> None:
    assert type(table(k=2).number("k")) is float


def test_tables_inside_know_their_place() -> None:
    outer = Table(("file.toml",), {"event": {}, "item": [{}, {}]})
    assert outer.table("event").place == ("file.toml", "event")
    assert [inner.place[-1] for inner in outer.tables("item", "row")] == ["row 1", "row 2"]


@pytest.mark.parametrize("content", [b"a = ", b"\xff"])
def test_what_is_not_toml_is_refused_with_the_name_of_the_file(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "bad.toml"
    path.write_bytes(content)
    with pytest.raises(SpecError, match=r"^bad\.toml: not readable as TOML: "):
        read(path)

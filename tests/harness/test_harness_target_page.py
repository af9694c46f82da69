"""The reference page of the target file: it has every key, no other, and its examples are read."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from harness.description import RECEIVED, Description, read
from harness.dialects.dialect import VALUES, compile_dialect
from harness.dialects.framing import PLAIN, WITH_ARGUMENT, framing
from harness.dialects.template import HOLES, WRITTEN
from harness.sections import (
    Launch,
    Limits,
    Log,
    Names,
    Screen,
    Send,
    Step,
    Table,
    Target,
    Window,
    Wire,
)
from harness.targets import instructions

ROOT = Path(__file__).parents[2]
FILE = ROOT / "harness/targets/target-file.md"
PAGE = FILE.read_text("utf-8")
EXAMPLES = re.findall(r"^```toml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
SECTIONS: dict[str, type[Table]] = {
    "target": Target,
    "launch": Launch,
    "window": Window,
    "wire": Wire,
    "names": Names,
    "limits": Limits,
    "send": Send,
    "screen": Screen,
    "log": Log,
}


def part(title: str) -> str:
    """Return what stands under a heading."""
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found, title
    return found[1]


def rows(text: str, first: str = "key") -> list[list[str]]:
    """Return the rows of the table whose first column has this heading."""
    found = re.search(rf"^\| {first} \|.*\n\|[-|]+\n((?:\|.*\n)+)", text, re.MULTILINE)
    assert found, first
    lines = found[1].splitlines()
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def named(table: list[list[str]]) -> list[str]:
    """Return what the first column of a table names."""
    return [name.replace("\\|", "|") for row in table for name in re.findall(r"`([^`]+)`", row[0])]


@pytest.mark.parametrize("title", SECTIONS)
def test_every_key_of_a_section_stands_on_the_page_and_no_other(title: str) -> None:
    assert sorted(named(rows(part(title)))) == sorted(SECTIONS[title].__struct_fields__)


def test_every_section_stands_on_the_page() -> None:
    assert {*SECTIONS, "receive"} == {*Description.__struct_fields__} - {"file"}


def test_every_kind_of_event_stands_on_the_page_and_no_other() -> None:
    assert named(rows(part("receive"))) == [kind.value for kind in RECEIVED]


def test_every_hole_of_a_template_stands_on_the_page_and_no_other() -> None:
    text = part("Templates and holes")
    ours, its = text.split("**The server's own**")
    holes = named(rows(ours, "hole")) + named(rows(its, "hole"))
    assert sorted(holes) == sorted(f"{{{hole}}}" for hole in (*HOLES, *WRITTEN))


def test_every_hole_of_a_command_stands_on_the_page() -> None:
    holes = re.findall(r"`\{(\w+)\}`", part("launch").partition("| key |")[0])
    assert set(holes) == set(instructions.HOLES)


def test_every_framing_stands_on_the_page_and_there_are_all_of_them() -> None:
    names = named(rows(part("wire"), "framing"))
    assert {name.partition(":")[0] for name in names} == {*PLAIN, *WITH_ARGUMENT}
    assert all(framing(name) for name in names)


def test_the_holes_of_each_operation_are_those_that_have_a_value() -> None:
    shown = {row[0].strip("`"): row[3] for row in rows(part("send"))}
    said = {name: set(re.findall(r"\{([\w.]+)\}", holes)) for name, holes in shown.items()}
    assert said.pop("pong") == set()
    assert said == {name: set(holes) for name, holes in VALUES.items()}


def test_the_keys_of_a_step_stand_on_the_page() -> None:
    assert all(f"`{key}`" in part("send") for key in Step.__struct_fields__)


@pytest.mark.parametrize("title", ["target", "launch", "wire", "names", "limits", "screen"])
def test_the_defaults_are_those_that_the_page_names(title: str) -> None:
    shape = SECTIONS[title]
    given = {f.name: f.default for f in msgspec.structs.fields(shape) if not f.required}
    for row in rows(part(title)):
        value = given.get(row[0].strip("`"), msgspec.NODEFAULT)
        if row[2].startswith("`") and row[2] != "`framing`":
            assert msgspec.json.decode(row[2].strip("`")) == value
        else:
            assert value in (msgspec.NODEFAULT, "", None) or not value


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_every_example_is_a_file_that_can_be_used(number: int, tmp_path: Path) -> None:
    file = tmp_path / "alvo.toml"
    file.write_text(EXAMPLES[number], "utf-8")
    description = read(file)
    compile_dialect(description)
    instructions.check(description)


def joins() -> list[str]:
    return [row[1].strip("`") for row in rows(part("send"), "what happens")]


@pytest.mark.parametrize("join", joins())
def test_every_handshake_is_one_that_can_be_used(join: str, tmp_path: Path) -> None:
    file = tmp_path / "alvo.toml"
    file.write_text(f"[send]\njoin = {join}\n", "utf-8")
    compile_dialect(read(file))


NEEDED = {
    "launch": {"command": '"x"'},
    "log": {"file": '"x"', "joined": '"a"', "left": '"b"', "message": '"c"'},
}
INSTEAD = {"command": "file"}


@pytest.mark.parametrize("title", sorted(SECTIONS.keys() - {"send"}))
def test_every_example_of_a_value_is_one_that_the_key_takes(title: str, tmp_path: Path) -> None:
    file = tmp_path / "alvo.toml"
    for row in rows(part(title)):
        key, example = row[0].strip("`"), row[-1].strip("`")
        keys = NEEDED.get(title, {}) | {key: example}
        keys.pop(INSTEAD.get(key, ""), None)
        text = "".join(f"{name} = {value}\n" for name, value in keys.items())
        file.write_text(f"[{title}]\n{text}", "utf-8")
        assert read(file)


def test_every_link_of_the_page_leads_somewhere() -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", PAGE):
        assert link.startswith("https://") or (FILE.parent / link).exists(), link
    titles = (title.lower().replace(",", "") for title in re.findall(r"^## (.+)$", PAGE, re.M))
    anchors = {f"#{title.replace(' ', '-')}" for title in titles}
    assert set(re.findall(r"\]\((#[^)]+)\)", PAGE)) <= anchors

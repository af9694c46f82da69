"""protocol.md agrees with the files that cite it: sections, words, codes, numbers."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import asdict

import pytest

from spec import limits, requirements, vectors
from spec.tables import shipped
from spec.vectors import NameVector, Replacement
from spec.vocabulary import COMMANDS, COMMANDS_IN, ERROR_CODES, EVENTS

TEXT = shipped("protocol.md").read_text(encoding="utf-8")
SECTIONS = re.findall(r"^#{2,3} (\d+(?:\.\d+)?) \S", TEXT, re.MULTILINE)
VECTORS = vectors.load()
CITED_BY_VECTORS = {
    *(each.section for each in VECTORS.from_client),
    *(each.section for each in VECTORS.from_server),
    *(each.section for each in VECTORS.garbage),
    *(each.section for each in VECTORS.replacement),
}


def parts_of_a_chapter(chapter: str) -> list[str]:
    return [each for each in SECTIONS if each.startswith(f"{chapter}.")]


def chapter(number: int) -> str:
    return re.split(r"^## \d+ ", TEXT, flags=re.MULTILINE)[number]


def test_sections_are_numbered_without_gaps() -> None:
    chapters = [each for each in SECTIONS if "." not in each]
    assert chapters == [str(number) for number in range(1, len(chapters) + 1)]
    for each in chapters:
        parts = parts_of_a_chapter(each)
        assert parts == [f"{each}.{number}" for number in range(1, len(parts) + 1)]


def test_every_section_that_the_text_itself_cites_exists() -> None:
    prose = re.sub(r"```.*?```|`[^`]*`", "", TEXT, flags=re.DOTALL)
    cited = set(re.findall(r"(?<![\d.])\d{1,2}\.\d{1,2}(?![\d.]*\d)", prose))
    assert cited <= set(SECTIONS)


def test_every_section_that_a_requirement_cites_exists() -> None:
    cited = {section for each in requirements.load() for section in each.section}
    assert cited <= set(SECTIONS)


def test_every_section_that_a_vector_cites_exists() -> None:
    assert set(SECTIONS) >= CITED_BY_VECTORS


def test_every_section_about_lines_is_shown_by_a_vector() -> None:
    about_lines = {*parts_of_a_chapter("2"), *parts_of_a_chapter("3"), *parts_of_a_chapter("5")}
    assert about_lines - {"3.1", "5.1"} <= CITED_BY_VECTORS


def test_the_codes_of_the_text_are_the_codes_of_the_vocabulary() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \|", chapter(5), re.MULTILINE)
    assert tuple(rows) == ERROR_CODES


def test_every_error_code_has_a_vector_from_the_server() -> None:
    events = [each.event for each in VECTORS.from_server]
    assert {each["code"] for each in events if each["kind"] == "error"} == set(ERROR_CODES)


def test_every_code_a_decoder_can_give_has_a_vector_from_the_client() -> None:
    commands = [command for each in VECTORS.from_client for command in each.commands]
    assert {each["code"] for each in commands if each["command"] == "error"} == {
        "linha-longa",
        "texto-invalido",
        "formato-invalido",
        "comando-desconhecido",
    }


@pytest.mark.parametrize("state", COMMANDS_IN)
def test_every_command_of_a_state_has_a_vector(state: str) -> None:
    commands = [c for each in VECTORS.from_client if each.state == state for c in each.commands]
    assert {each["command"] for each in commands} == set(COMMANDS_IN[state])


def test_every_command_belongs_to_a_state() -> None:
    assert {each for commands in COMMANDS_IN.values() for each in commands} == set(COMMANDS)


def test_every_event_has_a_vector() -> None:
    assert {each.event["kind"] for each in VECTORS.from_server} == set(EVENTS)


@pytest.mark.parametrize("literal", ["/sair", "/privado", "/usuarios"])
def test_every_command_on_the_wire_is_in_the_grammar(literal: str) -> None:
    assert f'%s"{literal}"' in chapter(3)


@pytest.mark.parametrize("number", ["client_line_bytes", "server_line_bytes", "users_line_bytes"])
def test_the_bytes_of_the_limits_are_those_of_the_text(number: str) -> None:
    assert f"{asdict(limits.load().protocol)[number]:,}" in chapter(2) + chapter(5)


def test_the_other_bounds_of_the_limits_are_those_of_the_text() -> None:
    bounds = limits.load().protocol
    assert f"`{bounds.host}` port `{bounds.port}`" in chapter(1)
    assert f"1 to {bounds.name_max} code points" in chapter(4)
    assert bounds.name_tries == 3
    assert "the third refusal ends it" in chapter(4)
    assert bounds.name_deadline_s == 30
    assert "Thirty seconds" in chapter(4)
    assert f"At most {bounds.credit_lines} lines" in chapter(7)


def test_vectors_reach_the_exact_bounds_of_a_line() -> None:
    bounds = limits.load().protocol
    kept = [each for each in VECTORS.from_client if "error" not in str(each.commands)]
    assert max(len(each.data) for each in kept) == bounds.client_line_bytes
    assert max(len(each.data) for each in VECTORS.from_server) == bounds.server_line_bytes


def identity(name: str) -> str:
    """Section 4.2."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def has_valid_form(name: str) -> bool:
    """Section 4.1, written a second time to check the vectors."""
    kinds = [
        c if c in "_-." else unicodedata.category(c) for c in unicodedata.normalize("NFC", name)
    ]
    allowed = [kind in "_-." or kind == "Nd" or kind[0] in "LM" for kind in kinds]
    return 1 <= len(kinds) <= 20 and all(allowed) and kinds[0][0] != "M"


@pytest.mark.parametrize("vector", VECTORS.name, ids=lambda each: ascii(each.name))
def test_a_name_vector_follows_the_rules_of_names(vector: NameVector) -> None:
    others = (*vector.same_as, *vector.different_from)
    assert has_valid_form(vector.name) is vector.valid
    assert all(has_valid_form(other) for other in others)
    assert {identity(other) for other in vector.same_as} <= {identity(vector.name)}
    assert identity(vector.name) not in {identity(other) for other in vector.different_from}


NEVER_RE_EMITTED = re.compile(
    "[\x00-\x1f\x7f\x80-\x9f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


@pytest.mark.parametrize("vector", VECTORS.replacement, ids=lambda each: each.name)
def test_a_replacement_vector_follows_the_table_of_characters(vector: Replacement) -> None:
    assert NEVER_RE_EMITTED.sub("\ufffd", vector.received) == vector.emitted


def test_no_line_of_a_server_holds_a_character_that_is_never_re_emitted() -> None:
    for vector in VECTORS.from_server:
        assert not NEVER_RE_EMITTED.search(vector.data.decode().removesuffix("\n"))

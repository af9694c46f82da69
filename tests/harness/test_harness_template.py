"""Templates: what is rendered is recognised with the same fields; what is torn is not."""

from __future__ import annotations

import re

import pytest
from harness_stage import vocabulary
from hypothesis import given
from hypothesis import strategies as st

from harness.dialects.template import HOLES, Template, TemplateError
from harness.expect import LETTERS, Vocabulary

LITERALS = st.text(st.sampled_from("AÇÃO<>:*. {}[]()|\\^$#"), min_size=1, max_size=6)
CLOSED = ("name", "from", "to", "text", "number", "space")
SPANS = st.fixed_dictionaries(
    {
        "id": st.text(st.sampled_from("ab9_-"), min_size=1, max_size=8),
        "number": st.integers(0, 10**6).map(str),
        "space": st.sampled_from(["", " ", "\t ", "\r\n"]),
        "word": st.text(st.sampled_from("ABC:!@.9"), min_size=1, max_size=8),
        "any": st.text(st.sampled_from("AB C9"), max_size=8),
        "rest": st.text(st.sampled_from("AB C9"), max_size=8),
        "time": st.sampled_from(["12:34", "09:05:59", "2024-05-01 10:00:00", "9:05 PM", "7.30"]),
        "users": st.sampled_from(["anabcdf", "anabcdf, biabcdf", ""]),
    }
)


def escaped(literal: str) -> str:
    return literal.replace("{", "{{").replace("}", "}}")


@st.composite
def filled(draw: st.DrawFn, holes: tuple[str, ...] = HOLES) -> tuple[Template, dict[str, str]]:
    """A template with holes between literals, and a value for each hole."""
    chosen = draw(st.lists(st.sampled_from(holes), unique=True, max_size=4))
    text = escaped(draw(LITERALS))
    for hole in chosen:
        text += f"{{{hole}}}{escaped(draw(LITERALS))}"
    words = vocabulary(draw(st.integers(0, 99)))
    ours = {"name": words.name("ana"), "from": words.name("bia"), "to": words.name("caio")}
    body = draw(st.text(st.sampled_from("aé🎉 \n"), max_size=9))
    ours["text"] = draw(st.sampled_from([words.nonce(), words.wrapped(body)]))
    return Template(text), {k: v for k, v in (ours | draw(SPANS)).items() if k in chosen}


def fields(match: re.Match[str] | None) -> dict[str, str | None]:
    assert match is not None
    return {key: value for key, value in match.groupdict().items() if key != "mark"}


@given(filled())
def test_a_rendered_template_is_recognised(case: tuple[Template, dict[str, str]]) -> None:
    template, values = case
    match = template.pattern(vocabulary()).fullmatch(template.render(values))
    assert set(fields(match)) == set(values)


@given(filled(CLOSED))
def test_a_rendered_template_gives_back_what_it_was_filled_with(
    case: tuple[Template, dict[str, str]],
) -> None:
    template, values = case
    match = template.pattern(vocabulary()).fullmatch(template.render(values))
    assert {k: v for k, v in fields(match).items() if k in ("name", "from", "to", "text")} == {
        k: v for k, v in values.items() if k in ("name", "from", "to", "text")
    }


@given(st.text(st.sampled_from("aé{}:% "), max_size=12))
def test_any_text_can_be_written_with_its_braces_doubled(text: str) -> None:
    template = Template(escaped(text))
    assert template.render({}) == text
    assert template.literal_characters == len(text)
    assert not template.holes


def test_a_doubled_brace_may_stand_beside_a_hole() -> None:
    assert Template("{{{name}}}").render({"name": "ana"}) == "{ana}"


@pytest.mark.parametrize("text", ["x{nome}", "{}", "{ name }", "{Name}"])
def test_an_unknown_hole_is_refused_with_the_known_ones(text: str) -> None:
    with pytest.raises(TemplateError, match=r"is not a hole; known: \{name\} \{from\} \{to\}"):
        Template(text)


@pytest.mark.parametrize("text", ["{", "a}", "{name", "{{name}", "{name}}", "{na{me}"])
def test_an_unbalanced_brace_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(TemplateError, match=r"a single '[{}]'; write '(\{\{|\}\})' for"):
        Template(text)


def test_a_hole_without_a_value_is_named_with_those_that_have_one() -> None:
    with pytest.raises(TemplateError, match=r"\{to\} has no value here; known: \{text\} \{name\}"):
        Template("{to}").render({"text": "a", "name": "b"})


def test_a_template_is_shown_filled_as_far_as_there_are_values() -> None:
    assert Template("* {name} às {time}").shown({"name": "ana"}) == "* ana às {time}"
    assert Template("re:{name} .*").shown({"name": "ana"}) == "re:{name} .*"


def test_the_holes_work_inside_a_regular_expression() -> None:
    words = vocabulary()
    pattern = Template(r"re:<{name}> (says|diz): +{text}").pattern(words)
    ana, text = words.name("ana"), words.nonce()
    assert fields(pattern.fullmatch(f"<{ana}> diz:   {text}")) == {"name": ana, "text": text}


def test_a_regular_expression_cannot_be_written() -> None:
    with pytest.raises(TemplateError, match=r"'re:a\+' is a regular expression and cannot be"):
        Template("re:a+").render({})


@pytest.mark.parametrize("text", ["re:(", "re:[z-a]", "re:(?P<name>a){name}"])
def test_a_bad_regular_expression_is_refused_with_its_reason(text: str) -> None:
    with pytest.raises(TemplateError, match="is not a regular expression: "):
        Template(text)


@pytest.mark.parametrize(
    ("text", "count"), [("a{name}bc", 3), ("{{}}", 2), ("re:^joined: {name}$", 7), ("{text}", 0)]
)
def test_the_literal_characters_are_counted(text: str, count: int) -> None:
    assert Template(text).literal_characters == count


@pytest.mark.parametrize("hole", ["users", "rest", "any", "word", "time"])
def test_a_template_that_ends_in_a_span_is_open_ended(hole: str) -> None:
    assert Template(f"aviso: {{{hole}}}").is_open_ended
    assert not Template(f"aviso: {{{hole}}}.").is_open_ended


def test_a_hole_that_comes_twice_must_hold_the_same_both_times() -> None:
    words = vocabulary()
    pattern = Template("{name} é {name}").pattern(words)
    ana, bia = words.name("ana"), words.name("bia")
    assert pattern.fullmatch(f"{ana} é {ana}")
    assert not pattern.fullmatch(f"{ana} é {bia}")


def test_a_known_hole_matches_only_its_value() -> None:
    words = vocabulary()
    ana, bia = words.name("ana"), words.name("bia")
    pattern = Template("* {name} entrou").pattern(words, {"name": ana})
    assert pattern.search(f"* {ana} entrou")
    assert not pattern.search(f"* {bia} entrou")


# -- texts: a nonce at both ends -------------------------------------------------------------

LONG = vocabulary().wrapped("uma frase, em\nduas linhas")
MESSAGE = Template("{from}: {text}")


def found(stream: str, words: Vocabulary) -> list[str]:
    return [match["text"] for match in MESSAGE.pattern(words).finditer(stream)]


def test_a_doubled_long_message_is_two() -> None:
    words = vocabulary(2)
    line = f"{words.name('ana')}: {LONG}"
    assert found(line + line, words) == [LONG, LONG]


@given(st.integers(1, len(LONG) - 1))
def test_a_torn_text_is_not_recognised(cut: int) -> None:
    words = vocabulary(2)
    ana = words.name("ana")
    assert found(f"{ana}: {LONG[:cut]}", words) == []
    assert found(f"{ana}: {LONG[cut:]}", words) == []


@pytest.mark.parametrize("text", ["oi", "q" + LETTERS[:10], "Q" + LETTERS[:11], "q" + "a" * 11])
def test_a_text_that_is_not_ours_is_not_recognised(text: str) -> None:
    words = vocabulary(2)
    assert found(f"{words.name('ana')}: {text}", words) == []


def test_an_unusual_text_or_name_is_recognised_literally_once_it_is_in_use() -> None:
    words = vocabulary(2)
    assert found("José (1): a.b", words) == []
    words.admit("José (1)")
    words.special_texts |= {"a.b", "a"}
    assert found("José (1): a.b", words) == ["a.b"]


def test_a_loose_pattern_takes_any_name_and_none() -> None:
    loose = Template("* {name} entrou no chat").loose_pattern()
    assert loose.search("algo\n*  entrou no chat\nmais")
    assert loose.search("  * Fulano de Tal entrou no chat ")
    assert not loose.search("ana: * bia entrou no chat, ou não")

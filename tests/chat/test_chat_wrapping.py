"""Long texts in lines: no wider than asked, and the same text but for white space."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chat.wrapping import Wrapper

HEAD = "12:34  "
texts = st.text(st.characters(codec="utf-8"), max_size=200)


def of_letters(text: str) -> int:
    """A font in which every character is as wide as another."""
    return 10 * len(text)


def without_blanks(text: str) -> str:
    return text.replace(" ", "")


@given(texts, st.integers(0, 600))
def test_without_blanks_the_lines_are_the_text(text: str, width: int) -> None:
    lines = Wrapper(of_letters).wrap(HEAD, text, width)
    assert without_blanks("".join(lines)) == without_blanks(HEAD + text)


@given(texts, st.integers(100, 600))
def test_no_line_is_wider_than_asked(text: str, width: int) -> None:
    lines = Wrapper(of_letters).wrap(HEAD, text, width)
    assert all(of_letters(line.rstrip(" ")) <= width for line in lines)


def test_a_text_that_fits_is_one_line() -> None:
    assert Wrapper(of_letters).wrap(HEAD, "Ana: oi", 140) == [f"{HEAD}Ana: oi"]


def test_a_line_breaks_at_a_blank_and_goes_on_where_the_text_began() -> None:
    lines = Wrapper(of_letters).wrap(HEAD, "Ana: bom dia a todos", 170)
    assert lines == ["12:34  Ana: bom", "       dia a", "       todos"]


def test_a_word_without_blanks_breaks_where_it_must() -> None:
    assert Wrapper(of_letters).wrap(HEAD, "x" * 12, 120) == [
        f"{HEAD}{'x' * 5}",
        f"{' ' * 7}{'x' * 5}",
        f"{' ' * 7}{'x' * 2}",
    ]


def test_every_character_is_measured_once() -> None:
    measured: list[str] = []

    def measure(text: str) -> int:
        measured.append(text)
        return 10

    wrapper = Wrapper(measure)
    for _ in range(3):
        wrapper.wrap("", "abacada " * 50, 200)
    assert sorted(measured) == sorted(set("abacada "))

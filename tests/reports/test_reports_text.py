"""Foreign text is made harmless: one line, printable, writable anywhere."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from harness.reports.text import harmless, shortened

ANYTHING = st.text(st.characters(exclude_categories=()))


@given(ANYTHING)
def test_what_is_harmless_is_one_printable_line_that_can_be_encoded(text: str) -> None:
    shown = harmless(text)
    assert shown.isprintable()
    shown.encode("utf-8")


@given(ANYTHING)
def test_making_text_harmless_twice_changes_nothing(text: str) -> None:
    assert harmless(harmless(text)) == harmless(text)


def test_accents_and_emoji_stay_as_they_are() -> None:
    assert harmless("Olá, tudo bem? 🎉") == "Olá, tudo bem? 🎉"


def test_terminal_codes_and_line_ends_are_shown() -> None:
    assert harmless("a\x1b[2J\r\nb\x00") == r"a\x1b[2J\r\nb\x00"


def test_a_text_that_fits_is_not_shortened() -> None:
    assert shortened("abc", 3) == "abc"


def test_a_shortened_text_shows_that_it_was_cut() -> None:
    assert shortened("abcd", 3) == "ab…"

"""What a person sees in a window, told from its widgets alone."""

from __future__ import annotations

import pytest
from gui_trees import tree, widget, window

from harness.gui.sights import (
    button_of,
    front_entry,
    fronts,
    last_row_is_visible,
    list_of,
    message_of,
    outline,
    shown,
    words,
)

ENTRY = widget("Entry", ".e", (0, 90))


def test_the_entry_of_a_dialog_comes_before_that_of_the_window() -> None:
    asked = widget("Entry", ".d.e", window=".d")
    assert front_entry(tree(ENTRY, window(".d"), asked)) == asked


def test_of_several_windows_the_one_that_lets_nobody_pass_is_in_front() -> None:
    seen = tree(window(".d"), window(".d.m"), grab=".d.m")
    assert list(fronts(seen)) == [".d.m", ".d", "."]


def test_what_has_a_button_and_no_entry_is_a_message() -> None:
    button, asked = (widget(kind, ".d.w", window=".d") for kind in ("Button", "Entry"))
    assert message_of(tree(window(".d"), button)) == ".d"
    assert message_of(tree(window(".d"), button, asked)) is None
    assert message_of(tree(window(".d"))) is None
    assert message_of(tree(widget("Button", ".b"))) is None


def test_of_several_entries_the_lowest_is_where_one_talks() -> None:
    assert front_entry(tree(ENTRY, widget("TEntry", ".search", (0, 5)))) == ENTRY


def test_a_window_without_an_entry_has_none_in_front() -> None:
    assert front_entry(tree(widget("Listbox", ".l"))) is None


def test_a_button_is_found_by_what_it_says_in_any_window() -> None:
    button = widget("Button", ".d.b", (0, 0), " ENVIAR ", window=".d")
    assert button_of(tree(window(".d"), button), "Enviar") == button


def test_the_largest_list_is_the_one_with_the_messages() -> None:
    people = widget("Listbox", ".people", size=(80, 300))
    messages = widget("Listbox", ".messages", size=(400, 300))
    assert list_of(tree(people, messages)) == messages


def test_text_stands_in_for_a_list_that_is_not_there() -> None:
    text = widget("Text", ".t", (0, 0), "oi\ntchau")
    assert list_of(tree(text)) == text
    assert shown(tree(text)) == "oitchau"


def test_a_window_without_any_rows_shows_nothing() -> None:
    assert (list_of(tree()), shown(tree()), last_row_is_visible(tree())) == (None, "", False)


@pytest.mark.parametrize(("view", "is_visible"), [((0.5, 1.0), True), ((0.0, 0.5), False)])
def test_the_last_row_is_in_view_at_the_end(view: tuple[float, float], is_visible: bool) -> None:
    assert last_row_is_visible(tree(widget("Listbox", ".l", view=view))) is is_visible


def test_words_are_what_can_be_read_but_not_typed_or_clicked() -> None:
    seen = tree(
        widget("Label", ".a", (0, 0), "Conexão perdida\n  às 12:34  "),
        widget("Label", ".b", (0, 0), "escondido", is_visible=False),
        widget("Entry", ".e", (0, 0), "digitado"),
        widget("Button", ".s", (0, 0), "Enviar"),
    )
    assert words(seen) == {"Conexão perdida", "às 0:0"}


def test_an_outline_has_a_line_for_each_widget_and_its_rows() -> None:
    seen = tree(widget("Listbox", ".l", (3, 4), "oi", "\x1b[2J"))
    assert outline(seen).splitlines()[1:] == [
        ".l Listbox 100x20+3+4",
        "    'oi'",
        "    '\\x1b[2J'",
    ]

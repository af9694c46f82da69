"""What a window asks for before anybody can talk."""

from __future__ import annotations

import pytest
from gui_trees import tree, widget, window

from harness.gui.forms import Topic, form_of
from harness.gui.widgets import Tree

LISTBOX = widget("Listbox", ".l", (0, 0), size=(300, 200))


def asked(seen: Tree) -> list[tuple[str, str]]:
    """The path and the topic of each question."""
    form = form_of(seen)
    assert form
    return [(question.entry.path, question.topic.value) for question in form.questions]


@pytest.mark.parametrize(
    ("label", "topic"),
    [
        ("Seu nome:", Topic.NAME),
        ("Apelido", Topic.NAME),
        ("Digite o nickname", Topic.NAME),
        ("Endereço do servidor", Topic.HOST),
        ("Nome do servidor:", Topic.HOST),
        ("IP:", Topic.HOST),
        ("Porta do servidor", Topic.PORT),
        ("Quem é você?", Topic.NAME),
    ],
)
def test_a_question_is_understood_by_what_stands_beside_it(label: str, topic: Topic) -> None:
    seen = tree(widget("Label", ".t", (0, 0), label), widget("Entry", ".e", (120, 0)))
    assert asked(seen) == [(".e", topic.value)]


def test_a_form_with_several_entries_is_understood_row_by_row() -> None:
    rows = [
        part
        for y, text in enumerate(("Host", "Porta", "Usuário"))
        for part in (
            widget("Label", f".l{y}", (0, 30 * y), text),
            widget("Entry", f".e{y}", (120, 30 * y)),
        )
    ]
    assert asked(tree(*rows)) == [(".e0", "host"), (".e1", "port"), (".e2", "name")]


def test_what_stands_above_explains_where_nothing_stands_beside() -> None:
    seen = tree(
        widget("Label", ".a", (0, 0), "Servidor"),
        widget("Entry", ".ea", (0, 25)),
        widget("Label", ".b", (0, 50), "Nome"),
        widget("Entry", ".eb", (0, 75)),
    )
    assert asked(seen) == [(".ea", "host"), (".eb", "name")]


def test_a_title_explains_a_dialog_that_says_nothing_else() -> None:
    dialog = (window(".d"), widget("Entry", ".d.e", window=".d"))
    assert asked(tree(*dialog, titles={".d": "Porta"})) == [(".d.e", "port")]


def test_a_dialog_is_answered_before_the_window_behind_it() -> None:
    seen = tree(LISTBOX, widget("Entry", ".e"), window(".d"), widget("Entry", ".d.e", window=".d"))
    assert asked(seen) == [(".d.e", "name")]


def test_a_message_in_front_asks_for_nothing() -> None:
    seen = tree(widget("Entry", ".e"), window(".d"), widget("Label", ".d.m", window=".d"))
    assert form_of(seen) is None


def test_a_window_without_an_entry_asks_for_nothing() -> None:
    assert form_of(tree(LISTBOX)) is None

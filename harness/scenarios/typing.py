"""RF-004, RF-010, RF-019, RF-020: what is typed into a window, and what goes over the wire."""

from __future__ import annotations

import pytest

from harness import asking
from harness.desk import Desk
from harness.expect import Kind
from harness.gui.widgets import BUTTONS, ENTRIES, LISTS
from harness.verdict import covers

TEXTS = {
    "ascii": "bom dia, $ {tudo} [bem]?",
    "accents": "ação à noite: pão, coração, naïve",
    "emoji": "até já \U0001f642\U0001f680",
    "quotes": "“aspas”, 'apóstrofo' e \"outras\"",
}
TWICE = 2
"""What is sent once more by itself comes before what is sent next."""


@covers("RF-019.1", "RF-019.2", "RF-019.3")
def test_a_window_has_a_list_an_entry_and_a_button(desk: Desk) -> None:
    """A Listbox shows what comes, an Entry takes what is typed, a button sends it."""
    desk.comes_in("ana")
    said, text = desk.vocabulary.nonce(), desk.vocabulary.nonce()
    with desk.about("RF-019.1"):
        desk.sees_a("Listbox", LISTS)
        desk.says(Kind.MESSAGE, **{"from": desk.vocabulary.name("bia")}, text=said)
        desk.shows(said)
    with desk.about("RF-019.2"):
        desk.sees_a("Entry", ENTRIES)
        desk.types(text)
        desk.ledger.discharge()
    with desk.about("RF-019.3"):
        desk.sees_a("Button", BUTTONS)
        desk.sees_the_button()
        desk.clicks_send()
        desk.hears("message", text=text)


@covers("RF-010.1")
@pytest.mark.parametrize("way", [*TEXTS, "longest"])
def test_what_is_typed_is_what_is_sent(desk: Desk, way: str) -> None:
    """The bytes on the wire are exactly the text that was typed, the longest that fits, too."""
    desk.comes_in("ana")
    if way == "longest":
        text = desk.vocabulary.long_text(desk.promises.longest_text_bytes)
    else:
        text = desk.vocabulary.wrapped(TEXTS[way])
    desk.types(text)
    desk.window.enter()
    desk.hears("message", text=text)


@covers("RF-020.1", "RF-020.2", "RF-020.3")
def test_the_button_and_enter_send_once_and_empty_the_entry(desk: Desk) -> None:
    """A click sends once, so does Enter, both empty the Entry, and an empty one sends nothing."""
    desk.comes_in("ana")
    for observation, send in (("RF-020.1", desk.clicks_send), ("RF-020.2", desk.window.enter)):
        with desk.about(observation):
            for _ in range(TWICE):
                text = desk.vocabulary.nonce()
                desk.types(text)
                send()
                desk.hears("message", text=text)
                desk.has_emptied_the_entry()
    with desk.about("RF-020.3"):
        desk.window.enter()
        desk.clicks_send()
        text = desk.vocabulary.nonce()
        desk.types(text)
        desk.window.enter()
        desk.hears("message", text=text)


@covers("RF-004.1", "RF-004.2")
def test_a_conversation_in_a_real_window(desk: Desk) -> None:
    """One types, sends and reads; what the wire carried is what the window shows."""
    name = desk.comes_in("ana")
    other = desk.vocabulary.name("bia")
    said, answer = desk.vocabulary.nonce(), desk.vocabulary.wrapped(TEXTS["accents"])
    farewell = desk.vocabulary.wrapped(TEXTS["quotes"])
    desk.types(said)
    desk.window.enter()
    with desk.about("RF-004.1"):
        desk.hears("message", text=said)
        desk.says(Kind.MESSAGE, **{"from": name, "text": said})
        desk.shows(said)
    with desk.about("RF-004.2"):
        desk.says(Kind.MESSAGE, **{"from": other, "text": answer})
        desk.shows(answer)
        desk.shows(other)
        desk.types(farewell)
        desk.window.enter()
        desk.hears("message", text=farewell)
        desk.says(Kind.MESSAGE, **{"from": name, "text": farewell})
        desk.shows(farewell)


@covers("RF-016.1")
def test_quitting_ends_everything_in_order(desk: Desk) -> None:
    """After the command to quit the connection ends with a FIN, and the process with status 0."""
    desk.comes_in("ana")
    desk.types("/sair")
    desk.window.enter()
    desk.hears("quit")
    desk.has_ended("FIN", status=0)


@covers("RF-008.6")
def test_a_refused_name_is_asked_for_again(desk: Desk) -> None:
    """The window asks for a name, shows that it was refused, and asks again."""
    taken = desk.vocabulary.name("ana")
    desk.begin()
    asking.is_asked_clearly(desk, "the window does not ask for a name")
    before = desk.words()
    asking.give_name(desk, taken)
    desk.claims(taken)
    before |= desk.words()
    desk.says(Kind.NAME_TAKEN)
    desk.sees_words(before, "the window shows nothing of the refusal")
    asking.is_asked_clearly(desk, "after the refusal the window does not ask for another name")
    desk.comes_in("bia")
    desk.ledger.discharge()

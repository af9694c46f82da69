"""RF-001, 002, 005, 014, 015, 021: what comes over the wire, and what the window shows of it."""

from __future__ import annotations

from harness.desk import Desk
from harness.expect import Kind
from harness.gui.sights import last_row_is_visible
from harness.verdict import covers

BURSTS, ROWS = 3, 40


@covers("RF-001.5", "RF-005.5")
def test_who_comes_and_goes_becomes_a_row(desk: Desk) -> None:
    """The notices of arrival and of departure become rows of the window."""
    desk.comes_in("ana")
    bia, caio = desk.vocabulary.name("bia"), desk.vocabulary.name("caio")
    with desk.about("RF-001.5"):
        desk.says(Kind.JOINED, name=bia)
        desk.shows(bia)
    desk.says(Kind.JOINED, name=caio)
    desk.shows(caio)
    with desk.about("RF-005.5"):
        desk.says(Kind.LEFT, name=caio)
        desk.shows(caio, times=2)


@covers("RF-002.3")
def test_messages_become_rows_complete_and_in_order(desk: Desk) -> None:
    """Every message of the others becomes a row: whole, once, in the order in which it came."""
    desk.comes_in("ana")
    others = [desk.vocabulary.name(base) for base in ("bia", "caio")]
    texts = [desk.vocabulary.wrapped(f" número {n} ") for n in range(ROWS)]
    for number, text in enumerate(texts):
        desk.says(Kind.MESSAGE, **{"from": others[number % 2], "text": text})
    desk.shows_in_order(texts)


@covers("RF-014.4")
def test_a_private_message_is_shown_as_one(desk: Desk) -> None:
    """What came in private looks different from what the same person said to everybody."""
    desk.comes_in("ana")
    bia = desk.vocabulary.name("bia")
    public, secret = desk.vocabulary.nonce(), desk.vocabulary.nonce()
    desk.says(Kind.MESSAGE, **{"from": bia, "text": public})
    desk.says(Kind.PRIVATE, **{"from": bia, "text": secret})
    desk.shows(secret)
    desk.tells_apart(public, secret)


@covers("RF-015.3")
def test_an_unknown_recipient_is_shown(desk: Desk) -> None:
    """That a recipient is not there is shown in the window."""
    desk.comes_in("ana")
    before = desk.words()
    desk.says(Kind.UNKNOWN_RECIPIENT, rest="nao-ha-tal-pessoa")
    desk.sees_words(before, "the window shows nothing of it")


@covers("RF-021.1")
def test_the_last_row_is_in_view_after_every_burst(desk: Desk) -> None:
    """After each of several bursts the list has scrolled to its last row."""
    desk.comes_in("ana")
    bia = desk.vocabulary.name("bia")
    for _ in range(BURSTS):
        texts = [desk.vocabulary.nonce() for _ in range(ROWS)]
        for text in texts:
            desk.says(Kind.MESSAGE, **{"from": bia, "text": text})
        desk.shows(texts[-1])
        desk.sees(last_row_is_visible, "the last row is not in view")
        desk.ledger.discharge()

"""RF-013, RF-024: private messages that are typed, well formed and not."""

from __future__ import annotations

from harness import asking
from harness.desk import Desk
from harness.expect import Kind
from harness.verdict import covers


@covers("RF-013.1", "RF-013.2")
def test_a_private_message_is_sent_as_agreed_and_shown_to_its_sender(desk: Desk) -> None:
    """It goes over the wire in the agreed form; its sender sees to whom it went, and what."""
    name = desk.comes_in("ana")
    bia, secret = desk.vocabulary.name("bia"), desk.vocabulary.wrapped(" olá, coração ")
    public = desk.vocabulary.nonce()
    desk.types(desk.private_form(bia, secret))
    desk.window.enter()
    with desk.about("RF-013.1"):
        desk.hears("private", to=bia, text=secret)
    with desk.about("RF-013.2"):
        if desk.system.dialect.describes(Kind.PRIVATE_SENT):
            desk.says(Kind.PRIVATE_SENT, to=bia, **{"from": name}, text=secret)
        desk.says(Kind.MESSAGE, **{"from": name}, text=public)
        desk.shows(secret)
        desk.shows(public)
        desk.shows_beside(secret, bia)
        desk.tells_apart(public, secret)


@covers("RF-024.1", "RF-024.2", "RF-024.3")
def test_a_malformed_private_message_is_explained_and_kept_and_not_sent(desk: Desk) -> None:
    """Without a recipient or a text: an error, nothing on the wire, and what was typed stays."""
    desk.comes_in("ana")
    for form in desk.malformed_forms(desk.vocabulary.name("bia")):
        before = desk.words()
        entry = desk.types(form)
        desk.window.enter()
        with desk.about("RF-024.1"):
            desk.sees_words(before, f"nothing is said of {form!r}", but=form)
        asking.dismiss(desk)
        with desk.about("RF-024.3"):
            desk.reads(f"{entry.path} get", form, f"{form!r} did not stay in the Entry")
            desk.ledger.discharge()
        with desk.about("RF-024.2"):
            text = desk.vocabulary.nonce()
            desk.types(text)
            desk.window.enter()
            desk.hears("message", text=text)

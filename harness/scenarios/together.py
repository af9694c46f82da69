"""The whole system: a server, windows of real clients, and others who talk over sockets."""

from __future__ import annotations

from harness import losses
from harness.expect import left, message
from harness.house import House
from harness.verdict import covers, lengthy


@covers("RF-001.5", "RF-002.3", "RF-004.1", "RF-004.2", "RF-005.5", "RF-013.1", "RF-014.4")
def test_windows_and_others_share_one_conversation(house: House) -> None:
    """Two windows and somebody without one come, talk, confide, and go, and each sees its part."""
    (caio,) = house.room.join("caio")
    ana = house.sits_down("ana", caio)
    bia = house.sits_down("bia", caio)
    said, secret, marker = (house.room.vocabulary.nonce() for _ in range(3))
    with house.about("RF-001.5"):
        ana.shows(bia.name)
    with house.about("RF-004.1", "RF-004.2"):
        ana.types(said)
        ana.window.enter()
        house.passes_on(message(ana, said), caio)
        ana.shows(said)
    with house.about("RF-002.3"):
        bia.shows(said)
        bia.shows(caio.says())
    with house.about("RF-013.1", "RF-014.4"):
        ana.types(ana.private_form(bia.name, secret))
        ana.window.enter()
        bia.shows(secret)
        bia.tells_apart(said, secret)
    ana.types(marker)
    ana.window.enter()
    house.passes_on(message(ana, marker), caio)
    with house.about("RF-005.5"):
        before = bia.words()
        ana.types("/sair")
        ana.window.enter()
        house.passes_on(left(ana), caio)
        bia.sees_words(before, f"the window does not show that {ana.name} has left", of=ana.name)


@covers("RF-023.4")
@lengthy
def test_every_window_survives_the_death_of_the_server(house: House) -> None:
    """When the server that they share is killed each window says so, and each program ends."""
    (caio,) = house.room.join("caio")
    desks = [house.sits_down(base, caio) for base in ("ana", "bia")]
    before = [desk.words() for desk in desks]
    process = house.room.running.process
    process.kill(process.tree())
    for desk, words in zip(desks, before, strict=True):
        losses.tells_and_ends(desk, words, desk.limits.server_loss_s)

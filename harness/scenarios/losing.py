"""RF-023: a client that loses its server tells its user, and ends safely."""

from __future__ import annotations

from harness import losses
from harness.desk import Desk
from harness.verdict import covers, lengthy


@covers("RF-023.1")
def test_the_end_of_the_connection_is_told_and_survived(desk: Desk) -> None:
    """After a FIN the window says so, and the program ends by itself or with its message."""
    _lose(desk, "fin")


@covers("RF-023.2")
def test_a_reset_is_told_and_survived(desk: Desk) -> None:
    """After an RST the window says so, and the program ends by itself or with its message."""
    _lose(desk, "rst")


@covers("RF-023.3")
@lengthy
def test_silence_is_told_and_survived(desk: Desk) -> None:
    """When nothing is acknowledged any more the window says so in time, and the program ends."""
    desk.comes_in("ana")
    before = desk.words()
    losses.lose(desk, "vanished")
    before |= desk.words()  # what was said in vain may be among the rows
    losses.tells_and_ends(desk, before, desk.limits.server_silence_s)


@covers("RF-023.4")
def test_the_death_of_the_server_is_told_and_survived(desk: Desk) -> None:
    """When the server's process is killed the window says so, and the program ends."""
    _lose(desk, "killed")


@covers("RF-023.5")
def test_garbage_is_told_and_survived(desk: Desk) -> None:
    """When nothing that comes makes sense the window says so, and the program ends."""
    desk.comes_in("ana")
    before = desk.words()
    losses.bring_garbage(desk)
    losses.tells_and_ends(desk, before, desk.limits.server_loss_s)


def _lose(desk: Desk, way: str) -> None:
    desk.comes_in("ana")
    before = desk.words()
    losses.lose(desk, way)
    losses.tells_and_ends(desk, before, desk.limits.server_loss_s)

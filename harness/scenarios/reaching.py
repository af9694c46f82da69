"""RF-007, RF-009: where a client connects to, and what it tells of an attempt that fails."""

from __future__ import annotations

from harness.attempts import Attempts
from harness.desk import Desk
from harness.targets.calls import is_told_where, written_address
from harness.targets.instructions import plain_command
from harness.verdict import Lacking, covers, lengthy

TOLD = {
    "refused": "RF-007.1",
    "no answer": "RF-007.2",
    "unknown host": "RF-007.3",
    "closed at once": "RF-007.4",
    "server full": "RF-007.5",
}
ELSEWHERE = "127.1.2.3"


@covers(*TOLD.values(), "RF-007.6")
@lengthy
def test_every_failure_to_connect_is_told_in_its_own_words(desk: Desk) -> None:
    """Whatever keeps a client out, its window says so in time, and answers meanwhile."""
    attempts = Attempts(desk)
    attempts.succeeds_so_far()
    with desk.about("RF-007.2", "RF-007.6"):
        attempts.is_not_answered()
    with desk.about("RF-007.1"):
        attempts.is_refused()
    with desk.about("RF-007.3"):
        attempts.has_no_such_host()
    with desk.about("RF-007.4"):
        attempts.is_hung_up_on()
    with desk.about("RF-007.5"):
        attempts.is_one_too_many()
    attempts.judge_words(TOLD)


@covers("RF-009.1")
def test_without_arguments_it_connects_to_its_constants(desk: Desk) -> None:
    """A client that is told nothing connects to the address in its code, as its socket shows."""
    description = desk.system.description
    words = plain_command(description)
    if words is None:
        raise Lacking("the target file does not say how it starts without_arguments")
    address = written_address(description) if is_told_where(description) else desk.where()
    if address is None:
        raise Lacking("the target file has no launch.address: which are its constants?")
    desk.serve(address)
    desk.start(words=words)
    desk.comes_in("ana")
    desk.ledger.discharge()


@covers("RF-009.2")
def test_it_connects_elsewhere_when_told(desk: Desk) -> None:
    """A client that is told another address connects there."""
    if not is_told_where(desk.system.description):
        raise Lacking("its command has no {host}, {port} or {address}: it cannot be told where")
    host = ELSEWHERE if desk.can_be_told("host", "address") else desk.where()[0]
    port = desk.where()[1]
    desk.serve((host, port))
    desk.start({"host": host, "address": f"{host}:{port}"})
    desk.comes_in("ana")
    desk.ledger.discharge()

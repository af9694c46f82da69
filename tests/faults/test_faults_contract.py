"""What holds for every fault in the table, over real sockets: the laws of ``fault.py``."""

from __future__ import annotations

import importlib
import pkgutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from faults_stage import End, Paper, Stage
from hypothesis import given
from hypothesis import strategies as st

from harness.faults import link
from harness.faults.link.direction import MOST_BYTES, Direction
from harness.faults.link.endpoint import READ_BYTES
from harness.faults.link.fault import Fault
from harness.faults.link.table import FAULTS
from harness.verdict import Unproven

MUCH = b"a lot of bytes, more than any fault lets through without doing anything to them"
WAYS = ("upstream", "downstream")
FAITHFUL = [name for name, make in FAULTS.items() if not (make().loses or make().alters)]
WHOLE = [name for name, make in FAULTS.items() if not make().loses]
LOSING = [name for name, make in FAULTS.items() if make().loses]
BLOCKING = [name for name, make in FAULTS.items() if make().blocks]
PASSING = [name for name in WHOLE if name not in BLOCKING]

every_way = pytest.mark.parametrize("way", WAYS)
pieces = st.lists(st.binary(min_size=1, max_size=30), min_size=1, max_size=5)


@contextmanager
def carried(name: str, way: str) -> Iterator[tuple[Stage, End, End, Direction, Fault]]:
    """A link with one fault in one direction."""
    stage, fault = Stage(), FAULTS[name]()
    try:
        sender, receiver, direction = stage.way(way)
        direction.add(fault)
        yield stage, sender, receiver, direction, fault
    finally:
        stage.close()


def send(stage: Stage, sender: End, said: list[bytes]) -> bytes:
    """Send pieces with a turn of the reactor between them; return all that was said."""
    for piece in said:
        sender.send(piece)
        stage.turn()
    return b"".join(said)


# -- no byte lost, order kept ---------------------------------------------------------------


@every_way
@pytest.mark.parametrize("name", [name for name in FAITHFUL if name not in BLOCKING])
@given(said=pieces)
def test_all_that_is_sent_arrives_in_its_order(name: str, way: str, said: list[bytes]) -> None:
    with carried(name, way) as (stage, sender, receiver, _, _):
        sent = send(stage, sender, said)
        stage.pump(lambda: len(receiver.received) >= len(sent))
        assert receiver.received == sent


@every_way
@pytest.mark.parametrize("name", LOSING)
@given(said=pieces)
def test_what_arrives_where_something_is_lost_is_what_came_first(
    name: str, way: str, said: list[bytes]
) -> None:
    with carried(name, way) as (stage, sender, receiver, _, _):
        sent = send(stage, sender, [*said, MUCH])
        stage.pump(lambda: receiver.ended is not None)
        assert sent.startswith(receiver.received)
        assert 0 < len(receiver.received) < len(sent)


@every_way
@pytest.mark.parametrize("name", [name for name in WHOLE if name not in FAITHFUL])
@given(said=pieces)
def test_where_something_is_changed_as_many_bytes_arrive(
    name: str, way: str, said: list[bytes]
) -> None:
    with carried(name, way) as (stage, sender, receiver, _, fault):
        sent = send(stage, sender, [*said, MUCH])
        stage.pump(lambda: len(receiver.received) >= len(sent))
        assert len(receiver.received) == len(sent)
        assert (receiver.received != sent) is (fault.evidence() is not None)


@given(names=st.lists(st.sampled_from(FAITHFUL), min_size=2, max_size=4), said=pieces)
def test_faults_in_a_chain_keep_the_order_too(names: list[str], said: list[bytes]) -> None:
    with carried(names[0], "upstream") as (stage, sender, receiver, direction, _):
        for name in names[1:]:
            direction.add(FAULTS[name]())
        sent = send(stage, sender, said)
        stage.link.heal()
        stage.pump(lambda: len(receiver.received) >= len(sent))
        assert receiver.received == sent


# -- removable at any moment ----------------------------------------------------------------


@every_way
@pytest.mark.parametrize("name", FAITHFUL)
@given(before=pieces, turns=st.integers(0, 20), after=pieces)
def test_a_fault_can_be_taken_out_at_any_moment_and_nothing_is_lost(
    name: str, way: str, before: list[bytes], turns: int, after: list[bytes]
) -> None:
    with carried(name, way) as (stage, sender, receiver, direction, fault):
        sent = send(stage, sender, before)
        stage.turn(turns)
        direction.remove(fault)
        assert fault.held.bytes == 0
        sent += send(stage, sender, after)
        stage.pump(lambda: len(receiver.received) >= len(sent))
        assert receiver.received == sent
        assert direction.held_bytes == 0


@every_way
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_that_is_taken_out_before_anything_came_has_changed_nothing(
    name: str, way: str
) -> None:
    with carried(name, way) as (stage, sender, receiver, direction, fault):
        direction.remove(fault)
        direction.remove(fault)
        sender.send(MUCH)
        stage.pump(lambda: receiver.received == MUCH)
        assert fault.evidence() is None
        assert stage.link.evidence() == []


@pytest.mark.parametrize("name", FAULTS)
def test_the_other_direction_is_carried_as_if_there_were_no_fault(name: str) -> None:
    with carried(name, "upstream") as (stage, client, target, _, _):
        target.send(MUCH)
        stage.pump(lambda: client.received == MUCH)


# -- closes are carried across as what they were --------------------------------------------


@every_way
@pytest.mark.parametrize("name", WHOLE)
def test_a_half_close_arrives_as_one_after_all_that_was_sent(name: str, way: str) -> None:
    with carried(name, way) as (stage, sender, receiver, direction, fault):
        sender.send(MUCH)
        sender.half_close()
        stage.turn(3)
        if fault.blocks:
            direction.remove(fault)
        stage.pump(lambda: receiver.ended is not None)
        assert receiver.ended == "FIN"
        assert len(receiver.received) == len(MUCH)
        receiver.send(b"the other direction goes on")
        stage.pump(lambda: sender.received == b"the other direction goes on")


@every_way
@pytest.mark.parametrize("name", WHOLE)
def test_a_reset_arrives_as_one_after_all_that_was_sent(name: str, way: str) -> None:
    with carried(name, way) as (stage, sender, receiver, direction, fault):
        sender.send(MUCH)
        stage.turn(3)
        if fault.swallows_resets:
            direction.remove(fault)
            stage.pump(lambda: len(receiver.received) == len(MUCH))
        sender.reset()
        stage.turn(3)
        if fault.blocks:
            direction.remove(fault)
        stage.pump(lambda: receiver.ended is not None)
        assert receiver.ended == "ECONNRESET"
        assert len(receiver.received) == len(MUCH)
        stage.pump(lambda: stage.link.is_over)


@every_way
@pytest.mark.parametrize("name", FAULTS)
def test_a_reset_of_the_receiver_reaches_the_sender(name: str, way: str) -> None:
    with carried(name, way) as (stage, sender, receiver, _, _):
        receiver.reset()
        stage.pump(lambda: sender.ended is not None)
        assert sender.ended == "ECONNRESET"


@every_way
@pytest.mark.parametrize("name", FAULTS)
def test_when_both_ends_have_closed_nothing_is_left_over(name: str, way: str) -> None:
    with carried(name, way) as (stage, sender, receiver, _, _):
        sender.send(MUCH)
        stage.turn(3)
        stage.link.heal()
        stage.pump(lambda: len(receiver.received) == len(MUCH) or receiver.ended is not None)
        sender.close()
        stage.pump(lambda: receiver.ended is not None)
        receiver.close()
        stage.pump(lambda: stage.link.is_over)
        assert not stage.reactor.selector.get_map()


# -- evidence -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FAULTS)
def test_without_anything_to_bite_there_is_no_evidence_and_so_no_proof(name: str) -> None:
    with carried(name, "upstream") as (stage, _, _, _, fault):
        stage.turn(5)
        assert fault.evidence() is None
        with pytest.raises(Unproven, match="nothing shows that the fault on the link bit"):
            fault.proof()


@every_way
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_that_bit_says_so_in_one_sentence_and_still_when_it_is_taken_out(
    name: str, way: str
) -> None:
    with carried(name, way) as (stage, sender, _, direction, fault):
        sender.send(MUCH)
        stage.turn(3)
        sender.send(MUCH)
        stage.pump(lambda: fault.evidence() is not None)
        direction.remove(fault)
        assert fault.proof() in stage.link.evidence()
        assert "\n" not in fault.proof()


# -- determinism, bounds --------------------------------------------------------------------


@pytest.mark.parametrize("name", FAULTS)
@given(said=pieces, gap_ms=st.integers(0, 30))
def test_the_same_fields_do_the_same_to_the_same_stream(
    name: str, said: list[bytes], gap_ms: int
) -> None:
    runs = [Paper(FAULTS[name]()).run([*said, MUCH], gap_ms / 1_000) for _ in range(2)]
    assert runs[0] == runs[1]


@every_way
@pytest.mark.parametrize("name", FAULTS)
def test_what_is_held_is_bounded_and_the_sender_is_held_back(name: str, way: str) -> None:
    with carried(name, way) as (stage, sender, receiver, _, fault):
        receiver.pause()
        for end, size in ((sender, socket.SO_SNDBUF), (receiver, socket.SO_RCVBUF)):
            end.socket.setsockopt(socket.SOL_SOCKET, size, MOST_BYTES)
        sent, block = 0, b"x" * MOST_BYTES
        for _ in range(60):
            sent += sender.send(block)
            stage.turn()
            assert stage.link.held_bytes <= MOST_BYTES + READ_BYTES
        receiver.resume()
        stage.link.heal()
        if not fault.loses:
            stage.pump(lambda: len(receiver.received) == sent)


# -- the table ------------------------------------------------------------------------------


def test_every_fault_that_has_a_file_is_in_the_table() -> None:
    names = [f"{link.__name__}.{module.name}" for module in pkgutil.iter_modules(link.__path__)]
    modules = map(importlib.import_module, names)
    classes = {c for module in modules for c in vars(module).values() if isinstance(c, type)}
    faults = {c for c in classes if issubclass(c, Fault) and c.__module__ != Fault.__module__}
    assert faults == {type(make()) for make in FAULTS.values()}

"""Ways of leaving against a plain socket: what the peer sees, the evidence, and no bite."""

from __future__ import annotations

import contextlib
import re
import select
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from harness_stage import PATIENCE_S, Stage, reset, soon, was_reset

from harness.clients.client import Client
from harness.deadline import Deadline
from harness.faults.leaving import WAYS, preparation
from harness.faults.surroundings import Surroundings
from harness.targets import tcp
from harness.targets.network import Network
from harness.verdict import Unproven

HERE = Network()

MUCH = b"x" * (1 << 20)


def around(
    stage: Stage,
    client: Client,
    speaks: Callable[[], None] = lambda: None,
    deadline: Deadline | None = None,
    says_much: Callable[[], int] = lambda: 0,
) -> Surroundings:
    return Surroundings(
        pump=stage.reactor.pump,
        peer=lambda: HERE.peer_row(client.ours, client.theirs),
        somebody_speaks=speaks,
        somebody_says_much=says_much,
        deadline=deadline or soon(),
    )


class Restless:
    """A client whose receive queue changes between two looks."""

    def __init__(self, client: Client, counts: Iterator[int]) -> None:
        self.socket = client.socket
        self.stop_reading = client.stop_reading
        self.abandon = client.abandon
        self.catch_up = client.catch_up
        self.depart = client.depart
        self.close = client.close
        self._counts = counts

    def unread_bytes(self) -> int:
        return next(self._counts)


def leave(stage: Stage, client: Client, way: str, peer: socket.socket) -> str:
    def says_much() -> int:
        peer.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            peer.send(MUCH)
        return len(MUCH)

    surroundings = around(stage, client, lambda: peer.sendall(b"oi"), says_much=says_much)
    return WAYS[way].act(client, surroundings)


@pytest.mark.parametrize("way", ["fin", "killed"])
def test_an_orderly_end_is_a_fin_after_all_that_was_said(stage: Stage, way: str) -> None:
    client, peer = stage.client()
    client.write(b"adeus")
    peer.sendall(b"unread")
    leave(stage, client, way, peer)
    assert peer.recv(9) == b"adeus"
    assert peer.recv(9) == b""
    assert bytes(client.received) == b"unread"


@pytest.mark.parametrize("way", ["rst", "killed-unread"])
def test_a_hard_end_is_a_reset(stage: Stage, way: str) -> None:
    client, peer = stage.client()
    leave(stage, client, way, peer)
    with pytest.raises(ConnectionResetError):
        peer.recv(9)


@pytest.mark.parametrize(
    ("way", "evidence"),
    [
        ("fin", r"^FIN sent: the target's end was ESTABLISHED and is CLOSE_WAIT$"),
        ("rst", r"^RST sent: the target's end was ESTABLISHED and is gone$"),
        ("killed", r"^process \d+ held the socket with 0 bytes unread and ended by 9$"),
        (
            "killed-unread",
            r"^process \d+ held the socket with 2 bytes unread and ended by 9; "
            r"the target's end is gone$",
        ),
        (
            "stalled",
            r"^the target's end holds [1-9]\d* bytes that we do not take, "
            r"with [1-9]\d* bytes unread$",
        ),
        ("vanished", r"^the target's end has sent 2 bytes in vain, [1-9]\d* time\(s\) again$"),
    ],
)
def test_each_way_gives_its_evidence(stage: Stage, way: str, evidence: str) -> None:
    client, peer = stage.client()
    said = leave(stage, client, way, peer)
    assert re.search(evidence, said)


def test_what_comes_after_a_fin_is_read_and_not_answered_with_a_reset(stage: Stage) -> None:
    client, peer = stage.client()
    leave(stage, client, "fin", peer)
    peer.sendall(b"on its way")
    stage.pump(lambda: client.unread_bytes() == 0)
    assert peer.recv(9) == b""
    assert not was_reset(peer)
    assert not client.received


@pytest.mark.parametrize("way", [way for way in WAYS if way != "fin"])
def test_whoever_has_left_at_once_is_not_watched_any_more(stage: Stage, way: str) -> None:
    client, peer = stage.client()
    descriptor = client.socket.fileno()
    leave(stage, client, way, peer)
    assert not client.is_open
    assert descriptor not in stage.reactor.selector.get_map()


def test_whoever_has_left_in_order_closes_with_the_other_end(stage: Stage) -> None:
    client, peer = stage.client()
    descriptor = client.socket.fileno()
    leave(stage, client, "fin", peer)
    assert not client.is_open
    peer.close()
    stage.pump(lambda: client.ended is not None)
    assert client.ended == "FIN"
    assert descriptor not in stage.reactor.selector.get_map()


def test_an_end_that_does_not_close_is_not_waited_for_for_ever(stage: Stage) -> None:
    client, peer = stage.client()
    descriptor = client.socket.fileno()
    leave(stage, client, "fin", peer)
    stage.pump(lambda: client.ended is not None)
    assert client.ended == "closed by us"
    assert descriptor not in stage.reactor.selector.get_map()


@pytest.mark.parametrize("way", ["fin", "rst", "killed", "stalled", "vanished"])
@pytest.mark.parametrize(("end", "state"), [(reset, "gone"), (socket.socket.close, "FIN_WAIT[12]")])
def test_a_fault_on_a_connection_that_is_already_gone_proves_nothing(
    stage: Stage, way: str, end: Callable[[socket.socket], None], state: str
) -> None:
    client, peer = stage.client()
    end(peer)
    stage.pump(lambda: client.ended is not None)
    with pytest.raises(Unproven, match=f"the target's end was {state} before the fault"):
        leave(stage, client, way, peer)


def test_a_kill_with_nothing_unread_is_no_kill_with_something_unread(stage: Stage) -> None:
    client, _peer = stage.client()
    with pytest.raises(Unproven, match="nothing was unread"):
        WAYS["killed-unread"].act(client, around(stage, client, deadline=Deadline.after(0.05)))


@pytest.mark.parametrize("way", ["fin", "killed"])
def test_an_orderly_end_with_unread_input_would_be_a_reset_and_is_refused(
    stage: Stage, way: str
) -> None:
    client, peer = stage.client()
    client.stop_reading()
    peer.sendall(b"unread")
    stage.pump(lambda: client.unread_bytes() == 6)
    with pytest.raises(Unproven, match="an RST, not a FIN"):
        WAYS[way].act(client, around(stage, client, deadline=Deadline.after(0.05)))


@pytest.mark.parametrize(("way", "ended"), [("fin", None), ("killed", "closed by us")])
def test_an_orderly_end_is_possible_beside_a_peer_that_never_stops_sending(
    stage: Stage, way: str, ended: str | None
) -> None:
    client, peer = stage.client()

    def pump(until: Callable[[], bool], deadline: Deadline) -> bool:
        """Turn as the reactor does; after every turn something more has come."""
        while not deadline.passed:
            stage.reactor.turn(0.0)
            if client.ended is None:
                peer.sendall(b"more")
                assert select.select([client.socket], [], [], PATIENCE_S)[0]
            if until():
                return True
        return False

    WAYS[way].act(client, replace(around(stage, client), pump=pump))
    assert not client.is_open
    assert client.ended == ended
    stage.pump(lambda: client.ended is not None)
    assert client.ended == "closed by us"


def test_a_fin_that_has_not_come_to_the_target_proves_nothing(stage: Stage) -> None:
    client, _peer = stage.client()
    established = tcp.Row("ESTABLISHED", 0, 0, 0)
    still = replace(around(stage, client, deadline=Deadline.after(0.05)), peer=lambda: established)
    with pytest.raises(Unproven, match="ESTABLISHED, so the FIN has not come there"):
        WAYS["fin"].act(client, still)


def test_a_reset_that_the_target_has_not_taken_proves_nothing(stage: Stage) -> None:
    client, _peer = stage.client()
    established = tcp.Row("ESTABLISHED", 0, 0, 0)
    still = replace(around(stage, client, deadline=Deadline.after(0.05)), peer=lambda: established)
    with pytest.raises(Unproven, match="the target's end is still ESTABLISHED after the RST"):
        WAYS["rst"].act(client, still)


# -- leaving without a word -----------------------------------------------------------------


def test_somebody_vanished_takes_and_answers_nothing(stage: Stage) -> None:
    client, peer = stage.client()
    leave(stage, client, "vanished", peer)
    peer.sendall(b"more")
    row = HERE.peer_row(client.ours, client.theirs)
    assert row is not None
    assert (row.state, row.unacknowledged_bytes) == ("ESTABLISHED", 6)
    assert client.unread_bytes() == 0
    assert not client.received


def test_a_segment_that_came_in_is_no_proof_of_having_vanished(stage: Stage) -> None:
    client, peer = stage.client()
    client.stop_reading()
    peer.sendall(b"before")
    stage.pump(lambda: client.unread_bytes() == 6)
    counts = iter([6, 8])
    leaver = Restless(client, counts)
    established = tcp.Row("ESTABLISHED", 0, 2, 1)
    with pytest.raises(Unproven, match="something came in"):
        WAYS["vanished"].act(leaver, replace(around(stage, client), peer=lambda: established))


def test_to_vanish_from_a_peer_that_sends_nothing_proves_nothing(stage: Stage) -> None:
    client, _peer = stage.client()
    with pytest.raises(Unproven, match="never sent anything in vain"):
        WAYS["vanished"].act(client, around(stage, client, deadline=Deadline.after(0.05)))


def test_a_peer_that_gives_up_at_once_is_proof_of_having_vanished(stage: Stage) -> None:
    client, _peer = stage.client()
    rows = iter([tcp.Row("ESTABLISHED", 0, 0, 0), None, None])
    said = WAYS["vanished"].act(client, replace(around(stage, client), peer=lambda: next(rows)))
    assert said == "the target's end is gone, and nothing of that has reached us"


def test_to_stall_without_being_sent_anything_proves_nothing(stage: Stage) -> None:
    client, _peer = stage.client()
    with pytest.raises(Unproven, match="so nothing stalled"):
        WAYS["stalled"].act(client, around(stage, client, deadline=Deadline.after(0.05)))


def test_a_peer_that_gives_up_while_it_is_stalled_is_proof(stage: Stage) -> None:
    client, peer = stage.client()

    def says_and_hangs_up() -> int:
        peer.sendall(b"oi")
        stage.pump(lambda: client.unread_bytes() == 2)
        peer.close()
        return 2

    said = WAYS["stalled"].act(client, around(stage, client, says_much=says_and_hangs_up))
    assert said == "the target gave the connection up while we had 2 bytes unread"


def test_a_narrow_connection_stalls_after_little(stage: Stage) -> None:
    said = 0
    client, peer = stage.client(prepare=WAYS["stalled"].prepare)

    def says_a_little() -> int:
        nonlocal said
        peer.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            said += peer.send(b"x" * 32_768)
        return 32_768

    WAYS["stalled"].act(client, around(stage, client, says_much=says_a_little))
    assert 0 < said < 1 << 20


@pytest.mark.parametrize("way", WAYS)
def test_only_what_nothing_on_the_wire_tells_has_the_longer_limit(way: str) -> None:
    assert WAYS[way].is_silent == (way in ("stalled", "vanished"))


def test_only_a_way_that_needs_it_prepares_a_socket(stage: Stage) -> None:
    with socket.socket() as plain, socket.socket() as narrow:
        preparation("fin")(plain)
        preparation("stalled")(narrow)
        sizes = [s.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) for s in (plain, narrow)]
    assert sizes[1] < sizes[0]

"""Ways of leaving against a plain socket: what the peer sees, the evidence, and no bite."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable

import pytest
from harness_stage import Stage, reset, soon

from harness.clients.client import Client
from harness.deadline import Deadline
from harness.faults.leaving import WAYS, Surroundings
from harness.targets import tcp
from harness.verdict import Unproven


def around(
    stage: Stage,
    client: Client,
    speaks: Callable[[], None] = lambda: None,
    deadline: Deadline | None = None,
) -> Surroundings:
    def peer_state() -> str | None:
        row = tcp.peer_row(client.ours, client.theirs)
        return row.state if row else None

    return Surroundings(stage.reactor.pump, peer_state, speaks, deadline or soon())


def leave(stage: Stage, client: Client, way: str, peer: socket.socket) -> str:
    return WAYS[way](client, around(stage, client, lambda: peer.sendall(b"oi")))


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
        ("fin", r"^FIN sent and acknowledged \(our socket was in FIN_WAIT2\)$"),
        ("rst", r"^RST sent: the target's end was ESTABLISHED and is gone$"),
        ("killed", r"^process \d+ held the socket with 0 bytes unread and ended by 9$"),
        (
            "killed-unread",
            r"^process \d+ held the socket with 2 bytes unread and ended by 9; "
            r"the target's end is gone$",
        ),
    ],
)
def test_each_way_gives_its_evidence(stage: Stage, way: str, evidence: str) -> None:
    client, peer = stage.client()
    said = leave(stage, client, way, peer)
    assert re.search(evidence, said)


@pytest.mark.parametrize("way", WAYS)
def test_every_way_leaves_no_socket_and_no_descriptor_watched(stage: Stage, way: str) -> None:
    client, peer = stage.client()
    descriptor = client.socket.fileno()
    leave(stage, client, way, peer)
    assert not client.is_open
    assert descriptor not in stage.reactor.selector.get_map()


@pytest.mark.parametrize("way", ["fin", "rst", "killed"])
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
        WAYS["killed-unread"](client, around(stage, client, deadline=Deadline.after(0.05)))


@pytest.mark.parametrize("way", ["fin", "killed"])
def test_an_orderly_end_with_unread_input_would_be_a_reset_and_is_refused(
    stage: Stage, way: str
) -> None:
    client, peer = stage.client()
    client.stop_reading()
    peer.sendall(b"unread")
    stage.pump(lambda: client.unread_bytes() == 6)
    with pytest.raises(Unproven, match="an RST, not a FIN"):
        WAYS[way](client, around(stage, client, deadline=Deadline.after(0.05)))


def test_a_fin_that_is_not_acknowledged_proves_nothing(stage: Stage) -> None:
    client, _peer = stage.client()
    surroundings = around(stage, client)
    answers = iter([True, False])
    never = Surroundings(
        lambda _until, _deadline: next(answers),
        surroundings.peer_state,
        surroundings.somebody_speaks,
        surroundings.deadline,
    )
    with pytest.raises(Unproven, match="the FIN was not acknowledged"):
        WAYS["fin"](client, never)


def test_a_reset_that_the_target_has_not_taken_proves_nothing(stage: Stage) -> None:
    client, _peer = stage.client()
    still = Surroundings(
        stage.reactor.pump, lambda: "ESTABLISHED", lambda: None, Deadline.after(0.05)
    )
    with pytest.raises(Unproven, match="the target's end is still ESTABLISHED after the RST"):
        WAYS["rst"](client, still)

"""Ports for targets, and what the kernel says of sockets."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from harness_stage import PATIENCE_S, Stage

from harness.targets import ports, tcp
from harness.targets.network import Network

HERE = Network()

RESERVE = (
    "from harness.targets.ports import reserve;"
    "held = [reserve() for _ in range(20)];"
    "print(*(r.port for r in held), flush=True); input()"
)


def test_a_reserved_port_is_not_given_twice() -> None:
    held = [ports.reserve() for _ in range(20)]
    assert len({reservation.port for reservation in held}) == 20
    for reservation in held:
        reservation.release()


def test_a_reserved_port_is_given_to_no_other_process() -> None:
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", RESERVE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        for _ in range(3)
    ]
    given = [port for run in runs if run.stdout for port in run.stdout.readline().split()]
    for run in runs:
        run.communicate(b"\n", timeout=PATIENCE_S)
    assert len(given) == 60
    assert len(set(given)) == 60


def test_a_released_port_may_be_given_again() -> None:
    first = ports.reserve()
    first.release()
    second = ports.reserve()
    second.release()
    assert second.port == first.port


def test_a_port_on_which_somebody_listens_is_not_given() -> None:
    first = ports.reserve()
    with socket.create_server(("127.0.0.1", first.port)):
        first.release()
        second = ports.reserve()
        assert second.port != first.port
        second.release()


@pytest.mark.parametrize(
    ("kernel", "lowest", "highest"),
    [
        ("32768\t60999", 10_000, 32_767),
        ("1024\t50000", 50_001, 65_535),
        ("1024\t65535", 10_000, 65_535),
    ],
)
def test_a_port_lies_outside_the_kernels_own_range_where_it_can(
    kernel: str, lowest: int, highest: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "range").write_text(kernel)
    monkeypatch.setattr(ports, "_RANGE", tmp_path / "range")
    reservation = ports.reserve()
    reservation.release()
    assert lowest <= reservation.port <= highest


def test_when_every_port_is_taken_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    first = ports.reserve()
    only = range(first.port, first.port + 1)
    monkeypatch.setattr(ports, "_candidates", lambda: only)
    with pytest.raises(ports.NoFreePort, match=f"no free port between {first.port} and"):
        ports.reserve()
    first.release()


# -- /proc/net/tcp --------------------------------------------------------------------------


def us() -> list[psutil.Process]:
    return [psutil.Process(os.getpid())]


def test_listening_sockets_are_found_lowest_port_first() -> None:
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("", 0)) as other:
        mine = sorted(sock.getsockname()[1] for sock in (one, other))
        found = [address for address in tcp.listening(us()) if address[1] in mine]
    assert found == [("127.0.0.1", port) for port in mine]


def test_a_wildcard_for_both_families_is_shown_as_loopback() -> None:
    with socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True) as server:
        port = server.getsockname()[1]
        assert ("127.0.0.1", port) in tcp.listening(us())


def test_a_socket_that_does_not_listen_and_a_process_that_is_gone_are_left_out() -> None:
    gone = psutil.Popen([sys.executable, "-c", ""])
    gone.wait(PATIENCE_S)
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
        assert port not in {address[1] for address in tcp.listening([gone, *us()])}


def test_the_other_end_of_a_connection_shows_what_its_owner_has_not_read(stage: Stage) -> None:
    client, peer = stage.client()
    client.write(b"12345")
    stage.pump(lambda: HERE.peer_row(client.ours, client.theirs) == tcp.Row("ESTABLISHED", 5, 0, 0))
    peer.recv(3)
    assert HERE.peer_row(client.ours, client.theirs) == tcp.Row("ESTABLISHED", 2, 0, 0)


def test_the_other_end_is_found_on_a_socket_of_both_families() -> None:
    with (
        socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True) as server,
        socket.create_connection(("127.0.0.1", server.getsockname()[1])) as ours,
    ):
        peer, _ = server.accept()
        with peer:
            assert HERE.peer_row(ours.getsockname(), ours.getpeername()) == tcp.Row(
                "ESTABLISHED", 0, 0, 0
            )


def test_an_end_that_is_gone_has_no_row(stage: Stage) -> None:
    client, _peer = stage.client()
    assert HERE.peer_row(client.theirs, ("127.0.0.1", 1)) is None
    assert HERE.peer_row(("127.0.0.1", 1), client.theirs) is None

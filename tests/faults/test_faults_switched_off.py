"""A fault that is quietly switched off proves nothing: what claims it is inconclusive.

Switched off, the scenario runs against a server that does nothing wrong. Were it *verified*, that
would be a lie: what it is about did not happen.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from faults_reference import Scenario, perform

from harness import logbook
from harness.clients.client import Client
from harness.faults import vanishing
from harness.faults.leaving import WAYS
from harness.faults.link.blackhole import Blackhole
from harness.faults.link.corrupt import Corrupt
from harness.faults.link.cut import Cut
from harness.faults.link.fault import Close, Fault
from harness.faults.link.stall import Stall
from harness.faults.link.table import FAULTS
from harness.faults.profiles import PROFILES
from harness.scenarios import breaking, keeping, leaving, speaking
from harness.targets.process import Process
from harness.verdict import Verdict

Patch = pytest.MonkeyPatch
ON_A_LINE: dict[str, tuple[type[Fault], Scenario, dict[str, Any]]] = {
    "cut-fin": (
        Cut,
        breaking.test_a_connection_may_break_at_any_byte,
        {"where": "upstream", "how": Close.FULL},
    ),
    "cut-rst": (
        Cut,
        breaking.test_a_connection_may_break_at_any_byte,
        {"where": "downstream", "how": Close.RST},
    ),
    "half-close": (Cut, breaking.test_whoever_only_stops_sending_has_left, {}),
    "blackhole": (
        Blackhole,
        breaking.test_a_line_that_is_dead_for_a_while_loses_nothing,
        {"where": "downstream"},
    ),
    "stall": (Stall, breaking.test_half_a_message_delays_nobody, {}),
    "corrupt": (Corrupt, breaking.test_garbage_harms_nobody_else, {}),
}


def passes_everything_on(patch: Patch, fault: type[Fault]) -> None:
    """Let a fault do what one does that has nothing of its own, whatever it was told."""
    for deed in ("on_data", "on_close", "release"):
        patch.setattr(fault, deed, getattr(Fault, deed))
    patch.setattr("harness.faults.link.place.Between.lose_all_that_comes", lambda *_a, **_k: None)


def keeps_the_connection_at_first(patch: Patch) -> None:
    """Let a client's first close do nothing; the room closes it in the end."""
    kept: list[Client] = []
    close = Client.close

    def close_the_second_time(client: Client) -> None:
        if client in kept:
            close(client)
        kept.append(client)

    patch.setattr(Client, "close", close_the_second_time)


@contextmanager
def enough_disk(_processes: object) -> Iterator[None]:
    yield


WAYS_OFF: dict[str, Callable[[Patch], None]] = {
    "fin": lambda patch: patch.setattr(socket.socket, "shutdown", lambda *_a: None),
    "rst": keeps_the_connection_at_first,
    "killed": keeps_the_connection_at_first,
    "killed-unread": keeps_the_connection_at_first,
    "stalled": lambda patch: patch.setattr(Client, "stop_reading", lambda _client: None),
    "vanished": lambda patch: patch.setattr(vanishing, "drop_all", lambda _sock: None),
}
ON_A_PROCESS: dict[str, tuple[Callable[[Patch], None], Scenario]] = {
    "full disk": (
        lambda patch: patch.setattr(logbook, "full_disk", enough_disk),
        keeping.test_a_full_disk_stops_neither_the_room_nor_the_log_for_good,
    ),
    "kill": (
        lambda patch: patch.setattr(Process, "kill", lambda *_a: None),
        keeping.test_after_a_kill_the_log_has_all_that_anybody_received,
    ),
}


def inconclusive(said: tuple[Verdict, str]) -> None:
    verdict, reason = said
    assert (verdict, bool(reason)) == (Verdict.INCONCLUSIVE, True), reason


@pytest.mark.deep
@pytest.mark.parametrize("name", ON_A_LINE)
def test_a_fault_of_one_line_that_is_off_proves_nothing(name: str, monkeypatch: Patch) -> None:
    fault, scenario, values = ON_A_LINE[name]
    passes_everything_on(monkeypatch, fault)
    inconclusive(perform(scenario, **values))


@pytest.mark.deep
@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_that_is_off_proves_nothing(name: str, monkeypatch: Patch) -> None:
    profile = PROFILES[name]
    for make in filter(None, (profile.upstream, profile.downstream)):
        passes_everything_on(monkeypatch, type(make(1)))
    said = perform(speaking.test_every_sender_reaches_every_receiver_once, profile=name)
    inconclusive(said)
    assert said[1].startswith("nothing shows that")


@pytest.mark.deep
@pytest.mark.parametrize("way", WAYS_OFF)
def test_a_way_of_leaving_that_is_off_proves_nothing(way: str, monkeypatch: Patch) -> None:
    WAYS_OFF[way](monkeypatch)
    inconclusive(perform(leaving.test_all_who_stay_are_told_once_and_soon, way=way))


@pytest.mark.deep
@pytest.mark.parametrize("name", ON_A_PROCESS)
def test_a_fault_of_the_process_that_is_off_proves_nothing(name: str, monkeypatch: Patch) -> None:
    switch_off, scenario = ON_A_PROCESS[name]
    switch_off(monkeypatch)
    inconclusive(perform(scenario))


def test_every_way_of_leaving_is_switched_off_somewhere() -> None:
    assert set(WAYS_OFF) == set(WAYS)


def test_every_kind_of_fault_of_a_link_is_switched_off_somewhere() -> None:
    profiled = (
        make(1)
        for profile in PROFILES.values()
        for make in (profile.upstream, profile.downstream)
        if make
    )
    off = {fault for fault, _, _ in ON_A_LINE.values()} | {type(fault) for fault in profiled}
    assert off == {type(make()) for make in FAULTS.values()}

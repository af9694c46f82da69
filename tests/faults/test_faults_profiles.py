"""The profiles: what is put on every connection of a run, and that it must have bitten."""

from __future__ import annotations

from random import Random

import pytest
from faults_stage import Stage

from harness.faults.link.fault import Fault
from harness.faults.profiles import PROFILES, Profile
from harness.linked import Lines
from harness.verdict import Unproven

SAID = "Olá, coração!\n".encode()
each_profile = pytest.mark.parametrize("name", PROFILES)


@each_profile
def test_what_is_said_under_a_profile_arrives_whole_and_leaves_evidence(
    stage: Stage, name: str
) -> None:
    lines = furnished(stage, PROFILES[name])
    for _ in range(3):
        stage.client.send(SAID)
        stage.turn()
    stage.pump(lambda: stage.target.received == SAID * 3)
    stage.pump(lambda: bool(lines.evidence()))
    lines.require_a_bite()


@each_profile
def test_a_profile_changes_nothing_but_when_bytes_arrive(stage: Stage, name: str) -> None:
    furnished(stage, PROFILES[name])
    carried = (*stage.link.upstream.carried, *stage.link.downstream.carried)
    assert carried
    assert not [fault for fault in carried if fault.loses or fault.alters or fault.blocks]


@each_profile
def test_a_profile_that_is_quietly_switched_off_proves_nothing(stage: Stage, name: str) -> None:
    off = Profile(PROFILES[name].what, upstream=lambda _seed: Fault())
    lines = furnished(stage, off)
    stage.client.send(SAID)
    stage.pump(lambda: stage.target.received == SAID)
    with pytest.raises(Unproven, match=f"nothing shows that {off.what}"):
        lines.require_a_bite()


def test_without_a_profile_nothing_is_asked_of_the_links(stage: Stage) -> None:
    lines = furnished(stage, None)
    assert stage.link.upstream.carried == []
    lines.require_a_bite()


def furnished(stage: Stage, profile: Profile | None) -> Lines:
    """Put the faults of a profile on the link of a stage."""
    lines = Lines(profile, Random(1))
    lines.furnish(stage.link)
    return lines

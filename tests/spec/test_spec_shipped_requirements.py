"""The shipped requirements: all of them, each observation with the side it was given."""

from __future__ import annotations

import pytest

from spec.requirements import Observation, Requirement, load

REQUIREMENTS = load()
OBSERVATIONS = [each for requirement in REQUIREMENTS for each in requirement.observations]

# One letter for each observation, in order: S concerns the server, C the client.
SIDES = {
    "RF-001": "SSSSC",
    "RF-002": "SSC",
    "RF-003": "SS",
    "RF-004": "CC",
    "RF-005": "SSSSC",
    "RF-006": "SSSSS",
    "RF-007": "CCCCCC",
    "RF-008": "SSSSSC",
    "RF-009": "CC",
    "RF-010": "CS",
    "RF-011": "SS",
    "RF-012": "SC",
    "RF-013": "CC",
    "RF-014": "SSSC",
    "RF-015": "SSC",
    "RF-016": "CS",
    "RF-017": "SS",
    "RF-018": "SSS",
    "RF-019": "CCC",
    "RF-020": "CCC",
    "RF-021": "C",
    "RF-022": "SSS",
    "RF-023": "CCCCC",
    "RF-024": "CCCS",
    "RF-025": "CCC",
    "RF-026": "SS",
}
LIMITS = {
    "RF-001.4": "notice_s",
    "RF-005.4": "notice_s",
    "RF-007.1": "connection_failure_s",
    "RF-007.2": "connection_failure_s",
    "RF-007.3": "connection_failure_s",
    "RF-007.4": "connection_failure_s",
    "RF-007.5": "connection_failure_s",
    "RF-012.1": "latency_p99_s",
    "RF-012.2": "screen_latency_p99_s",
    "RF-018.2": "memory_growth_bytes_per_1000",
    "RF-022.1": "notice_s",
    "RF-022.2": "stalled_s",
    "RF-022.3": "stalled_s",
    "RF-023.1": "server_loss_s",
    "RF-023.2": "server_loss_s",
    "RF-023.3": "server_silence_s",
    "RF-023.4": "server_loss_s",
    "RF-023.5": "server_loss_s",
    "RF-025.1": "freeze_s",
    "RF-025.2": "freeze_s",
    "RF-025.3": "freeze_s",
}
# What the source contradicts itself about, and the words that must say so.
CONTRADICTIONS = {
    "RF-002": "RF-011",
    "RF-011": "RF-002",
    "RF-003": "RF-026",
    "RF-026": "RF-003",
    "RF-005": "RF-017",
    "RF-017": "RF-005",
    "RF-009": "constants in the code",
}


def test_there_are_twenty_six_requirements() -> None:
    assert len(REQUIREMENTS) == 26


def test_every_observation_has_its_number_and_its_side() -> None:
    found = {r.id: "".join(o.side[0].upper() for o in r.observations) for r in REQUIREMENTS}
    assert found == SIDES


def test_every_bounded_observation_names_its_limit() -> None:
    assert {each.id: each.limit for each in OBSERVATIONS if each.limit} == LIMITS


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=lambda each: each.id)
def test_both_languages_say_something_of_their_own(requirement: Requirement) -> None:
    texts = [requirement.title, requirement.statement, *(o.text for o in requirement.observations)]
    assert all(text.pt != text.en for text in texts)


@pytest.mark.parametrize("observation", OBSERVATIONS, ids=lambda each: each.id)
def test_an_observation_is_a_sentence_on_one_line(observation: Observation) -> None:
    for text in (observation.text.pt, observation.text.en):
        assert text.endswith(".")
        assert "\n" not in text
        assert "  " not in text


@pytest.mark.parametrize(("id_", "words"), CONTRADICTIONS.items())
def test_a_contradiction_of_the_source_is_recorded(id_: str, words: str) -> None:
    interpretation = {each.id: each.interpretation for each in REQUIREMENTS}[id_]
    assert interpretation is not None
    assert words in interpretation.en

"""The rules of the verdicts: what a report may say of an observation, a requirement, a run."""

from __future__ import annotations

import pytest
from report_samples import (
    PROOF,
    REQUIREMENTS,
    SERVER_ONES,
    all_good,
    bad,
    good,
    inputs,
    mixed,
    over,
)

from harness.reports.build import build
from harness.reports.model import (
    STILL_RUNNING,
    ObservationReport,
    Report,
    exit_code,
    observations_in_scope,
    progress,
    telling,
)
from harness.results import Said
from harness.verdict import Scope, Verdict


def seen(report: Report, observation: str) -> ObservationReport:
    return observations_in_scope(report)[observation]


def of_one(*said: Said, **changed: object) -> ObservationReport:
    """Return what is said of RF-001.1 when each of these comes from a scenario of its own."""
    overs = [over(f"a/{n}@direct", {"RF-001.1": s}) for n, s in enumerate(said)]
    return seen(build(inputs(*overs, **changed)), "RF-001.1")


def test_before_anything_ran_every_observation_in_scope_is_not_run() -> None:
    report = build(inputs(interrupted=STILL_RUNNING))
    said = observations_in_scope(report)
    assert {o.verdict for o in said.values()} == {Verdict.NOT_RUN}
    assert list(said) == list(SERVER_ONES)
    assert {o.reason for o in said.values()} == {"not run: still running"}


def test_an_observation_takes_the_worst_of_its_scenarios() -> None:
    worst = bad("never came")
    said = of_one(good(), bad("late", Verdict.INCONCLUSIVE), worst, good())
    assert (said.verdict, said.reason) == (Verdict.FAILED, "never came")


def test_the_obligations_of_all_scenarios_are_summed() -> None:
    assert of_one(good(3), good(4), bad()).obligations == 8


def test_a_verified_observation_has_no_reason_and_names_its_proofs() -> None:
    said = of_one(good())
    assert (said.verdict, said.reason, said.proven_by) == (Verdict.VERIFIED, None, ["mute"])


def test_without_a_proof_nothing_is_verified() -> None:
    said = of_one(good(), proofs={})
    assert said.verdict is Verdict.INCONCLUSIVE
    assert said.reason == "no one-bug system is known that this check catches"


def test_without_a_proof_a_failure_is_still_a_failure() -> None:
    assert of_one(bad(), proofs={}).verdict is Verdict.FAILED


def test_without_an_obligation_nothing_is_verified() -> None:
    said = of_one(good(0), good(5))
    assert said.verdict is Verdict.INCONCLUSIVE
    assert said.reason == "the scenario ended without having checked anything for it"


def test_an_observation_in_scope_that_nothing_covers_is_not_run() -> None:
    said = seen(build(inputs(mapped=set())), "RF-001.1")
    assert (said.verdict, said.reason) == (Verdict.NOT_RUN, "no scenario covers it yet")


def test_an_observation_whose_scenarios_were_not_chosen_is_not_run() -> None:
    said = seen(build(inputs()), "RF-001.1")
    assert said.reason == "none of its scenarios was part of this run"


def test_a_scenario_that_never_began_is_not_run_and_says_why_the_run_ended() -> None:
    report = build(inputs(collected={"a/b@direct": ["RF-001.1"]}, interrupted="Ctrl-C"))
    assert seen(report, "RF-001.1").reason == "not run: Ctrl-C"
    assert report.scenarios["a/b@direct"].history is None


def test_what_ended_the_run_is_told_in_full_once_and_shortly_everywhere_else() -> None:
    report = build(inputs(collected={"a/b@direct": ["RF-001.1"]}, interrupted="x" * 2_000))
    assert report.interrupted == "x" * 2_000
    for name in SERVER_ONES:
        assert len(seen(report, name).reason or "") < 250


def test_a_scenario_that_was_cut_off_says_so() -> None:
    cut = inputs(collected={"a/b@x": ["RF-001.1"]}, begun={"a/b@x"}, interrupted="Ctrl-C")
    assert seen(build(cut), "RF-001.1").reason == "it was running when the run ended"


def test_a_scenario_that_runs_says_so_while_the_run_goes_on() -> None:
    now = inputs(collected={"a/b@x": ["RF-001.1"]}, begun={"a/b@x"}, interrupted=STILL_RUNNING)
    assert seen(build(now), "RF-001.1").reason == "it is running"


def test_a_scenario_that_the_run_lost_is_not_run() -> None:
    report = build(inputs(collected={"a/b@direct": ["RF-001.1"]}))
    assert seen(report, "RF-001.1").reason == "not run: the run ended without it"


def test_one_scenario_not_run_keeps_an_observation_from_being_verified() -> None:
    done = over("a/b@direct", {"RF-001.1": good()})
    collected = {"a/b@direct": ["RF-001.1"], "a/c@direct": ["RF-001.1"]}
    said = seen(build(inputs(done, collected=collected)), "RF-001.1")
    assert (said.verdict, said.obligations) == (Verdict.NOT_RUN, 1)


def test_a_scenario_over_without_a_word_on_what_it_covers_is_inconclusive() -> None:
    silent = over("a/b@direct", {})
    said = seen(build(inputs(silent, collected={"a/b@direct": ["RF-001.1"]})), "RF-001.1")
    assert said.verdict is Verdict.INCONCLUSIVE
    assert said.reason == "the scenario ended without a verdict on it"


def test_a_scenario_cannot_put_an_observation_out_of_scope() -> None:
    assert of_one(Said(Verdict.OUT_OF_SCOPE, 1)).verdict is Verdict.INCONCLUSIVE


def test_a_bad_verdict_without_a_reason_gets_one() -> None:
    assert of_one(Said(Verdict.FAILED, 1)).reason == "no reason was given"


def test_a_requirement_takes_the_worst_of_its_observations_and_its_reason() -> None:
    said = mixed().requirements["RF-001"]
    assert (said.verdict, said.reason) == (Verdict.FAILED, "RF-001.2: it came twice")
    assert said.obligations == 5


def test_a_requirement_without_an_observation_in_scope_is_out_of_scope() -> None:
    said = all_good().requirements["RF-003"]
    assert (said.verdict, said.reason, said.obligations) == (Verdict.OUT_OF_SCOPE, None, 0)
    assert said.observations["RF-003.1"].reason is None


def test_each_side_of_a_requirement_has_its_own_verdict() -> None:
    assert all_good().requirements["RF-001"].sides == {
        "server": Verdict.VERIFIED,
        "client": Verdict.OUT_OF_SCOPE,
    }


def test_what_is_cut_by_only_is_out_of_scope() -> None:
    scope = Scope(frozenset({"server"}), frozenset({"RF-002"}))
    report = build(inputs(scope=scope))
    assert list(observations_in_scope(report)) == ["RF-002.1"]
    assert report.only == ["RF-002"]


def test_a_scenario_takes_the_worst_of_what_it_says() -> None:
    said = mixed().scenarios["a/twice[rst]@direct"]
    assert (said.verdict, said.reason, said.obligations) == (Verdict.FAILED, "it came twice", 2)


def test_a_scenario_without_an_observation_in_scope_is_left_out() -> None:
    report = build(inputs(over("a/b@direct", {"RF-003.1": good()})))
    assert report.scenarios == {}


def test_results_that_come_before_the_collection_count() -> None:
    report = build(inputs(over("a/b@direct", {"RF-001.1": bad()}), collected={}))
    assert seen(report, "RF-001.1").verdict is Verdict.FAILED


def test_the_order_of_scenarios_is_that_of_the_collection_whichever_ended_first() -> None:
    first, second = (over(f"a/{n}@direct", {"RF-001.1": good()}) for n in (1, 2))
    ended = {"a/2@direct": second, "a/1@direct": first}
    assert list(build(inputs(first, second, over=ended)).scenarios) == ["a/1@direct", "a/2@direct"]


def test_a_figure_that_is_no_number_is_left_out() -> None:
    figures = {"nan": float("nan"), "inf": float("inf"), "threads": 4.0}
    report = build(inputs(over("a/b@direct", {"RF-001.1": good()}, figures=figures)))
    assert report.scenarios["a/b@direct"].figures == {"threads": 4.0}


def test_a_run_with_everything_in_scope_verified_is_verified() -> None:
    report = all_good()
    assert (report.verdict, exit_code(report)) == ("verified", 0)


@pytest.mark.parametrize("verdict", [Verdict.FAILED, Verdict.NOT_IMPLEMENTED])
def test_a_run_with_one_contradiction_has_failed(verdict: Verdict) -> None:
    report = build(inputs(over("a/b@direct", {"RF-001.1": bad("x", verdict)})))
    assert (report.verdict, exit_code(report)) == ("failed", 1)


def test_a_run_in_which_something_was_not_measured_is_incomplete() -> None:
    report = all_good(proofs={"RF-001.1": [PROOF]})
    assert (report.verdict, exit_code(report)) == ("incomplete", 3)


def test_a_run_that_ended_early_is_never_verified() -> None:
    report = all_good(interrupted="Ctrl-C")
    assert (report.verdict, exit_code(report)) == ("incomplete", 3)


def test_a_run_about_nothing_is_never_verified() -> None:
    report = all_good(scope=Scope(frozenset()))
    assert (report.verdict, exit_code(report)) == ("incomplete", 3)


def test_an_observation_that_no_scenario_covers_breaks_the_mapping() -> None:
    report = build(inputs(over("a/b@direct", {"RF-001.1": bad()}), mapped={"RF-001.1"}))
    assert exit_code(report) == 4
    assert report.mapping == [
        "RF-001.2: no scenario covers it yet",
        "RF-002.1: no scenario covers it yet",
    ]


def test_an_observation_out_of_scope_does_not_break_the_mapping() -> None:
    assert all_good().mapping == []


def test_an_id_that_no_requirement_has_breaks_the_mapping() -> None:
    report = all_good(mapped={*SERVER_ONES, "RF-099.1"})
    assert report.mapping == ["RF-099.1: a scenario covers it, but no requirement has it"]
    assert exit_code(report) == 4


def test_progress_counts_each_scenario_of_a_requirement_once() -> None:
    both = {"RF-001.1": good(), "RF-001.2": good()}
    collected = {"a/b@direct": list(both), "a/c@direct": ["RF-001.2"]}
    report = build(inputs(over("a/b@direct", both), collected=collected))
    assert progress(report, "RF-001") == (1, 2)


def test_the_telling_scenario_is_the_one_with_the_verdict_of_the_observation() -> None:
    assert telling(mixed(), "RF-001.2") == "a/twice[rst]@direct"


def test_no_scenario_tells_that_a_proof_is_missing() -> None:
    assert telling(all_good(proofs={}), "RF-001.1") is None


def test_targets_and_sides_are_named() -> None:
    report = all_good(scope=Scope(frozenset({"server", "client"})))
    assert report.scope == ["server", "client"]
    assert [target.name for target in report.targets] == ["toy"]


def test_proofs_are_listed_for_what_is_in_scope() -> None:
    assert list(all_good().proofs) == list(SERVER_ONES)


def test_every_requirement_is_in_the_report() -> None:
    assert list(build(inputs()).requirements) == [r.id for r in REQUIREMENTS]

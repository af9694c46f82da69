"""What holds of every report, whatever the scenarios said."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from report_samples import PROOF, REQUIREMENTS, inputs, over

from harness.reports.build import Inputs, build
from harness.reports.model import (
    STILL_RUNNING,
    ObservationReport,
    ScenarioReport,
    counts,
    exit_code,
    obligations,
    observations_in_scope,
)
from harness.results import Said
from harness.verdict import SEVERITY, Scope, Verdict, worst

IDS = [o.id for r in REQUIREMENTS for o in r.observations]
SAID = st.builds(
    Said, st.sampled_from(Verdict), st.integers(0, 3), st.none() | st.sampled_from(["late", ""])
)


@st.composite
def runs(draw: st.DrawFn) -> Inputs:
    """Any run: any verdicts, some scenarios not over, some proofs and mappings missing."""
    said = draw(st.lists(st.dictionaries(st.sampled_from(IDS), SAID, min_size=1), max_size=8))
    overs = [over(f"a/{n}@direct", each) for n, each in enumerate(said)]
    pending = draw(st.sets(st.sampled_from(IDS)))
    collected = {o.scenario: list(o.observations) for o in overs}
    collected |= {f"b/{o}@direct": [o] for o in pending}
    some_ids = st.sets(st.sampled_from(IDS))
    return inputs(
        *overs,
        scope=Scope(
            frozenset(draw(st.sets(st.sampled_from(["server", "client"])))),
            frozenset(draw(some_ids)),
        ),
        collected=collected,
        begun=set(draw(st.sets(st.sampled_from(sorted(collected))))) if collected else set(),
        proofs={o: [PROOF] for o in draw(some_ids)},
        mapped=draw(some_ids),
        interrupted=draw(st.sampled_from([None, "Ctrl-C", STILL_RUNNING])),
    )


@given(runs())
def test_a_requirement_is_never_better_than_its_worst_observation_in_scope(run: Inputs) -> None:
    for said in build(run).requirements.values():
        assert said.verdict is worst(o.verdict for o in said.observations.values())
        assert said.verdict is worst(said.sides.values())


@given(runs())
def test_nothing_is_verified_without_obligations_proof_and_scenarios_all_over(run: Inputs) -> None:
    report = build(run)
    for name, said in observations_in_scope(report).items():
        if said.verdict is Verdict.VERIFIED:
            assert said.obligations > 0
            assert said.proven_by
            assert said.scenarios
            for key in said.scenarios:
                assert report.scenarios[key].history is not None
                assert report.scenarios[key].said[name].verdict is Verdict.VERIFIED


@given(runs())
def test_an_observation_is_never_better_than_what_any_scenario_said(run: Inputs) -> None:
    said = observations_in_scope(build(run))
    for done in run.over.values():
        for name, each in done.observations.items():
            if name in said and each.verdict is not Verdict.OUT_OF_SCOPE:
                assert SEVERITY.index(said[name].verdict) <= SEVERITY.index(each.verdict)


@given(runs())
def test_exactly_what_is_in_scope_is_reported(run: Inputs) -> None:
    in_scope = [o.id for r in REQUIREMENTS for o in r.observations if run.scope.holds(o.id, o.side)]
    assert list(observations_in_scope(build(run))) == in_scope


@given(runs())
def test_every_verdict_in_scope_but_a_good_one_has_its_reason(run: Inputs) -> None:
    report = build(run)
    judged: list[ObservationReport | ScenarioReport] = [
        *observations_in_scope(report).values(),
        *report.scenarios.values(),
    ]
    for said in judged:
        assert bool(said.reason) is (said.verdict is not Verdict.VERIFIED)


@given(runs())
def test_obligations_are_those_of_the_scenarios(run: Inputs) -> None:
    report = build(run)
    assert obligations(report) == sum(s.obligations for s in report.scenarios.values())


@given(runs())
def test_the_exit_code_follows_from_the_verdicts_in_scope(run: Inputs) -> None:
    report = build(run)
    numbers = counts(report)
    if report.mapping:
        assert exit_code(report) == 4
    elif numbers[Verdict.FAILED] or numbers[Verdict.NOT_IMPLEMENTED]:
        assert exit_code(report) == 1
    elif set(numbers) != {Verdict.VERIFIED} or run.interrupted is not None:
        assert exit_code(report) == 3
    else:
        assert exit_code(report) == 0

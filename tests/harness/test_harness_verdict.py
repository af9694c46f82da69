"""Obligations and verdicts: what counts, what stays, how they merge, what is in scope."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.verdict import (
    SEVERITY,
    Contradicted,
    Judgement,
    Lacking,
    Ledger,
    Scope,
    Spoilt,
    Stopped,
    Unproven,
    Verdict,
    covers,
    worst,
)

VERDICTS = st.sampled_from(Verdict)


def verdicts(ledger: Ledger) -> dict[str, Verdict]:
    return {judgement.observation: judgement.verdict for judgement in ledger.judgements()}


# -- how verdicts merge ---------------------------------------------------------------------


@given(st.lists(VERDICTS), st.lists(VERDICTS))
def test_the_worst_does_not_depend_on_order_or_grouping(
    some: list[Verdict], more: list[Verdict]
) -> None:
    assert worst(some + more) is worst(more + some)
    assert worst([worst(some), worst(more)]) is worst(some + more)
    assert worst([*some, *some]) is worst(some)


@given(VERDICTS, VERDICTS)
def test_the_worst_is_one_of_them_and_no_better_than_any(one: Verdict, other: Verdict) -> None:
    assert worst([one, other]) in (one, other)
    assert SEVERITY.index(worst([one, other])) <= SEVERITY.index(one)


def test_the_worst_of_nothing_is_out_of_scope() -> None:
    assert worst([]) is Verdict.OUT_OF_SCOPE


def test_failed_is_worse_than_not_implemented_than_inconclusive_than_not_run() -> None:
    assert SEVERITY[:5] == (
        Verdict.FAILED,
        Verdict.NOT_IMPLEMENTED,
        Verdict.INCONCLUSIVE,
        Verdict.NOT_RUN,
        Verdict.VERIFIED,
    )
    assert set(SEVERITY) == set(Verdict)


# -- the ledger -----------------------------------------------------------------------------


def test_nothing_checked_is_inconclusive_never_verified() -> None:
    (judgement,) = Ledger(("RF-001.1",)).judgements()
    assert judgement == Judgement(
        "RF-001.1",
        Verdict.INCONCLUSIVE,
        0,
        "the scenario ended without having checked anything for it",
    )


def test_a_scenario_of_one_observation_is_all_about_it() -> None:
    ledger = Ledger(("RF-001.1",))
    ledger.discharge()
    ledger.discharge(2)
    assert ledger.judgements() == (Judgement("RF-001.1", Verdict.VERIFIED, 3, None),)


def test_preparation_discharges_nothing_where_there_are_several_observations() -> None:
    ledger = Ledger(("RF-001.1", "RF-001.2"))
    ledger.discharge()
    with ledger.about("RF-001.2"):
        ledger.discharge()
    ledger.discharge()
    assert verdicts(ledger) == {
        "RF-001.1": Verdict.INCONCLUSIVE,
        "RF-001.2": Verdict.VERIFIED,
    }


def test_a_block_may_be_about_several_observations() -> None:
    ledger = Ledger(("RF-001.1", "RF-001.2"))
    with ledger.about("RF-001.1", "RF-001.2"):
        ledger.discharge()
    assert set(verdicts(ledger).values()) == {Verdict.VERIFIED}


def test_one_bug_does_not_hide_what_there_is_to_say_of_the_others() -> None:
    ledger = Ledger(("RF-001.1", "RF-001.2"))
    with ledger.about("RF-001.1"):
        raise Contradicted("a bug")
    with ledger.about("RF-001.2"):
        ledger.discharge()
    assert verdicts(ledger) == {"RF-001.1": Verdict.FAILED, "RF-001.2": Verdict.VERIFIED}


def test_a_contradiction_outweighs_any_number_of_obligations() -> None:
    ledger = Ledger(("RF-001.1",))
    ledger.discharge(100)
    ledger.stop(Contradicted("once"), ("RF-001.1",))
    assert ledger.judgements() == (Judgement("RF-001.1", Verdict.FAILED, 100, "once"),)


@pytest.mark.parametrize(
    "order", list(permutations([Unproven("u"), Contradicted("c"), Lacking("l")]))
)
def test_of_several_reasons_the_most_severe_stays(order: tuple[Stopped, ...]) -> None:
    ledger = Ledger(("RF-001.1",))
    for why in order:
        ledger.stop(why, ("RF-001.1",))
    (judgement,) = ledger.judgements()
    assert (judgement.verdict, judgement.reason) == (Verdict.FAILED, "c")


def test_of_equally_severe_reasons_the_first_stays() -> None:
    ledger = Ledger(("RF-001.1",))
    ledger.stop(Contradicted("first"), ("RF-001.1",))
    ledger.stop(Contradicted("second"), ("RF-001.1",))
    assert ledger.judgements()[0].reason == "first"


def test_what_is_left_open_by_a_performance_that_was_spoilt_was_spoilt() -> None:
    ledger = Ledger(("RF-001.1", "RF-001.2", "RF-001.3", "RF-001.4"))
    ledger.stop(Contradicted("twice"), ("RF-001.1",))
    ledger.stop(Unproven("no evidence"), ("RF-001.2",))
    with ledger.about("RF-001.3"):
        ledger.discharge()
    assert ledger.spoilt() == []
    ledger.stop(Spoilt("late"), ("RF-001.1",))
    assert ledger.spoilt() == ["RF-001.2", "RF-001.4"]


def test_a_scenario_that_a_busy_machine_has_spoilt_is_over_at_once() -> None:
    ledger = Ledger(("RF-001.1", "RF-001.2"))
    with pytest.raises(Spoilt, match="late"), ledger.about("RF-001.1"):
        raise Spoilt("late")
    assert ledger.stops == {}
    ledger.stop_the_rest(Spoilt("late"))
    assert ledger.spoilt() == ["RF-001.1", "RF-001.2"]


def test_an_early_end_concerns_only_what_no_block_has_judged() -> None:
    ledger = Ledger(("RF-001.1", "RF-001.2"))
    with ledger.about("RF-001.1"):
        ledger.discharge()
    ledger.stop_the_rest(Unproven("the harness broke"))
    assert verdicts(ledger) == {
        "RF-001.1": Verdict.VERIFIED,
        "RF-001.2": Verdict.INCONCLUSIVE,
    }


def test_what_breaks_inside_a_block_leaves_it_unjudged() -> None:
    ledger = Ledger(("RF-001.1", "RF-001.2"))
    ledger.discharge()
    with pytest.raises(KeyError), ledger.about("RF-001.1"):
        ledger.obligations.pop("RF-009.9")
    ledger.stop_the_rest(Unproven("the harness broke"))
    assert set(verdicts(ledger).values()) == {Verdict.INCONCLUSIVE}
    assert ledger.current == ()


def test_a_block_about_something_not_covered_is_a_mistake() -> None:
    with (
        pytest.raises(ValueError, match=r"\['RF-009.1'\] is not in @covers"),
        Ledger(("RF-001.1",)).about("RF-009.1"),
    ):
        pass


@pytest.mark.parametrize(
    ("why", "verdict"),
    [
        (Contradicted("a"), Verdict.FAILED),
        (Lacking("a"), Verdict.NOT_IMPLEMENTED),
        (Unproven("a"), Verdict.INCONCLUSIVE),
    ],
)
def test_each_way_of_stopping_has_its_verdict(why: Stopped, verdict: Verdict) -> None:
    assert why.verdict is verdict
    assert str(why) == why.reason == "a"


def test_a_scenario_declares_what_it_covers() -> None:
    def scenario() -> None: ...

    assert covers("RF-001.1", "RF-002.1")(scenario) is scenario
    assert scenario.__dict__["covers"] == ("RF-001.1", "RF-002.1")


# -- scope ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("only", "holds"),
    [((), True), (("RF-014",), True), (("RF-014.2",), True), (("RF-014.1", "RF-01"), False)],
)
def test_an_observation_is_in_scope_when_it_or_its_requirement_is_named(
    only: tuple[str, ...], holds: bool
) -> None:
    scope = Scope(frozenset({"server"}), frozenset(only))
    assert scope.holds("RF-014.2", "server") is holds
    assert not scope.holds("RF-014.2", "client")

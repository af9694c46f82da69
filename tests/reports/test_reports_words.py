"""The verdict of a run in words names the sides and leaves nothing out."""

from __future__ import annotations

from report_samples import PROOF, REQUIREMENTS, SERVER_ONES, all_good, good, inputs, mixed, over

from harness.reports.build import build
from harness.reports.model import STILL_RUNNING
from harness.reports.words import WORDS, count, sentence, unfinished
from harness.verdict import Scope, Verdict


def test_a_verified_run_names_its_sides() -> None:
    assert sentence(all_good()) == "Server side of 2 requirements: all 3 observations verified."


def test_a_run_about_one_observation_is_said_in_the_singular() -> None:
    report = all_good(scope=Scope(frozenset({"server"}), frozenset({"RF-002.1"})))
    assert sentence(report) == "Server side of 1 requirement: 1 observation verified."


def test_a_failed_run_counts_every_verdict() -> None:
    assert sentence(mixed()) == (
        "Server side of 2 requirements: of 3 observations 1 failed, 1 not implemented, 1 verified."
    )


def test_an_incomplete_run_says_that_nothing_failed_and_what_is_missing() -> None:
    assert sentence(all_good(proofs={"RF-001.1": [PROOF]})) == (
        "Server side of 2 requirements: nothing failed, but not everything was measured: "
        "of 3 observations 2 inconclusive, 1 verified."
    )


def test_a_run_that_goes_on_says_so() -> None:
    report = build(inputs(interrupted=STILL_RUNNING))
    assert "nothing has failed so far" in sentence(report)
    assert unfinished(report).startswith("the run is still going on; 3 of 3")


def test_a_verified_run_that_ended_early_says_so() -> None:
    assert sentence(all_good(interrupted="Ctrl-C")).endswith(
        "all 3 observations verified, but the run ended early: Ctrl-C."
    )


def test_both_sides_are_named() -> None:
    both = Scope(frozenset({"client", "server"}))
    assert sentence(all_good(scope=both)).startswith("Server and client sides of 3 requirements")


def test_a_run_about_nothing_says_that_nothing_is_verified() -> None:
    nothing = all_good(scope=Scope(frozenset()))
    assert sentence(nothing) == "Nothing is in scope, so nothing is verified."


def test_what_did_not_run_is_counted() -> None:
    one = all_good(collected={"x/y@direct": [SERVER_ONES[0]]})
    assert unfinished(one) == "1 of 3 observations was not run"


def test_a_run_that_ran_to_its_end_has_nothing_unfinished() -> None:
    assert unfinished(mixed()) == ""


def test_every_verdict_has_a_sign_of_its_own_and_a_meaning() -> None:
    assert set(WORDS) == set(Verdict)
    assert len({word.sign for word in WORDS.values()}) == len(Verdict)


def test_things_are_counted_in_words() -> None:
    assert [count(n, "scenario") for n in (0, 1, 1200)] == [
        "0 scenarios",
        "1 scenario",
        "1,200 scenarios",
    ]


def test_a_side_that_could_not_be_tried_is_told_with_its_reason() -> None:
    both = Scope(frozenset({"server", "client"}))
    overs = [over(f"theme/{name}@direct", {name: good(2)}) for name in SERVER_ONES]
    mapped = {o.id for requirement in REQUIREMENTS for o in requirement.observations}
    told = inputs(*overs, scope=both, mapped=mapped, lacking={"client": "no Xvfb"})
    report = build(told)
    assert unfinished(report).startswith("nothing of the client side could be tried: no Xvfb; ")
    ones = {n: o for r in report.requirements.values() for n, o in r.observations.items()}
    assert {o.reason for n, o in ones.items() if n not in SERVER_ONES} == {"not run: no Xvfb"}
    assert {o.verdict for n, o in ones.items() if n in SERVER_ONES} == {Verdict.VERIFIED}

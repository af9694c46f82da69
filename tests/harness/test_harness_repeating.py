"""What two performances of one scenario say together, the first spoilt by a busy machine."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from harness.repeating import repeated
from harness.results import FindingRecord, Over, Said
from harness.runner import Progress
from harness.verdict import SEVERITY, Verdict

LATE = Said(Verdict.INCONCLUSIVE, 0, "silent; but the harness itself was 0.8 s late")
VERIFIED, FAILED = Said(Verdict.VERIFIED, 3), Said(Verdict.FAILED, 1, "nobody heard it")
FLOOD, LEAK = FindingRecord("flood", "RF-001.1", "much"), FindingRecord("leak", "RF-001.1", "a")


def over(
    *said: Said,
    spoilt: tuple[int, ...] = (),
    findings: tuple[FindingRecord, ...] = (),
    screens: tuple[str, ...] = (),
) -> Over:
    """Return one performance; the numbers say which of its observations were spoilt."""
    return Over(
        scenario="speaking/all-hear@direct",
        sentence="All hear.",
        profile="direct",
        observations={f"RF-001.{number}": each for number, each in enumerate(said, 1)},
        duration_s=0.1,
        figures={},
        evidence=["0.1 s ana: saw it"],
        history="histories/all-hear.jsonl",
        findings=list(findings),
        screens=list(screens),
        spoilt=[f"RF-001.{number}" for number in spoilt],
    )


def again(*said: Said) -> Over:
    """Return a second performance, which nothing spoilt."""
    return msgspec.structs.replace(over(*said), history="histories/all-hear.again.jsonl")


def verdicts(first: Over, second: Over) -> list[Said]:
    return list(repeated(first, second).observations.values())


def test_of_what_was_spoilt_the_second_says_it() -> None:
    assert verdicts(over(LATE, spoilt=(1,)), over(VERIFIED)) == [VERIFIED]
    assert verdicts(over(LATE, spoilt=(1,)), over(FAILED)) == [FAILED]


def test_what_the_first_has_settled_stays_unless_the_second_says_worse() -> None:
    assert verdicts(over(FAILED, LATE, spoilt=(2,)), over(VERIFIED, VERIFIED)) == [FAILED, VERIFIED]
    assert verdicts(over(VERIFIED, LATE, spoilt=(2,)), over(FAILED, FAILED)) == [FAILED, FAILED]


def test_a_second_performance_that_is_spoilt_too_can_only_accuse() -> None:
    first = over(VERIFIED, LATE, spoilt=(2,))
    assert verdicts(first, over(LATE, VERIFIED, spoilt=(1,))) == [VERIFIED, LATE]
    assert verdicts(first, over(LATE, FAILED, spoilt=(1,))) == [VERIFIED, FAILED]


def test_what_is_spoilt_twice_stays_inconclusive_and_is_not_performed_again() -> None:
    twice = repeated(over(LATE, spoilt=(1,)), over(LATE, spoilt=(1,)))
    assert list(twice.observations.values()) == [LATE]
    assert twice.spoilt == []


def test_the_evidence_of_both_is_kept_and_says_why_there_were_two() -> None:
    before, why, after = repeated(over(LATE, spoilt=(1,)), again(VERIFIED)).evidence
    assert before == after == "0.1 s ana: saw it"
    assert why == (
        "performed again, alone, for a busy machine may have spoilt RF-001.1: "
        "silent; but the harness itself was 0.8 s late "
        "(first histories/all-hear.jsonl, then histories/all-hear.again.jsonl)"
    )


def test_the_history_is_that_of_the_performance_which_decides() -> None:
    first = over(FAILED, LATE, spoilt=(2,))
    assert repeated(first, again(VERIFIED, VERIFIED)).history == first.history
    assert repeated(first, again(FAILED, VERIFIED)).history == first.history
    second = again(VERIFIED, FAILED)
    assert repeated(over(VERIFIED, LATE, spoilt=(2,)), second).history == second.history


def test_findings_and_pictures_of_both_are_kept_each_once() -> None:
    first = over(LATE, spoilt=(1,), findings=(FLOOD,), screens=("1.png",))
    both = repeated(first, over(FAILED, findings=(FLOOD, LEAK), screens=("2.png",)))
    assert both.findings == [FLOOD, LEAK]
    assert both.screens == ["1.png", "2.png"]


BETTER_OR_WORSE = (Verdict.FAILED, Verdict.NOT_IMPLEMENTED, Verdict.INCONCLUSIVE, Verdict.VERIFIED)
SEEN = st.sampled_from([LATE, *(Said(verdict, 1, "a reason") for verdict in BETTER_OR_WORSE)])


@given(st.lists(SEEN, min_size=2, max_size=2), st.lists(SEEN, min_size=2, max_size=2))
def test_nothing_that_was_not_spoilt_is_ever_told_better_than_it_was_seen(
    first: list[Said], second: list[Said]
) -> None:
    both = [
        over(*said, spoilt=tuple(place for place, each in enumerate(said, 1) if each is LATE))
        for said in (first, second)
    ]
    for told, *seen in zip(verdicts(*both), first, second, strict=True):
        assert told in seen
        for said in seen:
            assert said is LATE or SEVERITY.index(told.verdict) <= SEVERITY.index(said.verdict)


def test_progress_knows_what_is_to_be_performed_again_until_it_was() -> None:
    progress = Progress()
    progress.take(over(LATE, spoilt=(1,)))
    assert progress.spoilt() == ["speaking/all-hear@direct"]
    progress.take(over(LATE, spoilt=(1,)))
    assert progress.spoilt() == []
    assert progress.over["speaking/all-hear@direct"].observations == {"RF-001.1": LATE}

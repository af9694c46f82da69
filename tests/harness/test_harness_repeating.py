"""What two performances of one scenario say together, the first spoilt by a busy machine."""

from __future__ import annotations

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


def verdicts(first: Over, second: Over) -> list[Said]:
    return list(repeated(first, second).observations.values())


def test_of_what_was_spoilt_the_second_says_it() -> None:
    assert verdicts(over(LATE, spoilt=(1,)), over(VERIFIED)) == [VERIFIED]
    assert verdicts(over(LATE, spoilt=(1,)), over(FAILED)) == [FAILED]


def test_what_was_seen_while_nothing_was_spoilt_is_not_wiped_out() -> None:
    assert verdicts(over(FAILED, LATE, spoilt=(2,)), over(VERIFIED, VERIFIED)) == [FAILED, VERIFIED]
    assert verdicts(over(VERIFIED, LATE, spoilt=(2,)), over(FAILED, FAILED)) == [FAILED, FAILED]


def test_a_second_delay_takes_nothing_from_what_the_first_has_settled() -> None:
    second = over(LATE, VERIFIED, spoilt=(1,))
    assert verdicts(over(VERIFIED, LATE, spoilt=(2,)), second) == [VERIFIED, VERIFIED]


def test_what_is_spoilt_twice_stays_inconclusive_and_is_not_performed_again() -> None:
    twice = repeated(over(LATE, spoilt=(1,)), over(LATE, spoilt=(1,)))
    assert list(twice.observations.values()) == [LATE]
    assert twice.spoilt == []


def test_the_evidence_says_why_there_were_two_and_where_the_first_is_told() -> None:
    (why, seen) = repeated(over(LATE, spoilt=(1,)), over(VERIFIED)).evidence
    assert why == (
        "performed again, alone, for a busy machine had spoilt RF-001.1: "
        "silent; but the harness itself was 0.8 s late (histories/all-hear.jsonl)"
    )
    assert seen == "0.1 s ana: saw it"


def test_findings_and_pictures_of_both_are_kept_each_once() -> None:
    first = over(LATE, spoilt=(1,), findings=(FLOOD,), screens=("1.png",))
    both = repeated(first, over(FAILED, findings=(FLOOD, LEAK), screens=("2.png",)))
    assert both.findings == [FLOOD, LEAK]
    assert both.screens == ["1.png", "2.png"]


SAID = st.builds(Said, st.sampled_from(SEVERITY[:4]), st.just(1), st.just("a reason"))
SEEN = st.tuples(st.booleans(), SAID).map(lambda drawn: (drawn[0], LATE if drawn[0] else drawn[1]))


@given(SEEN, SEEN)
def test_nothing_settled_is_ever_told_better_than_it_was_seen(
    first: tuple[bool, Said], second: tuple[bool, Said]
) -> None:
    both = [over(said, spoilt=(1,) if spoilt else ()) for spoilt, said in (first, second)]
    (told,) = verdicts(*both)
    for spoilt, said in (first, second):
        assert spoilt or SEVERITY.index(told.verdict) <= SEVERITY.index(said.verdict)
    assert told in {first[1], second[1]}


def test_progress_knows_what_is_to_be_performed_again_until_it_was() -> None:
    progress = Progress()
    progress.take(over(LATE, spoilt=(1,)))
    assert progress.spoilt() == ["speaking/all-hear@direct"]
    progress.take(over(LATE, spoilt=(1,)))
    assert progress.spoilt() == []
    assert progress.over["speaking/all-hear@direct"].observations == {"RF-001.1": LATE}

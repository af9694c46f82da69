"""Percentiles of many times, and when a limit is broken for good."""

from __future__ import annotations

import pytest

from harness.checkers.latency import Latencies
from harness.verdict import Contradicted, Spoilt


def measured(*seconds: float, planned: int = 100) -> Latencies:
    latencies = Latencies(0.25, planned)
    for each in seconds:
        latencies.add(each)
    return latencies


def test_percentiles_are_those_of_what_was_measured() -> None:
    latencies = measured(*[0.001] * 98, 0.2, 0.2)
    assert latencies.percentile_s(50) == pytest.approx(0.001, rel=0.01)
    assert latencies.figures() == {"p50": pytest.approx(1, 0.01), "p99": pytest.approx(200, 0.01)}


def test_one_in_a_hundred_may_be_over_the_limit() -> None:
    assert not measured(0.3).is_over


def test_more_than_one_in_a_hundred_of_those_planned_break_the_limit_for_good() -> None:
    latencies = measured(0.3, 0.3)
    assert latencies.is_over
    assert latencies.percentile_s(99) > 0.25


def test_how_many_are_known_is_a_share_of_those_planned() -> None:
    assert measured(0.1, 0.1, planned=8).share == 0.25


@pytest.mark.parametrize("seconds", [0.0, 3_600.0])
def test_a_time_out_of_range_is_taken_for_the_nearest(seconds: float) -> None:
    assert measured(seconds).percentile_s(50) == pytest.approx(max(1e-6, min(60, seconds)), 0.01)


def judged(latencies: Latencies) -> dict[str, float | dict[str, float]]:
    figures: dict[str, float | dict[str, float]] = {}
    latencies.judge(figures)
    return figures


def test_what_keeps_the_limit_is_shown() -> None:
    assert list(judged(measured(*[0.1] * 100))) == ["latency_ms"]


def test_what_breaks_the_limit_is_told_with_the_time_it_took() -> None:
    with pytest.raises(Contradicted, match=r"one in a hundred took 0\.30 s; the limit is 0\.25 s"):
        judged(measured(0.3, 0.3))


@pytest.mark.parametrize("count", [0, 49])
def test_nothing_is_said_of_too_few_measurements(count: int) -> None:
    with pytest.raises(Spoilt, match="the harness itself was late"):
        judged(measured(*[0.1] * count))

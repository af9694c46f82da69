"""What is made of figures, and how it is shown."""

from __future__ import annotations

import io
import math

import pytest

from harness.load.figures import Figure, Measure, cell, percentile, ratios
from harness.load.table import Board


def figure(run: int, target: str, value: float | None, **more: object) -> Figure:
    return Figure(run, target, Measure.ONE, value, **more)  # type: ignore[arg-type]


FIGURES = [
    figure(1, "ana", 100_000.0),
    figure(1, "bia", 50_000.0),
    figure(2, "ana", 10_000.0),
    figure(2, "bia", 20_000.0, lost=3, expected=300),
    figure(3, "ana", 200_000.0),
    figure(3, "bia", 100_000.0),
]


def test_a_cell_has_the_median_over_the_runs() -> None:
    assert cell(FIGURES, "ana", Measure.ONE).median == 100_000.0


def test_a_ratio_is_taken_inside_each_run() -> None:
    ana, bia = (cell(FIGURES, target, Measure.ONE) for target in ("ana", "bia"))
    assert ratios(bia, ana) == [0.5, 2.0, 0.5]


def test_a_run_without_a_value_has_no_part_in_a_ratio() -> None:
    figures = [figure(1, "ana", 2.0), figure(1, "bia", None), figure(2, "bia", 9.0)]
    assert ratios(cell(figures, "bia", Measure.ONE), cell(figures, "ana", Measure.ONE)) == []


def test_what_was_lost_is_said() -> None:
    assert cell(FIGURES, "bia", Measure.ONE).notes == ["3 of 300 deliveries were lost"]


@pytest.mark.parametrize(("load", "server", "limited"), [(0.97, 0.4, 1), (0.97, 0.99, 0)])
def test_a_generator_that_was_the_limit_is_said(load: float, server: float, limited: int) -> None:
    figures = [figure(1, "ana", 2.0, load_share=load, server_share=server)]
    assert len(cell(figures, "ana", Measure.ONE).notes) == limited


def test_a_percentile_counts_what_never_came() -> None:
    times_s = [0.001 * n for n in range(1, 100)]
    assert percentile(times_s, 0.5, 99) == pytest.approx(0.05, rel=0.01)
    assert math.isinf(percentile(times_s, 0.99, 110))


def shown() -> str:
    stream = io.StringIO()
    board = Board(["ana", "bia"], 3, stream)
    for one in FIGURES:
        board.update(one)
    board.finish([*FIGURES, Figure(1, "bia", Measure.TWENTY, note="not applicable: no framing")])
    return stream.getvalue()


def test_without_a_terminal_there_are_plain_lines() -> None:
    output = shown()
    assert "\x1b" not in output
    assert "run 2/3  bia: deliveries, 1 in flight: 20k/s" in output
    line = "deliveries, 1 in flight: bia: 50k/s · (20k/s to 100k/s) · 0.50 x ana (0.50 to 2.00)"
    assert line in output
    assert "bia, deliveries, 1 in flight: 3 of 300 deliveries were lost" in output
    assert "deliveries, 20 in flight: bia: not applicable" in output


@pytest.mark.parametrize("no_color", ["", "1"])
def test_on_a_terminal_there_is_a_table_and_no_color_is_honoured(
    no_color: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", no_color)
    output = shown()
    assert "Side by side" in output
    assert "\x1b[3" not in output.replace("\x1b[3m", "")

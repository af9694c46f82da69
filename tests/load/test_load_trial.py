"""One target measured once: every measure is there, and the counts add up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from harness import lifetimes
from harness.load import worker
from harness.load.figures import Figure, Measure
from harness.load.sizes import Plan, Sizes
from harness.system import System, load
from harness.targets.instructions import missing_package

SAMPLES = Path(__file__).parents[1] / "samples"
TINY = Sizes(members=4, patience_s=60.0)
Measuring = Callable[..., list[Figure]]
Relay = Callable[[int], System]


@pytest.mark.parametrize(
    "target",
    [
        "reference-server",
        pytest.param("ngircd", marks=pytest.mark.deep),
        pytest.param("inspircd", marks=pytest.mark.deep),
    ],
)
def test_every_measure_of_a_framed_server_has_a_value_and_nothing_is_lost(
    target: str, measure: Measuring
) -> None:
    system = load(target)
    if missing := missing_package(system.description):
        pytest.skip(missing)
    figures = measure(system)
    assert [figure.measure for figure in figures] == list(Measure)
    assert all(figure.value and figure.value > 0 for figure in figures)
    assert [figure for figure in figures if figure.lost or "texts" in figure.note] == []


def test_a_server_of_objects_is_spoken_to_in_objects(measure: Measuring) -> None:
    figures = {
        figure.measure: figure for figure in measure(load(str(SAMPLES / "fields/alvo.toml")))
    }
    assert (figures[Measure.ONE].value or 0) > 0, figures


def test_what_an_unframed_server_cannot_do_is_said_instead_of_a_figure(measure: Measuring) -> None:
    figures = {figure.measure: figure for figure in measure(load("naive-server"))}
    without = {m for m, figure in figures.items() if figure.value is None}
    assert without == {Measure.TWENTY, Measure.ALONE, Measure.FLOODED, Measure.FLOOD, Measure.PEAK}
    assert all("no framing" in figures[m].note for m in without)


@pytest.mark.deep
def test_a_latency_expects_every_text_at_every_member_and_nothing_is_left(
    relay: Relay, measure: Measuring
) -> None:
    before = lifetimes.descendants()
    figures = {figure.measure: figure for figure in measure(relay(0))}
    assert figures[Measure.LATENCY].expected == 10 * 4
    assert figures[Measure.CROWD].expected == 10 * 6
    assert figures[Measure.ALONE].expected == 10 * 3
    assert lifetimes.descendants() == before


@pytest.mark.deep
def test_what_a_server_loses_is_counted(relay: Relay, measure: Measuring, tmp_path: Path) -> None:
    hasty = Sizes(members=4, senders=2, in_flight=3, crowd=6, isolated=3, patience_s=0.5)
    figures = {figure.measure: figure for figure in measure(relay(7), hasty)}
    lost = figures[Measure.TWENTY]
    assert 0 < lost.lost < lost.expected
    assert "out of order" in lost.note


def test_a_server_that_never_listens_is_told_with_its_reason(
    relay: Relay, measure: Measuring, tmp_path: Path
) -> None:
    system = relay(0)
    (tmp_path / "servidor.py").write_text("print('ai')", encoding="utf-8")
    figures = measure(system)
    assert [figure.measure for figure in figures] == list(Measure)
    assert all(figure.value is None and "it ended" in figure.note for figure in figures)


def test_a_server_that_admits_nobody_is_told_with_what_it_said(
    relay: Relay, measure: Measuring, tmp_path: Path
) -> None:
    system = relay(0)
    program = (tmp_path / "servidor.py").read_text("utf-8").replace("bem-vindo", "adeus")
    (tmp_path / "servidor.py").write_text(program, encoding="utf-8")
    figures = measure(system, msgspec.structs.replace(TINY, join_s=0.5))
    assert all("was not admitted; received: adeus" in figure.note for figure in figures)


def test_the_bare_loop_sends_the_same_to_everybody(capfd: pytest.CaptureFixture[str]) -> None:
    worker.bare(1, Plan(targets=[], runs=1, seconds=0.2, sizes=TINY))
    figures = [
        msgspec.json.decode(line, type=Figure) for line in capfd.readouterr().out.splitlines()
    ]
    assert [figure.measure for figure in figures] == [Measure.ONE, Measure.TWENTY]
    assert all(figure.value and figure.expected % 4 == 0 == figure.lost for figure in figures)

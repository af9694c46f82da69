"""The figures of a bench, drawn: a table on a terminal, plain lines elsewhere.

``NO_COLOR`` is honoured by rich. The first target is what the others are compared to.
"""

from __future__ import annotations

import io
import math
import statistics
import sys
from collections.abc import Sequence
from typing import TextIO

from rich.console import Console
from rich.table import Table

from harness.load.figures import Cell, Figure, Measure, cell, ratios


class Board:
    """Shows a bench: ``start``, ``update`` for every figure, ``finish``."""

    def __init__(self, targets: Sequence[str], runs: int, stream: TextIO | None = None) -> None:
        """Show on the stream, or on standard output."""
        stream = stream or sys.stdout
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
        self._console = Console(file=stream, highlight=False, markup=False)
        self._targets = targets
        self._runs = runs

    def say(self, line: str) -> None:
        """Print one line, whole where there is no terminal."""
        self._console.print(line, soft_wrap=not self._console.is_terminal)

    def update(self, figure: Figure) -> None:
        """Tell of one figure as it comes."""
        value = "-" if figure.value is None else shown(figure.value, figure.measure)
        note = f" ({figure.note})" if figure.note else ""
        self.say(f"run {figure.run}/{self._runs}  {figure.target}: {figure.measure}: {value}{note}")

    def finish(self, figures: Sequence[Figure]) -> None:
        """Show the medians, the spreads, the ratios, and what has to be said with them."""
        if self._console.is_terminal:
            self._console.print(self._table(figures))
        else:
            for line in self._lines(figures):
                self.say(line)
        for line in self._remarks(figures):
            self.say(line)

    def _lines(self, figures: Sequence[Figure]) -> list[str]:
        lines = []
        for measure in Measure:
            for target in self._targets:
                parts = " · ".join(self._parts(figures, target, measure))
                if parts:
                    lines.append(f"{measure}: {target}: {parts}")
        return lines

    def _table(self, figures: Sequence[Figure]) -> Table:
        table = Table("median (lowest to highest) · ratio", title="Side by side")
        for target in self._targets:
            table.add_column(target)
        for measure in Measure:
            cells = ("\n".join(self._parts(figures, t, measure)) for t in self._targets)
            table.add_row(measure.value, *cells)
        return table

    def _parts(self, figures: Sequence[Figure], target: str, measure: Measure) -> list[str]:
        """Return what is shown of one cell, piece by piece; nothing where nothing was measured."""
        measured = cell(figures, target, measure)
        if not measured.figures:
            return []
        if measured.median is None:
            return [measured.figures[0].note.partition(":")[0]]
        parts = [shown(measured.median, measure), spread(measured, measure)]
        base = cell(figures, self._targets[0], measure)
        if target != self._targets[0] and (found := ratios(measured, base)):
            middle, lowest, highest = statistics.median(found), min(found), max(found)
            parts.append(f"{middle:.2f} x {self._targets[0]} ({lowest:.2f} to {highest:.2f})")
        return parts

    def _remarks(self, figures: Sequence[Figure]) -> list[str]:
        remarks = []
        for target in self._targets:
            for measure in Measure:
                measured = cell(figures, target, measure)
                remarks += [f"{target}, {measure}: {note}" for note in measured.notes]
            busiest = [f for f in figures if f.target == target and f.value is not None]
            if busiest:
                most = max(busiest, key=lambda figure: figure.load_share)
                remarks.append(
                    f"{target}: the load generator used at most {most.load_share:.0%} of a core "
                    f"({most.measure}; the target {most.server_share:.0%})"
                )
        return remarks


def shown(value: float, measure: Measure) -> str:
    """Return a value with its unit."""
    if math.isinf(value):
        return "never (too much was lost)"
    if measure.unit == "1/s":
        return f"{value / 1_000:,.0f}k/s"
    return f"{value:,.1f} {measure.unit}"


def spread(measured: Cell, measure: Measure) -> str:
    """Return the lowest and the highest value."""
    lowest, highest = min(measured.values), max(measured.values)
    return f"({shown(lowest, measure)} to {shown(highest, measure)})"

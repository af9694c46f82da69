"""The terminal: a live table while the run goes, plain lines elsewhere, and the last word.

On a terminal a line for each requirement in scope grows in place. Anywhere else (a file, a log
of a build) a requirement gets one line when its last scenario is over, and another if its verdict
changes after that. Both end with the same summary. ``NO_COLOR`` is honoured by rich. Nothing that
came over the network is read as markup or reaches the terminal as a control character: it is only
ever shown as ``Text``.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TextIO

from rich.console import Console as Terminal
from rich.console import Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from harness.reports.model import Report
from harness.reports.rows import rows, table, title
from harness.reports.summary import summary
from harness.verdict import Verdict
from spec.requirements import Requirement


class Console:
    """Shows one run: ``start``, any number of ``update``, ``finish``.

    ``close`` gives the terminal back whatever happened; it may be called at any time, and again.
    """

    def __init__(self, requirements: tuple[Requirement, ...], stream: TextIO | None = None) -> None:
        """Show on the stream, or on standard output."""
        self._requirements = requirements
        self._terminal = Terminal(file=_tolerant(stream or sys.stdout), highlight=False)
        self._live: Live | None = None
        self._told: dict[str, Verdict] = {}

    def start(self, report: Report) -> None:
        """Show what is about to run."""
        if not self._terminal.is_terminal:
            self._line(title(report))
            return
        self._live = Live(
            self._picture(report), console=self._terminal, auto_refresh=False, transient=True
        )
        self._live.start(refresh=True)

    def update(self, report: Report) -> None:
        """Show what is known by now."""
        if self._live is not None:
            self._live.update(self._picture(report), refresh=True)
            return
        for row in rows(report, self._requirements):
            if row.is_over and self._told.get(row.id) is not row.verdict:
                self._told[row.id] = row.verdict
                self._line(row.line())

    def finish(self, report: Report, folder: Path, exit_code: int) -> None:
        """Show the end of the run: what was seen, against what, and where the report is."""
        if self._terminal.is_terminal:
            self.close()
            self._terminal.print(self._table(report))
        else:
            self.update(report)
        for line in summary(report, self._requirements, folder, exit_code):
            self._line(line)

    def close(self) -> None:
        """Give the terminal back."""
        live, self._live = self._live, None
        if live is not None:
            live.stop()

    def _picture(self, report: Report) -> Group:
        return Group(title(report), self._table(report))

    def _table(self, report: Report) -> Table:
        return table(rows(report, self._requirements), self._terminal.width)

    def _line(self, text: Text) -> None:
        """Print one line: folded by the width of a terminal, and left whole in a file."""
        self._terminal.print(text, soft_wrap=not self._terminal.is_terminal)


def _tolerant(stream: TextIO) -> TextIO:
    """Let a stream that cannot encode our signs replace them instead of ending the run."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="replace")
    return stream

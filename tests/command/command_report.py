"""The report that a run has left, for the tests that look into it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def read_report(folder: Path) -> dict[str, Any]:
    """Return the report of the run in this folder."""
    found: dict[str, Any] = json.loads((folder / "report" / "report.json").read_text("utf-8"))
    return found

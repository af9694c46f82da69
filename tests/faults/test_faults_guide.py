"""The faults that CONTRIBUTING.md shows: they are what it says, tried on paper."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from faults_stage import Paper

from harness.faults.link.fault import Close, Fault

GUIDE = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text("utf-8")
PART = re.search(r"^## Write a fault\n(.*?)^## ", GUIDE, re.MULTILINE | re.DOTALL)
PIECES = [b"um", b"dois", b"tres"]


def shown(name: str) -> Fault:
    """Return a fault as the guide has it."""
    assert PART
    blocks = re.findall(r"^```python\n(.*?)^```", PART[1], re.MULTILINE | re.DOTALL)
    (source,) = (block for block in blocks if f"class {name}(" in block)
    namespace: dict[str, Any] = {"__name__": __name__}
    exec(source, namespace)
    fault = namespace[name]()
    assert isinstance(fault, Fault)
    return fault


def test_the_fault_that_does_nothing_passes_everything_on_and_never_bites() -> None:
    fault = shown("Nothing")
    assert [item for _, item in Paper(fault).run(PIECES, gap_s=1.0)] == [*PIECES, Close.HALF]
    assert fault.evidence() is None


def test_the_fault_that_holds_back_does_so_in_order_and_says_how_often() -> None:
    fault = shown("Reluctant")
    assert Paper(fault).run(PIECES, gap_s=1.0) == [
        (1.0, b"um"),
        (2.0, b"dois"),
        (3.0, b"tres"),
        (3.0, Close.HALF),
    ]
    assert fault.evidence() == "2 piece(s) waited for the next one"


def test_the_fault_that_holds_back_has_no_evidence_of_a_single_piece() -> None:
    paper = Paper(fault := shown("Reluctant"))
    fault.on_data(b"um")
    assert fault.evidence() is None
    fault.release()
    assert paper.data == b"um"

"""A golden session with the reference, cut after each of its bytes, there and back."""

from __future__ import annotations

import pytest
from faults_reference import reference

from harness import cutting
from harness.cutting import Where
from harness.faults.link.fault import Close

PATIENCE = 4.0
"""Stretches waiting, for a machine that does other things as well; never a limit."""
MOST_BYTES = 300
"""So long may the golden session be, there and back together."""


@pytest.mark.deep
@pytest.mark.parametrize("how", [Close.FULL, Close.RST])
@pytest.mark.parametrize("where", cutting.BOTH)
def test_a_session_survives_a_cut_after_every_byte(where: Where, how: Close) -> None:
    with reference("RF-005.1", scale=PATIENCE) as room:
        room.join("ana", "bia")
        lengths = cutting.lengths(room)
        assert sum(lengths.values()) <= MOST_BYTES
        breaks = cutting.Breaks(room, where, how)
        breaks.survive(range(lengths[where]))
        breaks.are_told()
        room.finish()
        assert room.ledger.stops == {}
        assert len(breaks.sessions) == lengths[where] > 0

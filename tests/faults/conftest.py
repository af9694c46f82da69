"""What the tests of faults share."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

sys.path.insert(0, str(Path(__file__).parent))  # for faults_stage, which is ours alone

from faults_stage import Stage

settings.register_profile(
    "faults",
    deadline=None,
    max_examples=5,
    # A broken link is one that waits for ever: shrinking would wait again and again.
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("faults")


@pytest.fixture
def stage() -> Iterator[Stage]:
    """A client, a target and the link between them."""
    stage = Stage()
    yield stage
    stage.close()

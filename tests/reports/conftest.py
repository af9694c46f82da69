"""What the tests of the reports share: small runs, made by hand."""

from __future__ import annotations

import sys
from pathlib import Path

from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent))  # for report_samples, which is ours alone

settings.register_profile("reports", deadline=None, max_examples=20)
settings.load_profile("reports")

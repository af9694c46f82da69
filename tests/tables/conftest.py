"""What the tests of the tables share: how a cell is read and compared."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # for cells, which is ours alone

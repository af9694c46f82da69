"""Builds a target in a process of its own: ``python -m harness.builder FILE FOLDER SCALE``.

``chat-verify`` starts it under the guard, as it starts scenarios: a build can be interrupted, and
nothing of it outlives the run. Its last word is why there is nothing to start, with status 1.
"""

from __future__ import annotations

import sys
from pathlib import Path

from harness.clients.reactor import Reactor
from harness.description import DescriptionError, read
from harness.targets.building import BuildFailed, build
from harness.targets.sandbox import CannotIsolate


def main(file: str, folder: str, scale: str) -> str | None:
    """Build the target of a file into a folder; return why that failed, if it did."""
    reactor = Reactor()
    try:
        build(read(Path(file)), Path(folder), reactor, float(scale))
    except (BuildFailed, CannotIsolate, DescriptionError) as why:
        return str(why)
    finally:
        reactor.close()
    return None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

"""What the workers write for the parent: JSON lines, one file for each worker.

Lines survive a kill; a line that was cut short by one is ignored. Three kinds: the scenarios
found, a scenario begun, a scenario over.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from harness.verdict import Verdict

Figures = dict[str, float | dict[str, float]]
"""What was measured: numbers, or small tables of them."""


class Said(msgspec.Struct, frozen=True):
    """What a scenario says of one observation."""

    verdict: Verdict
    obligations: int
    reason: str | None = None


class FindingRecord(msgspec.Struct, frozen=True):
    """Something that a person should know, whatever the verdicts say."""

    kind: str
    observation: str
    detail: str


class Collected(msgspec.Struct, frozen=True, tag="collected"):
    """All scenarios of the run: their keys and the observations in scope that each covers."""

    scenarios: dict[str, list[str]]


class Begun(msgspec.Struct, frozen=True, tag="begun"):
    """A worker took up a scenario."""

    scenario: str


class Over(msgspec.Struct, frozen=True, tag="over"):
    """A scenario is over. Times in seconds, as in ``figures``.

    ``seen`` has what each connection saw, if that must be the same under every profile; ``screens``
    the files that show a window in which something failed. ``spoilt`` are the observations of which
    nothing can be said until it has been performed once more, the machine having been busy.
    """

    scenario: str
    sentence: str
    profile: str
    observations: dict[str, Said]
    duration_s: float
    figures: Figures
    evidence: list[str]
    history: str
    findings: list[FindingRecord]
    seen: list[list[str]] = []
    screens: list[str] = []
    spoilt: list[str] = []


Line = Collected | Begun | Over
_ENCODER = msgspec.json.Encoder()
_DECODER: msgspec.json.Decoder[Line] = msgspec.json.Decoder(Line)


def append(folder: Path, worker: str, line: Line) -> None:
    """Append a line to the file of a worker, in one write."""
    with (folder / f"{worker}.jsonl").open("ab", buffering=0) as file:
        file.write(_ENCODER.encode(line) + b"\n")


class Tail:
    """Reads what the workers append, each line once."""

    def __init__(self, folder: Path) -> None:
        """Begin at the beginning of every file that is or will be in the folder."""
        self._folder = folder
        self._read: dict[Path, int] = {}

    def new(self) -> list[Line]:
        """Return the whole lines that came since the last call."""
        lines: list[Line] = []
        for path in sorted(self._folder.glob("*.jsonl")):
            with path.open("rb") as file:
                file.seek(self._read.get(path, 0))
                data = file.read()
            whole = data[: data.rfind(b"\n") + 1]
            self._read[path] = self._read.get(path, 0) + len(whole)
            lines += [_DECODER.decode(line) for line in whole.splitlines()]
        return lines

"""What the profiles mean for a run: which suit the target, and what they show.

A profile that decides which bytes arrive together can only be asked of a protocol with framing. One
without is told so once, as a finding; twenty failures would say no more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from harness.checkers.sameness import difference
from harness.faults.profiles import DIRECT, PROFILES
from harness.results import FindingRecord, Over, Said
from harness.system import System
from harness.verdict import Verdict

TEXTS_ARRIVE_WHOLE = "RF-002.2"
"""The observation that a protocol without framing can promise only by luck."""


def suitable(profiles: Sequence[str], system: System) -> list[str]:
    """Return those profiles that the target's protocol can be asked to stand."""
    framed = system.dialect.from_client.framed
    return [name for name in profiles if framed or name == DIRECT or not PROFILES[name].regroups]


def remarks(profiles: Sequence[str], system: System) -> list[FindingRecord]:
    """Return the finding that a protocol has no framing, if it has none."""
    if system.dialect.from_client.framed:
        return []
    kept = suitable(profiles, system)
    left_out = [name for name in profiles if name not in kept]
    sentence = (
        "the protocol has no framing: nothing says where one message ends and the next begins, so "
        "two that arrive together are one, and one that arrives in pieces is several"
    )
    if left_out:
        sentence += f"; so these profiles were left out: {', '.join(left_out)}"
    return [FindingRecord("no-framing", TEXTS_ARRIVE_WHOLE, sentence)]


def compared(over: Mapping[str, Over]) -> dict[str, Over]:
    """Return the same, with a verdict on each that had to see what its direct run saw.

    Only what is verified in both is compared: any other has its reason already. That both saw the
    same is one more obligation; that they did not contradicts all that the scenario covers.
    """
    return {key: _judged(each, over.get(_direct(key))) for key, each in over.items()}


def _direct(key: str) -> str:
    return f"{key.rpartition('@')[0]}@{DIRECT}"


def _judged(over: Over, direct: Over | None) -> Over:
    if direct is None or direct is over or not direct.seen:
        return over
    if not (_is_verified(over) and _is_verified(direct)):
        return over
    differs = difference(direct.seen, over.seen)
    return msgspec.structs.replace(
        over, observations={o: _said(said, differs) for o, said in over.observations.items()}
    )


def _said(said: Said, differs: str | None) -> Said:
    if differs is None:
        return Said(Verdict.VERIFIED, said.obligations + 1)
    return Said(
        Verdict.FAILED, said.obligations, f"not what it saw when directly connected: {differs}"
    )


def _is_verified(over: Over) -> bool:
    return all(said.verdict is Verdict.VERIFIED for said in over.observations.values())

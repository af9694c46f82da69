"""``requirements_matrix.md``: requirement -> observation -> scenarios -> what proves them."""

from __future__ import annotations

from collections.abc import Sequence

from harness import mapping
from spec.requirements import Observation, Requirement

HEAD = """\
# Requirements matrix

Written by `chat-verify matrix`; checked by `chat-verify matrix --check`. For each observation: its
side (S server, C client), the scenarios that check it, and the one-bug systems that these
scenarios were seen to catch. An observation without a scenario or without a proof is never
*verified*.
"""


def draw(requirements: tuple[Requirement, ...], proofs: mapping.Proofs) -> str:
    """Return the matrix as Markdown."""
    found = mapping.scenarios()
    parts = [HEAD]
    for requirement in requirements:
        parts.append(f"## {requirement.id} {requirement.title.en}\n\n*{requirement.title.pt}*\n")
        parts.append("| observation | side | what must be seen | scenarios | proved to catch |")
        parts.append("|---|---|---|---|---|")
        parts += [_row(o, found, proofs.get(o.id, [])) for o in requirement.observations]
        parts.append("")
    return "\n".join(parts)


def _row(
    observation: Observation, found: Sequence[mapping.Scenario], proofs: list[mapping.Proof]
) -> str:
    keys = [f"`{s.key}`" for s in found if observation.id in s.covers]
    bugs = sorted({f"`{proof.bug}`" for proof in proofs})
    side = observation.side.value[0].upper()
    cells = [observation.id, side, observation.text.en, "<br>".join(keys), "<br>".join(bugs)]
    return "| " + " | ".join(cell.replace("|", "\\|") or "none yet" for cell in cells) + " |"

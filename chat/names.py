"""Names: which are valid, and which are the same.

Owns the two questions that RF-008 asks of a name. No state, no input or output.

Law: a valid name holds no blank, no `:`, and never begins with `*`, `!`, `[` or `/`. So the
sender and the kind of every line of the protocol are certain.
"""

from unicodedata import category, normalize

from chat.config import NAME_MAX_CHARS

_PUNCTUATION = frozenset("_-.")
_CLAIM_MAX_CHARS = 4 * NAME_MAX_CHARS  # NFC makes one code point of four at most


def canonical(claim: str) -> str | None:
    """The form in which a claimed name is shown to everybody (4.1), or None if it is no name."""
    if len(claim) > _CLAIM_MAX_CHARS:  # composing thousands of marks takes the square of the time
        return None
    name = normalize("NFC", claim)
    if not 1 <= len(name) <= NAME_MAX_CHARS or category(name[0]).startswith("M"):
        return None
    return name if all(map(_is_allowed, name)) else None


def identity(name: str) -> str:
    """What two names share exactly when they are the same (4.2): case and disguise are folded."""
    return normalize("NFKC", normalize("NFKC", name).casefold())


def _is_allowed(char: str) -> bool:
    kind = category(char)
    return kind == "Nd" or kind[0] in "LM" or char in _PUNCTUATION

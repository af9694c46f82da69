"""Making foreign text harmless, whatever it is drawn into.

Much of what a report shows came over the network from a program that nobody trusts: it may hold
terminal codes, line ends, bidirectional tricks or characters that XML forbids. Escaping for the
syntax at hand (HTML, XML, Markdown, Rich) is each renderer's own duty; this is what all share.
"""

from __future__ import annotations


def harmless(text: str) -> str:
    r"""Return one line of printable text; every other character is shown as its escape.

    What is printable stays as it is, so doing it twice changes nothing. The result holds no
    control or format character and no surrogate: it can be written as UTF-8 and as XML.

    >>> harmless("Olá\x1b[2J\n")
    'Olá\\x1b[2J\\n'
    """
    if text.isprintable():  # nearly always, and much quicker than character by character
        return text
    return "".join(c if c.isprintable() else _escaped(c) for c in text)


def shortened(text: str, most: int) -> str:
    """Return the text in at most that many characters, its end cut off visibly."""
    return text if len(text) <= most else text[: most - 1] + "…"


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")

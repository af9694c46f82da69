"""What a window asks for before anybody can talk: a name, and sometimes where the server is.

Each entry is explained by what stands beside or above it, or by the title of its window. Whoever
asks one thing at a time has several forms, one after another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from harness.gui.sights import MAIN, fronts
from harness.gui.widgets import ENTRIES, Tree, Widget


class Topic(StrEnum):
    """What may be asked for."""

    PORT = "port"
    HOST = "host"
    NAME = "name"


ASKING = {
    Topic.PORT: r"\bport(a|o)?\b",
    Topic.HOST: r"\b(servidor|server|host|ip|endere[cç]o|address)\b",
    Topic.NAME: r"\b(nome|name|apelido|nick\w*|usu[aá]rio|user\w*|login)\b",
}
"""In this order: "name of the server" asks for a host."""


@dataclass(frozen=True, slots=True)
class Question:
    """One entry, and what belongs into it; ``is_asked`` says whether anything asks for it."""

    entry: Widget
    topic: Topic
    is_asked: bool = True


@dataclass(frozen=True, slots=True)
class Form:
    """All that the window in front asks for; ``window`` is its path."""

    window: str
    questions: tuple[Question, ...]

    @property
    def is_clear(self) -> bool:
        """Whether the name is asked for in words, or in a window of its own."""
        return any(q.topic is Topic.NAME and q.is_asked for q in self.questions)

    @property
    def asks_for_the_name(self) -> bool:
        """Whether the name is among it."""
        return any(question.topic is Topic.NAME for question in self.questions)


def form_of(tree: Tree) -> Form | None:
    """Return what the window in front asks for; None when it has no entry.

    A question nobody understands asks for the name, unless the same form does so elsewhere.
    """
    for window in fronts(tree):
        entries = tree.of(*ENTRIES, toplevel=window)
        asked = {entry.path: _topic(tree, entry) for entry in entries}
        understood = [Question(e, topic) for e in entries if (topic := asked[e.path])]
        if not any(question.topic is Topic.NAME for question in understood):
            unknown = [entry for entry in entries if asked[entry.path] is None]
            lowest = max(unknown, key=lambda entry: entry.y, default=None)
            is_asked = window != MAIN
            understood += [Question(lowest, Topic.NAME, is_asked)] if lowest else []
        if entries:
            return Form(window, tuple(understood))
        if window != MAIN:
            return None  # a message lies in front
    return None


def _topic(tree: Tree, entry: Widget) -> Topic | None:
    for text in (*_beside(tree, entry), tree.titles.get(entry.toplevel, "")):
        for topic, pattern in ASKING.items():
            if re.search(pattern, text, re.IGNORECASE):
                return topic
    return None


def _beside(tree: Tree, entry: Widget) -> list[str]:
    """Return what is written left of an entry, then what is written above it, the nearest first."""
    labels = [w for w in tree.of("Label", "TLabel", "Message", toplevel=entry.toplevel) if w.text]
    left = [w for w in labels if w.x < entry.x and _overlaps(w, entry)]
    above = [w for w in labels if w.y + w.height <= entry.y + 1]
    left.sort(key=lambda w: entry.x - w.x)
    above.sort(key=lambda w: entry.y - w.y)
    return [w.text for w in left] or [w.text for w in above[:1]]


def _overlaps(one: Widget, other: Widget) -> bool:
    """Whether two widgets stand in one row."""
    return one.y < other.y + other.height and other.y < one.y + one.height

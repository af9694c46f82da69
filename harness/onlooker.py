"""What the window of a client shows, and what must be seen there: the checks of the eye."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from harness.expect import nonce_of
from harness.gui.sights import list_of, shown, without_blanks, words
from harness.gui.widgets import LISTS, Tree
from harness.gui.window import Window
from harness.scene import Scene
from harness.targets.process import Process
from harness.verdict import Contradicted

SHOWN_OUTPUT = 200


@dataclass(slots=True, repr=False, kw_only=True)
class Onlooker(Scene):
    """Who looks at the window of a client that was started, or will be."""

    window: Window = field(init=False)
    running: Process | None = None

    @property
    def process(self) -> Process:
        """The client that runs, or has run last."""
        if self.running is None:
            raise ValueError("no client has been started yet")
        return self.running

    def sees(self, holds: Callable[[Tree], bool], otherwise: str) -> Tree:
        """Look until something holds.

        Raises:
            Contradicted: it never does; ``otherwise`` is the reason.
        """
        deadline, look = self.deadline(), partial(self.window.waits_for, holds)
        tree = look(deadline)
        if tree is None:
            raise self.overdue(self.why_mute(otherwise), deadline, look)
        return tree

    def reads(self, script: str, text: str, otherwise: str) -> None:
        """Ask the window again and again until a script, which only reads, results in a text.

        Raises:
            Contradicted: it never does; ``otherwise`` is the reason.
        """
        deadline = self.deadline()
        look = partial(self.window.comes_to, script, lambda result: result == text)
        if not look(deadline):
            raise self.overdue(self.why_mute(otherwise), deadline, look)

    def why_mute(self, otherwise: str) -> str:
        """Return why there is no window to be seen, with the client's last words; or the other."""
        status = self.process.status
        if self.window.is_there and status is None:
            return otherwise
        ended = f"the client ended with status {status}" if status is not None else "none came up"
        said = _last_lines(self.process.output_since(0).strip())
        on_its_terminal = f"; on its terminal it said: {said!r}" if said else ""
        return f"{otherwise}; there is no window: {ended}{on_its_terminal}"

    def sees_a(self, name: str, kinds: Sequence[str]) -> None:
        """Expect a widget of one of these classes; ``name`` is how the requirement calls it.

        Raises:
            Contradicted: there is none; what there is instead is named.
        """
        deadline = self.deadline()
        look = partial(self.window.waits_for, lambda tree: bool(tree.of(*kinds)))
        if look(deadline) is None:
            there = self.window.look(self.deadline()).widgets
            others = ", ".join(sorted({each.kind for each in there if each.is_visible}))
            raise self.overdue(f"no {name} can be seen; the window has: {others}", deadline, look)

    def shows(self, text: str, times: int = 1) -> None:
        """Expect the list to show a text so often; white space does not count, a list wraps.

        Raises:
            Contradicted: it shows it less often, or more.
        """
        bare = without_blanks(text)
        seen = self.sees(
            lambda tree: shown(tree).count(bare) >= times,
            f"the list does not show {text!r}",
        )
        if (count := shown(seen).count(bare)) > times:
            raise Contradicted(f"the list shows {text!r} {count} times")
        self.ledger.discharge()

    def shows_in_order(self, texts: Sequence[str]) -> None:
        """Expect the list to show every text once, in this order.

        Raises:
            Contradicted: one is missing, is there twice, or stands elsewhere.
        """
        self.shows(texts[-1])
        seen = shown(self.window.look(self.deadline()))
        places = []
        for text in texts:
            bare = without_blanks(text)
            if (count := seen.count(bare)) != 1:
                raise Contradicted(f"the list shows {text!r} {count} times")
            places.append(seen.index(bare))
        if places != sorted(places):
            raise Contradicted("the rows do not stand in the order in which they came")
        self.ledger.discharge(len(texts))

    def words(self) -> frozenset[str]:
        """Return what can be read in the window now.

        Raises:
            Contradicted: there is none, or it does not answer.
        """
        return words(self.sees(lambda _tree: True, "the window cannot be looked at"))

    def sees_words(
        self, before: frozenset[str], otherwise: str, *, but: str = "", of: str = ""
    ) -> None:
        """Expect words that were not there before.

        They are more than ``but``, said by somebody, and they name whom they are ``of``.

        Raises:
            Contradicted: there are none; ``otherwise`` is the reason.
        """
        spoken = re.compile(rf"[\W\d]*\w*\W*{re.escape(but)}")

        def are_new(tree: Tree) -> bool:
            new = (line for line in words(tree) - before if of in line)
            return any(not but or not spoken.fullmatch(line) for line in new)

        self.sees(are_new, otherwise)
        self.ledger.discharge()

    def shows_beside(self, text: str, other: str) -> None:
        """Expect the row that shows a text to show another, too.

        Raises:
            Contradicted: it does not.
        """
        nonce = nonce_of(text)
        rows = list_of(self.sees(lambda tree: nonce in shown(tree), f"no row shows {text!r}"))
        lines = [line for line in rows.text.splitlines() if nonce in line] if rows else []
        if not any(other in line for line in lines):
            raise Contradicted(f"the row that shows {text!r} does not show {other!r}: {lines}")
        self.ledger.discharge()

    def tells_apart(self, one: str, other: str) -> None:
        """Expect two rows to differ in more than their text: in words around it, or in colour.

        Raises:
            Contradicted: they look alike.
        """
        one, other = nonce_of(one), nonce_of(other)
        tree = self.sees(lambda tree: one in shown(tree) and other in shown(tree), "no such rows")
        if self._look_of(tree, one) == self._look_of(tree, other):
            raise Contradicted("the row of a private message looks like any other")
        self.ledger.discharge()

    def _look_of(self, tree: Tree, text: str) -> tuple[str, str]:
        """Return what is around a text in its row, and, in a Listbox, the colour of the row."""
        rows = list_of(tree)
        for number, line in enumerate(rows.text.splitlines() if rows else ()):
            if rows and text in line:
                around = re.sub(r"[0-9]", "", line.replace(text, ""))
                script = f"{rows.path} itemcget {number} -foreground"
                is_list = rows.kind in LISTS
                return around, self.window.evaluate(script, self.deadline()) if is_list else ""
        return "", ""


def _last_lines(output: str) -> str:
    """Return the end of an output, from the beginning of a line if possible."""
    last = output[-SHOWN_OUTPUT:]
    return last if last == output else last.partition("\n")[2] or last

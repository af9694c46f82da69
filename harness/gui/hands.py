"""A keyboard and a mouse: what they do reaches the window as from a person's; XTEST.

Every character that is typed needs a key. Those that no key has are lent one that nobody needs,
before anything is typed: a window looks keys up when it comes to them, so none may change then.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from Xlib import XK, X
from Xlib.ext import xtest

from harness.gui.desktop import Desktop

UNICODE = 0x01000000
"""What is added to a code point beyond Latin-1 to give its keysym; X11, appendix A."""
LATIN_1 = range(0x20, 0x100)
FIRST_KEY = 8
MOST_AT_ONCE = 100
"""Characters: some ten milliseconds."""
MULTIMEDIA = 0x10000000
"""From here on there are keys such as "louder", which no chat needs."""
RETURN, BACKSPACE, HOME, END = "Return", "BackSpace", "Home", "End"
SHIFT, CONTROL = "Shift_L", "Control_L"


class Hands:
    """Types and clicks on one desktop."""

    def __init__(self, desktop: Desktop) -> None:
        """Look at the keyboard that there is."""
        self._desktop = desktop
        self._display = desktop.display
        rows = self._display.get_keyboard_mapping(FIRST_KEY, 256 - FIRST_KEY)
        self._keys: dict[int, tuple[int, bool]] = {}
        for code, row in reversed(list(enumerate(rows, FIRST_KEY))):
            for shifted, keysym in enumerate(row[:2]):
                self._keys[keysym] = (code, bool(shifted))
        self._spare = [
            code
            for code, row in enumerate(rows, FIRST_KEY)
            if all(not keysym or keysym >= MULTIMEDIA for keysym in row)
        ]
        self._lent: dict[int, int] = {}

    def chunks(self, text: str) -> Iterator[str]:
        """Yield the parts of a text, each of which can be typed with the keys that there are.

        None is so long that typing it would keep us from all else.
        """
        chunk, needed = "", set[int]()
        for character in text:
            keysym = _keysym(character)
            is_lent = keysym not in self._keys or keysym in self._lent
            needs = needed | ({keysym} if is_lent else set())
            if len(needs) > len(self._spare) or len(chunk) == MOST_AT_ONCE:
                yield chunk
                chunk, needs = "", {keysym} if is_lent else set()
            chunk, needed = chunk + character, needs
        yield chunk

    def lend(self, text: str) -> bool:
        """Give every character of a chunk a key; whether any key has changed."""
        wanted = {_keysym(character) for character in text}
        missing = sorted(wanted - set(self._keys))
        takers = [keysym for keysym in self._lent if keysym not in wanted]
        used = set(self._lent.values())
        free = [code for code in self._spare if code not in used]
        for keysym in missing:
            code = free.pop() if free else self._take_back(takers.pop())
            self._lent[keysym] = code
            self._keys[keysym] = (code, False)
            self._display.change_keyboard_mapping(code, [(keysym, keysym)])
        self._display.sync()
        return bool(missing)

    def type(self, chunk: str) -> None:
        """Press and release a key for each character of a chunk that all have one."""
        for character in chunk:
            self._press(_keysym(character))
        self._desktop.flush()

    def press(self, name: str, held: str = "") -> None:
        """Press and release the key of this name, such as ``Return``, while another is held."""
        self._press(XK.string_to_keysym(name), held)
        self._desktop.flush()

    def click(self, x: int, y: int) -> None:
        """Move to a place of the screen, and click there."""
        self._fake(X.MotionNotify, 0, x, y)
        self._fake(X.ButtonPress, 1)
        self._fake(X.ButtonRelease, 1)
        self._desktop.flush()

    def _press(self, keysym: int, held: str = "") -> None:
        code, is_shifted = self._keys[keysym]
        with self._holding(held or (SHIFT if is_shifted else "")):
            self._fake(X.KeyPress, code)
            self._fake(X.KeyRelease, code)

    @contextmanager
    def _holding(self, name: str) -> Iterator[None]:
        if not name:
            yield
            return
        code, _ = self._keys[XK.string_to_keysym(name)]
        self._fake(X.KeyPress, code)
        yield
        self._fake(X.KeyRelease, code)

    def _take_back(self, keysym: int) -> int:
        del self._keys[keysym]
        return self._lent.pop(keysym)

    def _fake(self, kind: int, detail: int, x: int = 0, y: int = 0) -> None:
        xtest.fake_input(self._display, kind, detail, x=x, y=y)


def _keysym(character: str) -> int:
    point = ord(character)
    return point if point in LATIN_1 else UNICODE | point

"""The window on a real screen: what it shows, and what its user can do.

Keys and the focus need a window manager: they are tried by the scenarios, from outside.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Iterator
from tkinter import ttk

import pytest
from chat_display import display, is_missing

from chat.config import CHARACTERS_PER_TURN, ROWS_MAX, ROWS_SLACK
from chat.looks import COLORS
from chat.presenter import Presenter
from chat.view import Row, State, Tone
from chat.window import Window
from chat.wrapping import Wrapper

pytestmark = pytest.mark.skipif(is_missing(), reason="Xvfb is not installed")


class Script(Presenter):
    """A presenter that writes down what the window reports, and does `each_turn`."""

    def __init__(self, window: Window) -> None:
        self.state = State.IN_ROOM
        self.window = window
        self.submitted: list[str] = []
        self.takes = True
        self.left = 0
        self.each_turn: Callable[[], None] = lambda: None

    def begin(self, name: str) -> None:
        assert name == "Ana"

    def submit(self, typed: str) -> bool:
        self.submitted.append(typed)
        return self.takes

    def leave(self) -> None:
        self.left += 1
        self.end()

    def end(self) -> None:
        self.state = State.OVER
        self.window.close()

    def turn(self) -> bool:
        self.each_turn()
        return False


@pytest.fixture(scope="module")
def screen() -> Iterator[str]:
    with display() as name:
        yield name


@pytest.fixture
def script(screen: str, monkeypatch: pytest.MonkeyPatch) -> Script:
    """A window that is open, and its presenter."""
    monkeypatch.setenv("DISPLAY", screen)
    return Script(Window())


def root_of(script: Script) -> tk.Misc:
    return script.window._root


def of_class(root: tk.Misc, kind: str) -> tk.Misc:
    """The one widget of this class."""
    found, queue = [], [root]
    while queue:
        widget = queue.pop()
        queue += widget.winfo_children()
        if widget.winfo_class() == kind:
            found.append(widget)
    (one,) = found
    return one


def list_of(script: Script) -> tk.Listbox:
    found = of_class(root_of(script), "Listbox")
    assert isinstance(found, tk.Listbox)
    return found


def entry_of(script: Script) -> ttk.Entry:
    found = of_class(root_of(script), "TEntry")
    assert isinstance(found, ttk.Entry)
    return found


def labels_of(script: Script) -> set[str]:
    """The texts of all labels and buttons that can be seen."""
    texts, queue = set(), [root_of(script)]
    while queue:
        widget = queue.pop()
        queue += widget.winfo_children()
        if isinstance(widget, ttk.Label | ttk.Button) and widget.winfo_viewable():
            texts.add(str(widget.cget("text")))
    return texts


def live(script: Script, *acts: Callable[[], object]) -> None:
    """Open the window, do one thing a turn, then let its presenter end it."""
    waiting = [*acts, script.end]
    failures: list[BaseException] = []

    def act() -> None:
        root_of(script).update_idletasks()
        try:
            waiting.pop(0)()
        except BaseException as failure:
            failures.append(failure)
            script.end()

    script.each_turn = act
    script.window.run(script, "Ana")
    if failures:
        raise failures[0]


def said(count: int, text: str = "oi") -> list[Row]:
    return [Row(Tone.OTHERS, "12:34", f"Bia: {text} {number}") for number in range(count)]


def test_it_has_a_list_an_entry_and_a_button_to_send(script: Script) -> None:
    def look() -> None:
        assert list_of(script).winfo_viewable()
        assert entry_of(script).winfo_viewable()
        assert "Enviar" in labels_of(script)

    live(script, look, look)


def test_rows_are_shown_with_their_time_in_the_colour_of_their_tone(script: Script) -> None:
    rows = [Row(tone, "12:34", f"{tone.name}") for tone in Tone]

    def look() -> None:
        box = list_of(script)
        assert box.get(0, "end") == tuple(f"12:34  {tone.name}" for tone in Tone)
        for number, tone in enumerate(Tone):
            shown = str(box.itemcget(number, "foreground")) or COLORS[Tone.OTHERS]
            assert shown == COLORS[tone]

    live(script, lambda: script.window.show(rows), look)


def test_the_last_row_is_in_view_after_every_burst(script: Script) -> None:
    def look() -> None:
        assert list_of(script).yview()[1] == 1.0
        assert list_of(script).bbox(199) is not None

    live(script, lambda: script.window.show(said(200)), look)


def test_whoever_reads_above_is_left_there_and_told_of_the_news(script: Script) -> None:
    box = list_of(script)

    def look() -> None:
        assert box.yview()[0] == 0.0
        assert "↓ 2 novas" in labels_of(script)

    live(
        script,
        lambda: script.window.show(said(200)),
        lambda: box.yview_moveto(0.0),
        lambda: script.window.show(said(2)),
        look,
        lambda: of_class_with_text(script, "↓ 2 novas").invoke(),
        lambda: assert_at_end(script),
        lambda: assert_no_news(script),
    )


def of_class_with_text(script: Script, text: str) -> ttk.Button:
    queue = [root_of(script)]
    while queue:
        widget = queue.pop()
        queue += widget.winfo_children()
        if isinstance(widget, ttk.Button) and widget.cget("text") == text:
            return widget
    raise AssertionError(text)


def assert_at_end(script: Script) -> None:
    assert list_of(script).yview()[1] == 1.0


def assert_no_news(script: Script) -> None:
    assert not any("nova" in text for text in labels_of(script))


def test_whoever_follows_the_end_does_so_in_a_list_that_got_lower(script: Script) -> None:
    root = root_of(script)
    assert isinstance(root, tk.Tk)
    live(
        script,
        lambda: script.window.show(said(200)),
        root.update,
        lambda: root.geometry("760x300"),
        root.update,
        lambda: assert_at_end(script),
        lambda: script.window.show(said(1)),
        lambda: assert_at_end(script),
        lambda: assert_no_news(script),
    )


def test_old_rows_are_forgotten_many_at_once(script: Script) -> None:
    sizes: list[int] = []

    def look() -> None:
        sizes.append(list_of(script).size())

    live(
        script,
        lambda: script.window.show(said(ROWS_MAX + ROWS_SLACK)),
        look,
        lambda: script.window.show(said(1, "a última")),
        look,
        lambda: assert_last(script, "12:34  Bia: a última 0"),
    )
    assert sizes == [ROWS_MAX + ROWS_SLACK, ROWS_MAX]


def assert_last(script: Script, text: str) -> None:
    assert list_of(script).get("end") == text


def test_a_long_text_is_wrapped_and_wrapped_anew_when_the_width_changes(script: Script) -> None:
    text = "palavra " * 60
    sizes: list[int] = []

    def look() -> None:
        shown = "".join(list_of(script).get(0, "end")).replace(" ", "")
        assert shown == f"12:34Bia: {text}0".replace(" ", "")
        sizes.append(list_of(script).size())

    def narrow() -> None:
        root = root_of(script)
        assert isinstance(root, tk.Tk)
        root.geometry("400x500")

    wait = root_of(script).update
    live(script, lambda: script.window.show(said(1, text)), look, narrow, wait, wait, look)
    assert 1 < sizes[0] < sizes[1]


def test_whoever_reads_above_stays_at_that_row_when_the_width_changes(script: Script) -> None:
    root, box = root_of(script), list_of(script)
    assert isinstance(root, tk.Tk)

    def is_at_row_fifty() -> None:
        assert str(box.get(box.index("@0,0"))).startswith("12:34  Bia: palavra")
        assert first_rows_above(box) == 50

    live(
        script,
        lambda: script.window.show(said(100, "palavra " * 30)),
        lambda: box.yview(place_of_row(box, 50)),
        is_at_row_fifty,
        lambda: root.geometry("400x500"),
        *[root.update] * 20,
        is_at_row_fifty,
    )


def place_of_row(box: tk.Listbox, row: int) -> int:
    """The line that a row begins with."""
    places = [place for place, line in enumerate(box.get(0, "end")) if line.startswith("12:34")]
    return places[row]


def first_rows_above(box: tk.Listbox) -> int:
    """How many rows begin above the view."""
    top = box.index("@0,0") or 0
    return sum(line.startswith("12:34") for line in box.get(0, "end")[:top])


def test_a_change_of_width_wraps_a_few_rows_at_a_time_until_all_fit(script: Script) -> None:
    root = root_of(script)
    assert isinstance(root, tk.Tk)
    wrapped: list[int] = []
    wrap = Wrapper.wrap

    def count_and_wrap(wrapper: Wrapper, head: str, text: str, width: int) -> list[str]:
        wrapped.append(len(text))
        return wrap(wrapper, head, text, width)

    def narrow() -> None:
        root.geometry("400x500")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Wrapper, "wrap", count_and_wrap)
            while sum(at_once) < 40:
                root.tk.dooneevent(0)
                at_once.append(len(wrapped))
                assert sum(wrapped) <= CHARACTERS_PER_TURN + 4_000
                wrapped.clear()

    at_once: list[int] = []
    live(script, lambda: script.window.show(said(40, "palavra " * 490)), narrow)
    assert max(at_once) < 10
    assert sum(at_once) == 40


@pytest.mark.parametrize("takes", [True, False])
def test_what_is_typed_is_submitted_once_and_stays_if_it_was_not_taken(
    script: Script, takes: bool
) -> None:
    script.takes = takes
    entry = entry_of(script)

    def look() -> None:
        assert script.submitted == ["oi"]
        assert entry.get() == ("" if takes else "oi")

    live(
        script,
        lambda: entry.insert(0, "oi"),
        lambda: of_class_with_text(script, "Enviar").invoke(),
        look,
    )


def test_a_name_is_asked_for_beside_the_entry_and_a_problem_shown_below(script: Script) -> None:
    def look(asked: bool, *texts: str) -> None:
        root_of(script).update()
        assert ("Seu nome:" in labels_of(script)) is asked
        assert labels_of(script) >= set(texts)

    live(
        script,
        lambda: script.window.ask_name("esse não"),
        lambda: look(True, "esse não"),
        lambda: script.window.set_state(State.IN_ROOM, "aqui:1", "Ana"),
        lambda: look(False, "Ana em aqui:1  ·  ninguém mais aqui"),
        lambda: script.window.set_people(["Ana", "Bia", "Caio"]),
        lambda: look(False, "Ana em aqui:1  ·  com Bia, Caio"),
        lambda: script.window.complain("assim não"),
        lambda: look(False, "assim não"),
    )


@pytest.mark.parametrize(("button", "answer"), [("ok", None), ("retry", True), ("cancel", False)])
def test_a_message_is_shown_until_it_is_answered(
    script: Script, button: str, answer: bool | None
) -> None:
    root = root_of(script)
    path = ".__tk__messagebox"
    answers: list[bool | None] = []

    def press(tries: int = 0) -> None:
        if root.tk.call("winfo", "exists", f"{path}.{button}"):
            assert "perdida" in root.tk.call(f"{path}.msg", "cget", "-text")
            root.tk.call(f"{path}.{button}", "invoke")
        else:
            root.after(10, press)

    def show() -> None:
        root.after(10, press)
        if button == "ok":
            script.window.tell("Título", "A conexão foi perdida.")
            answers.append(None)
        else:
            answers.append(script.window.ask_again("Título", "A conexão foi perdida."))

    live(script, show)
    assert answers == [answer]


@pytest.mark.parametrize("how", ["ask_again", "tell"])
@pytest.mark.parametrize("close", ["by the manager", "by a signal"])
def test_a_window_can_be_closed_while_it_shows_a_message(
    script: Script, how: str, close: str
) -> None:
    root = root_of(script)
    answers: list[object] = []

    def leave() -> None:
        if not root.tk.call("winfo", "exists", ".__tk__messagebox"):
            root.after(10, leave)
        elif close == "by a signal":
            script.window.leave_soon()
        else:
            root.tk.eval(root.tk.call("wm", "protocol", ".", "WM_DELETE_WINDOW"))

    def show() -> None:
        root.after(10, leave)
        answers.append(getattr(script.window, how)("Título", "A conexão foi perdida."))

    script.each_turn = show
    script.window.run(script, "Ana")
    assert script.left == 1
    assert answers == [False if how == "ask_again" else None]


def test_closing_the_window_is_leaving(script: Script) -> None:
    def close() -> None:
        root = root_of(script)
        root.tk.eval(root.tk.call("wm", "protocol", ".", "WM_DELETE_WINDOW"))

    live(script, close)
    assert script.left == 1

"""The window: a Listbox, an Entry and a button "Enviar" (RF-019).

Owns the widgets, and nothing of what they mean: it shows what its presenter tells it, and reports
what its user does. Everything here happens in the main thread; the connection's threads never call.

Law: nothing waits but a message box, in which the window lives on: it can still be closed, and
signals are heard.
"""

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import font, messagebox, ttk

from chat.config import HEED_PAUSE_MS, TURN_PAUSE_MS
from chat.looks import COLORS, HINTS, TITLE, dress, subtitle
from chat.presenter import Presenter
from chat.rows import Rows
from chat.view import Row, State, Tone
from chat.wrapping import Wrapper


class NoDisplayError(Exception):
    """There is nowhere to open a window; the text is Tk's."""


class Window:
    """One window, from its making to the end of `run`."""

    def __init__(self) -> None:
        """Make it. Raises NoDisplayError if that cannot be."""
        try:
            self._root = tk.Tk(className=TITLE)
        except tk.TclError as error:
            raise NoDisplayError(str(error)) from None
        self._root.title(TITLE)
        self._root.geometry("760x560")
        self._root.minsize(360, 280)
        dress(self._root)
        self._font = font.nametofont("TkDefaultFont")
        self._presenter: Presenter | None = None
        self._unseen = 0
        self._is_to_leave = False
        self._is_closed = False
        self._people: Sequence[str] = ()
        self._state = (State.NAMING, "", "")
        self._build()

    def run(self, presenter: Presenter, name: str) -> None:
        """Live until the presenter or the user ends it."""
        self._presenter = presenter
        presenter.begin(name)
        self._heed()
        self._turn()
        self._root.mainloop()

    def leave_soon(self) -> None:
        """Leave in a moment. May be called from a signal: this may be the middle of a turn."""
        self._is_to_leave = True

    # -- what the presenter tells it ------------------------------------------------------

    def ask_name(self, problem: str) -> None:
        """Let the user type a name."""
        self._label.grid(row=0, column=0, padx=(0, 8))
        self._hint(problem or HINTS[State.NAMING], is_problem=bool(problem))
        self._entry.focus_set()

    def set_state(self, state: State, where: str, name: str) -> None:
        """Show who we are, and with whom."""
        if state is not State.NAMING:
            self._label.grid_remove()
        self._state = (state, where, name)
        self._hint(HINTS[state])
        self._show_state()

    def set_people(self, names: Sequence[str]) -> None:
        """Show who is here."""
        self._people = names
        self._show_state()

    def show(self, rows: Sequence[Row]) -> None:
        """Add rows at the end."""
        if not self._rows.add(rows):
            self._unseen += len(rows)
            word = "nova" if self._unseen == 1 else "novas"
            self._news.configure(text=f"↓ {self._unseen} {word}")
            self._news.place(relx=1.0, rely=1.0, x=-14, y=-8, anchor="se")

    def complain(self, problem: str) -> None:
        """Say, where the user types, why that was not sent."""
        self._hint(problem, is_problem=True)
        self._root.bell()

    def tell(self, title: str, text: str) -> None:
        """Show a message, until the user has seen it."""
        self._message(messagebox.showerror, title, text)

    def ask_again(self, title: str, text: str) -> bool:
        """Show a message, and return whether the user wants to try again."""
        return bool(self._message(messagebox.askretrycancel, title, text, icon="error"))

    def close(self) -> None:
        """End the window, and a message box with it. May be called again."""
        if not self._is_closed:
            self._is_closed = True
            self._root.destroy()

    # -- what its user does ---------------------------------------------------------------

    def _submit(self, _event: object = None) -> None:
        assert self._presenter
        state = self._state
        if self._presenter.submit(self._entry.get()) and self._presenter.state is not State.OVER:
            self._entry.delete(0, "end")
            if self._state == state:
                self._hint(HINTS[state[0]])

    def _leave(self) -> None:
        assert self._presenter
        self._presenter.leave()
        self.close()  # also when it is over already, and only a message is still to be read

    def _message(self, show: Callable[..., object], title: str, text: str, **how: str) -> object:
        """Show a message box; None if the window is closed instead of answering it."""
        try:
            return show(title, text, parent=self._root, **how)
        except tk.TclError:
            if not self._is_closed:
                raise
            return None

    def _heed(self) -> None:
        """Let Python run now and then, for its signals: in a message box only Tk does."""
        if self._is_to_leave:
            self._leave()
        elif not self._is_closed:
            self._root.after(HEED_PAUSE_MS, self._heed)

    def _turn(self) -> None:
        assert self._presenter
        if self._is_closed:
            return
        more = self._presenter.turn()
        if self._presenter.state is not State.OVER:
            self._root.after(1 if more else TURN_PAUSE_MS, self._turn)

    # -- the widgets ----------------------------------------------------------------------

    def _build(self) -> None:
        self._root.columnconfigure(0, weight=1)
        self._root.rowconfigure(1, weight=1)
        self._build_header()
        self._build_list()
        self._build_entry()
        self._root.protocol("WM_DELETE_WINDOW", self._leave)

    def _build_header(self) -> None:
        header = ttk.Frame(self._root, padding=(18, 14, 18, 10))
        header.grid(row=0, column=0, sticky="ew")
        header.columnconfigure(1, weight=1)
        self._dot = tk.Canvas(header, width=12, height=12, highlightthickness=0)
        self._dot.configure(background=COLORS["background"])
        self._light = self._dot.create_oval(1, 1, 11, 11, width=0)
        self._dot.grid(row=0, column=0, padx=(0, 10))
        ttk.Label(header, text=TITLE, style="Title.TLabel").grid(row=0, column=1, sticky="w")
        self._subtitle = ttk.Label(header, style="Subtitle.TLabel")
        self._subtitle.grid(row=1, column=1, sticky="w")

    def _build_list(self) -> None:
        card = tk.Frame(self._root, background="white", highlightthickness=1)
        card.configure(highlightbackground=COLORS["border"])
        card.grid(row=1, column=0, sticky="nsew", padx=18)
        card.columnconfigure(0, weight=1)
        card.rowconfigure(0, weight=1)
        self._list = tk.Listbox(card, font=self._font, foreground=COLORS[Tone.OTHERS])
        self._list.configure(
            background="white",
            borderwidth=0,
            highlightthickness=0,
            activestyle="none",
            selectborderwidth=3,
            selectbackground=COLORS["selected"],
            selectforeground=COLORS[Tone.OTHERS],
            takefocus=True,
        )
        self._list.grid(row=0, column=0, sticky="nsew", padx=(10, 0), pady=8)
        bar = ttk.Scrollbar(card, command=self._list.yview, style="Thin.Vertical.TScrollbar")
        bar.grid(row=0, column=1, sticky="ns", padx=2, pady=2)
        self._bar = bar
        self._list.configure(yscrollcommand=self._on_scroll)
        self._rows = Rows(self._list, Wrapper(self._font.measure))
        self._news = ttk.Button(card, style="News.TButton", command=self._show_end, takefocus=False)

    def _build_entry(self) -> None:
        bottom = ttk.Frame(self._root, padding=(18, 12, 18, 4))
        bottom.grid(row=2, column=0, sticky="ew")
        bottom.columnconfigure(1, weight=1)
        self._label = ttk.Label(bottom, text="Seu nome:")
        self._entry = ttk.Entry(bottom, font=self._font)
        self._entry.grid(row=0, column=1, sticky="ew", ipady=5)
        self._entry.bind("<Return>", self._submit)
        self._entry.bind("<KP_Enter>", self._submit)
        button = ttk.Button(bottom, text="Enviar", style="Send.TButton", command=self._submit)
        button.grid(row=0, column=2, padx=(10, 0))
        button.bind("<Return>", self._submit)
        self._hints = ttk.Label(self._root, style="Hint.TLabel", padding=(19, 0, 18, 12))
        self._hints.grid(row=3, column=0, sticky="ew")
        self._entry.focus_set()

    def _hint(self, text: str, *, is_problem: bool = False) -> None:
        self._hints.configure(text=text, style="Problem.TLabel" if is_problem else "Hint.TLabel")

    def _show_state(self) -> None:
        state, where, name = self._state
        self._dot.itemconfigure(self._light, fill=COLORS[state])
        self._subtitle.configure(text=subtitle(state, where, name, self._people))

    def _on_scroll(self, first: float, last: float) -> None:
        self._bar.set(first, last)
        self._rows.is_at_end = float(last) >= 1.0
        if self._rows.is_at_end:
            self._unseen = 0
            self._news.place_forget()

    def _show_end(self) -> None:
        self._list.see("end")
        self._entry.focus_set()

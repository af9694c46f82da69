"""The window: a Listbox, an Entry and a button "Enviar" (RF-019). The only module with tkinter.

Owns the widgets, and nothing of what they mean: it shows what its presenter tells it, and reports
what its user does. Everything here happens in the main thread; the connection's threads never call.

Laws: the last row is in view unless the user reads above (RF-021); no more than `ROWS_MAX` +
`ROWS_SLACK` lines are kept; nothing waits but a message box, in which the window lives on.
"""

import tkinter as tk
from collections.abc import Sequence
from tkinter import font, messagebox, ttk

from chat.config import ROWS_MAX, ROWS_SLACK, TURN_PAUSE_MS
from chat.looks import COLORS, HINTS, TITLE, dress, subtitle
from chat.presenter import Presenter
from chat.view import Row, State, Tone
from chat.wrapping import Wrapper

MARGIN = 10
"""Of the width of the list, what its lines do not have."""


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
        self._wrapper = Wrapper(self._font.measure)
        self._presenter: Presenter | None = None
        self._rows: list[Row] = []
        self._unseen = 0
        self._width = 0
        self._is_to_leave = False
        self._people: Sequence[str] = ()
        self._state = (State.NAMING, "", "")
        self._build()

    def run(self, presenter: Presenter, name: str) -> None:
        """Live until the presenter or the user ends it."""
        self._presenter = presenter
        presenter.begin(name)
        self._turn()
        self._root.mainloop()

    def leave_soon(self) -> None:
        """Leave at the next turn. May be called from a signal: this may be the middle of one."""
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
        was_at_end = self._list.yview()[1] >= 1.0
        self._rows += rows
        self._add(rows)
        if was_at_end:
            self._list.see("end")
        else:
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
        messagebox.showerror(title, text, parent=self._root)

    def ask_again(self, title: str, text: str) -> bool:
        """Show a message, and return whether the user wants to try again."""
        return messagebox.askretrycancel(title, text, icon="error", parent=self._root)

    def close(self) -> None:
        """End the window."""
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

    def _turn(self) -> None:
        assert self._presenter
        if self._is_to_leave:
            self._leave()
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
        self._list.bind("<Configure>", self._on_resize)
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

    # -- the rows -------------------------------------------------------------------------

    def _add(self, rows: Sequence[Row]) -> None:
        """Insert all lines at once, then colour those that are not plain."""
        lines: list[str] = []
        tones: list[Tone] = []
        width = self._list.winfo_width() - MARGIN
        for row in rows:
            wrapped = self._wrapper.wrap(f"{row.time}  ", row.text, width)
            lines += wrapped
            tones += [row.tone] * len(wrapped)
        first = self._list.size()
        self._list.insert("end", *lines)
        for number, tone in enumerate(tones, first):
            if tone is not Tone.OTHERS:
                self._list.itemconfigure(number, foreground=COLORS[tone])
        self._forget_the_oldest()

    def _forget_the_oldest(self) -> None:
        """Delete many at once: one by one costs milliseconds each."""
        if self._list.size() > ROWS_MAX + ROWS_SLACK:
            self._list.delete(0, self._list.size() - ROWS_MAX - 1)
            del self._rows[:-ROWS_MAX]

    def _on_scroll(self, first: float, last: float) -> None:
        self._bar.set(first, last)
        if float(last) >= 1.0:
            self._unseen = 0
            self._news.place_forget()

    def _show_end(self) -> None:
        self._list.see("end")
        self._entry.focus_set()

    def _on_resize(self, event: "tk.Event[tk.Listbox]") -> None:
        """Wrap everything anew when the width has changed, and stay where the user was."""
        if event.width == self._width:
            return
        self._width = event.width
        was_at_end = self._list.yview()[1] >= 1.0
        top = self._list.yview()[0]
        self._list.delete(0, "end")
        self._add(self._rows)
        if was_at_end:
            self._list.see("end")
        else:
            self._list.yview_moveto(top)

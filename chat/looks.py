"""How the window looks: colours, styles, and the words around the conversation.

Owns nothing that is said or done. No widget is made here.
"""

import tkinter as tk
from collections.abc import Sequence
from tkinter import font, ttk
from typing import Any

from chat.view import State, Tone

TITLE = "Chat"
HINTS = {
    State.NAMING: "De 1 a 20 letras, dígitos, '_', '-' ou '.'  ·  Enter entra no chat",
    State.CONNECTING: "Conectando…",
    State.CLAIMING: "Pedindo o nome…",
    State.IN_ROOM: "Enter envia  ·  /privado nome mensagem  ·  /usuarios  ·  /sair",
    State.OVER: "",
}
COLORS: dict[object, str] = {
    "background": "#f4f5f7",
    "border": "#dfe3e8",
    "selected": "#e8eefc",
    "text": "#1f2933",
    "soft": "#6b7280",
    "accent": "#2563eb",
    "accent-dark": "#1d4ed8",
    Tone.OTHERS: "#1f2933",
    Tone.MINE: "#1d4ed8",
    Tone.PRIVATE: "#7c3aed",
    Tone.NOTICE: "#8a94a3",
    Tone.ERROR: "#c81e1e",
    State.NAMING: "#9aa3af",
    State.CONNECTING: "#e0a100",
    State.CLAIMING: "#e0a100",
    State.IN_ROOM: "#16a34a",
    State.OVER: "#c81e1e",
}
_SHOWN_PEOPLE = 6


def subtitle(state: State, where: str, name: str, people: Sequence[str]) -> str:
    """Who we are, with whom, and who else is here."""
    if state is not State.IN_ROOM:
        return {
            State.NAMING: f"{where}",
            State.CONNECTING: f"conectando a {where}…",
            State.CLAIMING: f"entrando em {where} como {name}…",
            State.OVER: "sem conexão",
        }[state]
    others = [each for each in people if each != name]
    shown = ", ".join(others[:_SHOWN_PEOPLE])
    more = f" e mais {len(others) - _SHOWN_PEOPLE}" if len(others) > _SHOWN_PEOPLE else ""
    return f"{name} em {where}  ·  " + (f"com {shown}{more}" if others else "ninguém mais aqui")


def dress(root: tk.Tk) -> None:
    """Give the window its fonts and styles."""
    base = font.nametofont("TkDefaultFont")
    base.configure(size=11)
    family = base.actual("family")
    root.configure(background=COLORS["background"])
    style = ttk.Style(root)
    style.theme_use("clam")
    style.configure(".", background=COLORS["background"], foreground=COLORS["text"], font=base)
    style.configure("Title.TLabel", font=(family, 15, "bold"))
    style.configure("Subtitle.TLabel", font=(family, 10), foreground=COLORS["soft"])
    style.configure("Hint.TLabel", font=(family, 9), foreground=COLORS["soft"])
    style.configure("Problem.TLabel", font=(family, 9), foreground=COLORS[Tone.ERROR])
    style.configure(
        "TEntry",
        fieldbackground="white",
        bordercolor=COLORS["border"],
        lightcolor="white",
        darkcolor="white",
        padding=4,
    )
    style.map("TEntry", bordercolor=[("focus", COLORS["accent"])])
    _dress_buttons(style, family)
    _dress_scrollbar(style)


def _dress_buttons(style: ttk.Style, family: str) -> None:
    accent, dark = COLORS["accent"], COLORS["accent-dark"]
    for name, size, padding in (("Send.TButton", 11, (18, 7)), ("News.TButton", 9, (10, 3))):
        style.configure(
            name,
            font=(family, size, "bold"),
            foreground="white",
            background=accent,
            bordercolor=accent,
            lightcolor=accent,
            darkcolor=accent,
            focuscolor=dark,
            padding=padding,
        )
        pressed = [("pressed", dark), ("active", dark)]
        style.map(name, background=pressed, bordercolor=pressed, lightcolor=pressed)


def _dress_scrollbar(style: ttk.Style) -> None:
    name = "Thin.Vertical.TScrollbar"
    thumb = [("Vertical.Scrollbar.thumb", {"expand": "1", "sticky": "nswe"})]
    layout: Any = [("Vertical.Scrollbar.trough", {"children": thumb, "sticky": "ns"})]
    style.layout(name, layout)
    style.configure(
        name,
        width=8,
        background="#cbd2da",
        troughcolor="white",
        bordercolor="white",
        lightcolor="#cbd2da",
        darkcolor="#cbd2da",
        gripcount=0,
    )
    gone = [("disabled", "white")]
    style.map(name, background=[*gone, ("active", "#9aa3af")], lightcolor=gone, darkcolor=gone)

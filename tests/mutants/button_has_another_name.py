"""Calls its button by another name."""

import sys
from tkinter import ttk
from unittest.mock import patch

from chat.__main__ import client

ROLE = "client"
BREAKS = ("RF-019.3",)
REASON = "no button 'Enviar'"

make = ttk.Button.__init__


def rename(button: ttk.Button, master: object, **options: object) -> None:
    options["text"] = "Ok" if options.get("text") == "Enviar" else ""
    make(button, master, **options)  # type: ignore[arg-type]


if __name__ == "__main__":
    with patch.object(ttk.Button, "__init__", rename):
        sys.exit(client())

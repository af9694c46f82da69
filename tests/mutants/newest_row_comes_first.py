"""Puts the newest row above the others."""

import sys
import tkinter as tk
from unittest.mock import patch

from chat.__main__ import client

ROLE = "client"
BREAKS = ("RF-002.3",)
REASON = "the rows do not stand in the order"


def insert_on_top(box: tk.Listbox, _where: str, *lines: str) -> None:
    for line in lines:
        box.tk.call(str(box), "insert", 0, line)


if __name__ == "__main__":
    with patch.object(tk.Listbox, "insert", insert_on_top):
        sys.exit(client())

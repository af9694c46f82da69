"""Leaves the list where it was when more comes."""

import sys
import tkinter as tk
from unittest.mock import patch

from chat.__main__ import client

ROLE = "client"
BREAKS = ("RF-021.1",)
REASON = "the last row is not in view"


def see(_box: tk.Listbox, _index: object) -> None:
    """Stay."""


if __name__ == "__main__":
    with patch.object(tk.Listbox, "see", see):
        sys.exit(client())

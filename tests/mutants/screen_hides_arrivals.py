"""Does not show on the server's screen who has come in."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.screen import Screen

BREAKS = ("RF-001.2",)
REASON = "output does not show"

show_all = Screen.show


def show(screen: Screen, lines: bytes) -> None:
    for line in lines.splitlines(keepends=True):
        if b" entrou no chat" not in line:
            show_all(screen, line)


if __name__ == "__main__":
    with patch.object(Screen, "show", show):
        sys.exit(server())

"""What a window shows is kept as a picture and as a text, also when it does not answer."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

from gui_stage import Stage

from harness.snapshot import Snapshot

Start = Callable[..., subprocess.Popen[str]]
PNG = b"\x89PNG\r\n\x1a\n"


def test_a_picture_and_all_widgets_are_written(
    stage: Stage, program: Start, tmp_path: Path
) -> None:
    program("tk.Label(root, text='oi \\x1b[2J').pack()")
    stage.sees(lambda tree: any("oi" in widget.text for widget in tree.widgets))
    picture, text = Snapshot.of(stage.window, ["MainThread:\x07\n    a.py:1 in b"]).write(
        tmp_path, "tema.frase"
    )
    assert (picture, text) == ("screens/tema.frase.png", "screens/tema.frase.txt")
    assert (tmp_path / picture).read_bytes().startswith(PNG)
    written = (tmp_path / text).read_text("utf-8")
    assert "Label" in written
    assert "a.py:1 in b" in written
    assert not set(written) & {"\x1b", "\x07"}


def test_a_window_that_is_not_there_is_told_as_such(stage: Stage) -> None:
    taken = Snapshot.of(stage.window, [])
    assert taken.widgets == "no Tk window came up within 0.5 s"
    assert taken.picture.startswith(PNG)

"""A report lands where it belongs, whatever lies there."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.writing import write_anew


def test_a_link_in_the_place_of_a_file_is_replaced_and_not_followed(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_bytes(b"mine")
    (tmp_path / "histories").mkdir()
    (tmp_path / "histories" / "one.jsonl").symlink_to(precious)
    write_anew(tmp_path / "histories" / "one.jsonl", b"ours")
    assert precious.read_bytes() == b"mine"
    assert (tmp_path / "histories" / "one.jsonl").read_bytes() == b"ours"


def test_a_folder_that_is_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "screens").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="is a symbolic link"):
        write_anew(tmp_path / "screens" / "one.png", b"ours")

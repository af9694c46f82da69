"""What keeps the write-ahead log bounded when the writer never pauses."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import pytest

from chat import checkpoints
from chat.checkpoints import Checkpoints
from chat.logfile import LogFile
from chat.logrows import gap

PAGES = 1_000


@pytest.mark.parametrize(("bound_pages", "is_held"), [(PAGES - 1, [False, True]), (PAGES, [False])])
def test_only_past_its_bound_is_a_checkpoint_that_did_not_catch_up_repeated_without_the_writer(
    bound_pages: int, is_held: list[bool], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    passes: list[bool] = []

    def fall_behind(each: Checkpoints) -> tuple[int, int, int]:
        passes.append(each.writing.locked())
        return 0, PAGES, PAGES - 1

    with closing(LogFile(tmp_path / "log")) as file:
        monkeypatch.setattr(checkpoints, "WAL_MAX_PAGES", bound_pages)
        monkeypatch.setattr(Checkpoints, "_pass", fall_behind)
        file._checkpoints._checkpoint()
    assert passes == is_held


def test_after_a_checkpoint_without_the_writer_the_write_ahead_log_starts_again(
    tmp_path: Path,
) -> None:
    path = tmp_path / "log"
    wal = Path(f"{path}-wal")
    with closing(LogFile(path)) as file:
        for number in range(100):
            file.append([gap("2026", "2026", number)])
        size = wal.stat().st_size
        with file._checkpoints.writing:
            file._checkpoints._pass()
        for number in range(50):
            file.append([gap("2026", "2026", number)])
        assert wal.stat().st_size <= size


def test_a_log_that_is_open_takes_no_more_descriptors(tmp_path: Path) -> None:
    with closing(LogFile(tmp_path / "log")) as file:
        before = len(os.listdir("/proc/self/fd"))
        file.append([gap("2026", "2026", 1)])
        file._checkpoints._pass()
        assert len(os.listdir("/proc/self/fd")) == before

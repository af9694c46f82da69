"""Writing into a folder in which others may have prepared something."""

from __future__ import annotations

from pathlib import Path


def write_anew(path: Path, data: bytes) -> None:
    """Write a new file, whatever lay in its place: a link there is removed, and not followed.

    Raises:
        OSError: it cannot be written, or the folder itself is a link.
    """
    if path.parent.is_symlink():
        raise OSError(f"{path.parent} is a symbolic link, and a report follows none; remove it")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with path.open("xb") as file:
        file.write(data)

"""What Python would compile again at every start: in a sandbox it cannot keep what it compiles.

Not every installer compiles what it installs, and a script is never kept compiled. The reference
and our broker are started hundreds of times in a run; compiling costs more than half of a start.
"""

from __future__ import annotations

import compileall
import functools
import py_compile
from pathlib import Path

BROKER = Path(__file__).parent / "broker.py"
REFERENCE = Path(__file__).parents[2] / "chat"


@functools.cache
def broker() -> Path:
    """Return the file to run as the broker: compiled, where its folder can be written to."""
    return compiled(BROKER)


@functools.cache
def compile_reference() -> None:
    """Compile the reference system, unless that is done; where it cannot be kept, let it be."""
    compileall.compile_dir(REFERENCE, quiet=2)


def compiled(script: Path) -> Path:
    """Compile a script; return what to run: the script itself where that cannot be kept.

    Each time: whoever runs a compiled file looks at no source, and times of files are coarse.
    """
    try:
        return Path(py_compile.compile(str(script), doraise=True) or script)
    except (OSError, py_compile.PyCompileError):
        return script

"""Why a log cannot be written or read, in the user's language."""

from pathlib import Path

_REASONS = {
    "SQLITE_BUSY": "outro programa o mantém bloqueado",
    "SQLITE_LOCKED": "outro programa o mantém bloqueado",
    "SQLITE_NOTADB": "não é um arquivo SQLite",
    "SQLITE_CORRUPT": "o arquivo está danificado",
    "SQLITE_FULL": "o disco está cheio",
    "SQLITE_READONLY": "não há permissão para escrever",
    "SQLITE_IOERR": "o disco recusou a leitura ou a escrita (está cheio?)",
    "SQLITE_CANTOPEN": "não há permissão para abri-lo ou criá-lo",
    "SQLITE_PERM": "não há permissão para abri-lo",
    "SQLITE_AUTH": "não há permissão para abri-lo",
}


class LogError(Exception):
    """The log cannot be written or read now; the text says why."""


def explained(error: Exception, path: Path) -> LogError:
    """The same error, as the operator can understand it."""
    name = str(getattr(error, "sqlite_errorname", ""))
    if path.is_dir():
        return LogError("é uma pasta")
    if name.startswith("SQLITE_CANTOPEN") and not path.parent.is_dir():
        return LogError("a pasta não existe")
    kind = "_".join(name.split("_")[:2])  # SQLITE_IOERR_WRITE is a kind of SQLITE_IOERR
    return LogError(_REASONS.get(kind, str(error)))

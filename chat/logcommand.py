"""The command `log`: shows what the server has logged (RF-006).

Owns its options, the choice of rows and the wait for more. Every line is in UTF-8, whatever the
terminal; a reader that goes away and Ctrl-C are ordinary ends. Exit status 0: shown; 1: there is
no such log, or it cannot be read; 2: wrong use.
"""

import os
import select
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from chat.config import FOLLOW_PAUSE_S
from chat.logerror import LogError
from chat.logforms import as_json, as_text
from chat.logreader import Entry, LogReader
from chat.logrows import Event, Gap, Row
from chat.names import identity
from chat.records import Kind
from chat.streams import STDOUT
from chat.usage import Parser, moment


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows are asked for. A gap may have held anybody's: it is for every name."""

    since: str
    name: str | None
    kind: str | None

    def includes(self, row: Row) -> bool:
        """Whether the row is asked for."""
        return (
            row.time >= self.since
            and self.kind in (None, row.kind)
            and (self.name is None or isinstance(row, Gap) or self._names(row))
        )

    def _names(self, row: Event) -> bool:
        return self.name in {identity(each) for each in (row.name, row.recipient) if each}


def log(arguments: Sequence[str] | None = None) -> int:
    """Show a log; with --follow, until Ctrl-C or until nobody reads any more."""
    given = _parser().parse_args(arguments)
    wanted = Wanted(given.since or "", given.name and identity(given.name), given.kind)
    form = as_json if given.json else as_text
    try:
        reader = LogReader(given.arquivo)
        _show(reader, wanted, form)
        while given.follow and _somebody_reads():
            with suppress(LogError):  # the file may be on its way: it is looked at again
                _show(reader, wanted, form)
    except LogError as error:
        sys.stderr.write(f"erro: não foi possível ler o registro {given.arquivo}: {error}\n")
        return 1
    except (BrokenPipeError, KeyboardInterrupt):
        pass
    return 0


def _show(reader: LogReader, wanted: Wanted, form: Callable[[Entry], str]) -> None:
    for page in reader.news():
        _write("".join(f"{form(entry)}\n" for entry in page if wanted.includes(entry.row)).encode())


def _write(data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(STDOUT, rest) :]


def _somebody_reads() -> bool:
    """Wait a little for more to be written, or until the reader of our output goes away."""
    reader = select.poll()
    reader.register(STDOUT, 0)
    return not reader.poll(FOLLOW_PAUSE_S * 1_000)


def _parser() -> ArgumentParser:
    parser = Parser("chat-log", "Mostra o registro do servidor, também enquanto ele trabalha.")
    parser.add_argument("arquivo", type=Path, help="o arquivo que o servidor escreve")
    parser.add_argument("--follow", action="store_true", help="continua, até Ctrl-C")
    parser.add_argument("--since", type=moment, metavar="MOMENTO", help="só a partir de (UTC)")
    parser.add_argument("--name", metavar="NOME", help="só o que este nome fez ou recebeu")
    parser.add_argument("--kind", choices=list(map(str, Kind)), help="só linhas deste tipo")
    parser.add_argument("--json", action="store_true", help="um objeto JSON por linha")
    return parser

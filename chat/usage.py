"""argparse in Portuguese, and the kinds of value that options take.

Owns nothing about any command; options does. What argparse itself would say in English is put
into Portuguese by a table of the few messages that our options can cause.
"""

import re
import sys
from argparse import Action, ArgumentParser, ArgumentTypeError, HelpFormatter
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any, NoReturn, TypeVar

_Number = TypeVar("_Number", int, float)

_MOMENT = re.compile(
    r"[0-9]{4}(-[0-9]{2}(-[0-9]{2}(T[0-9]{2}(:[0-9]{2}(:[0-9]{2}(\.[0-9]{3})?)?)?)?)?)?"
)
_MOMENT_END = "0001-01-01T00:00:00.000"

_PHRASES = {
    "the following arguments are required": "falta",
    "unrecognized arguments": "argumento desconhecido",
    "ambiguous option": "opção ambígua",
    "could match": "pode ser",
    "expected one argument": "espera um valor",
    "invalid choice": "valor desconhecido",
    "choose from": "escolha entre",
    "ignored explicit argument": "não aceita valor",
    "not allowed with": "não combina com",
    "argument ": "",
}


class _Formatter(HelpFormatter):
    """Says `uso:` where argparse says `usage:`."""

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[Action],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, prefix or "uso: ")


class Parser(ArgumentParser):
    """A command line that speaks Portuguese."""

    def __init__(self, program: str, description: str) -> None:
        super().__init__(
            program, description=description, add_help=False, formatter_class=_Formatter
        )
        self._positionals.title = "argumentos"
        self._optionals.title = "opções"
        self.add_argument("-h", "--help", action="help", help="mostra esta ajuda e termina")

    def add_option(
        self, name: str, kind: Callable[[str], object], default: object, text: str
    ) -> None:
        """An option with one value; the help names its default."""
        self.add_argument(
            name, type=kind, default=default, metavar="VALOR", help=f"{text} (padrão: {default})"
        )

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and how it is right; status 2."""
        for english, portuguese in _PHRASES.items():
            message = message.replace(english, portuguese)
        sys.stderr.write(f"{self.format_usage()}erro: {message}\n")
        sys.exit(2)


def port(text: str) -> int:
    """A TCP port, or 0 for any."""
    return _number(int, text, lambda value: 0 <= value <= 65_535, "uma porta, de 0 a 65535")


def count(text: str) -> int:
    """A whole number, one at least."""
    return _number(int, text, lambda value: value >= 1, "um inteiro, 1 ou mais")


def seconds(text: str) -> float:
    """A time: more than none, an hour at most."""
    return _number(float, text, lambda value: 0 < value <= 3_600, "segundos, até 3600")


def moment(text: str) -> str:
    """A time as the log has it, or the beginning of one up to a whole part; without its `Z`."""
    start = text.removesuffix("Z")
    with suppress(ValueError):
        if _MOMENT.fullmatch(start):
            datetime.fromisoformat(start + _MOMENT_END[len(start) :])
            return start
    raise ArgumentTypeError(
        f"{text!r} não serve: espera-se um momento em UTC, "
        "inteiro ou só o começo, como 2026-11-25 ou 2026-11-25T22:05:01.123Z"
    )


def _number(
    kind: type[_Number], text: str, is_good: Callable[[_Number], bool], wanted: str
) -> _Number:
    with suppress(ValueError):
        value = kind(text)
        if is_good(value):
            return value
    raise ArgumentTypeError(f"{text!r} não serve: espera-se {wanted}")

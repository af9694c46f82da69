"""The target file, read strictly into the records of ``sections``.

A description says how a system is started and how it speaks; it cannot excuse anything. This
module owns the reading of the file (TOML), the merging of a shipped dialect under it, and the
messages for whoever wrote it: each names the file, the path of the key, the offending value and
what is allowed.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from harness.expect import Kind
from harness.sections import (
    Launch,
    Limits,
    Log,
    Names,
    Receive,
    Screen,
    Send,
    Table,
    Target,
    Window,
    Wire,
)

DIALECTS = Path(__file__).parent / "dialects"
RECEIVED = [kind for kind in Kind if kind is not Kind.GAP]
SPEAKING = ("wire", "names", "limits", "send", "receive")
"""The sections that a dialect gives; it never says how a program is started."""


class DescriptionError(ValueError):
    """A target file cannot be used: which file, where in it, what is wrong, what to do."""

    def __init__(self, file: Path | str, problem: str) -> None:
        """Put the file before the problem."""
        super().__init__(f"{file}: {problem}")


class Description(Table, frozen=True):
    """A whole target file, its dialect merged in."""

    target: Target = Target()
    launch: Launch | None = None
    wire: Wire = Wire()
    names: Names = Names()
    limits: Limits = Limits()
    send: Send = Send()
    receive: Receive = msgspec.field(default_factory=dict)
    screen: Screen = Screen()
    window: Window = Window()
    log: Log | None = None
    file: Path = Path()


def read(file: Path) -> Description:
    """Read a target file, with its dialect under it.

    Raises:
        DescriptionError: the file cannot be read, is not TOML, has an unknown key or a value
            of the wrong type, or names a dialect that does not exist.
    """
    document = _read_toml(file)
    target = document.get("target", {})
    dialect = target.get("dialect") if isinstance(target, dict) else None
    if dialect:
        document = _merge(_read_dialect(file, str(dialect)), document)
    document = _with_steps(_without_removed(document))
    _check_keys(file, document, Description, "")
    try:
        description = msgspec.convert(document, Description)
    except msgspec.ValidationError as error:
        raise DescriptionError(file, _in_words(error, document)) from None
    name = description.target.name or file.stem
    return msgspec.structs.replace(
        description,
        target=msgspec.structs.replace(description.target, name=name),
        file=file.resolve(),
    )


def _read_toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DescriptionError(file, "there is no such file") from None
    except OSError as error:
        raise DescriptionError(file, f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise DescriptionError(file, f"is not UTF-8 text (byte {error.start})") from None
    except tomllib.TOMLDecodeError as error:
        raise DescriptionError(file, f"is not TOML: {error}") from None
    except RecursionError:
        raise DescriptionError(file, "is nested too deeply: no target file needs that") from None


def _read_dialect(file: Path, dialect: str) -> dict[str, Any]:
    shipped = DIALECTS / f"{dialect}.toml"
    chosen = shipped if is_file(shipped) else file.parent / dialect
    if not is_file(chosen):
        names = ", ".join(sorted(p.stem for p in DIALECTS.glob("*.toml")))
        problem = f"target.dialect: there is no dialect {dialect!r}; shipped: {names}; or a path"
        raise DescriptionError(file, problem)
    document = _read_toml(chosen)
    foreign = sorted(set(document) - set(SPEAKING))
    if foreign:
        problem = f"a dialect has no [{foreign[0]}]; allowed: {', '.join(SPEAKING)}"
        raise DescriptionError(chosen, problem)
    return document


def is_file(path: Path) -> bool:
    """Whether there is such a file; also of a name that no file can have."""
    try:
        return path.is_file()
    except OSError:
        return False


def _merge(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Lay one document over another, key by key inside each section."""
    merged = dict(under)
    for section, table in over.items():
        below = merged.get(section)
        both = isinstance(table, dict) and isinstance(below, dict)
        merged[section] = below | table if both and below is not None else table
    return merged


def _without_removed(document: dict[str, Any]) -> dict[str, Any]:
    """Drop what is set to ``false`` in the sections where that means "it has none"."""

    def kept(section: str, table: Any) -> Any:
        if section not in ("send", "receive", "names", "limits") or not isinstance(table, dict):
            return table
        return {key: value for key, value in table.items() if value is not False}

    return {section: kept(section, table) for section, table in document.items()}


def _with_steps(document: dict[str, Any]) -> dict[str, Any]:
    """Put ``send`` before each bare table of fields in the operations of a protocol of JSON."""
    wire, send = document.get("wire"), document.get("send")
    if not isinstance(wire, dict) or not isinstance(send, dict) or "json" not in wire.values():
        return document

    def step(value: Any) -> Any:
        is_step = not isinstance(value, dict) or set(value) in ({"send"}, {"expect"})
        return value if is_step else {"send": value}

    steps = {
        key: [step(each) for each in ([value] if isinstance(value, dict) else value)]
        if isinstance(value, dict | list)
        else value
        for key, value in send.items()
    }
    return document | {"send": steps}


def _check_keys(file: Path, table: dict[str, Any], shape: type, path: str) -> None:
    """Refuse keys that the shape does not have, naming the nearest one that it has."""
    hints = get_type_hints(shape)
    if shape is Description:
        hints.pop("file")  # is ours, not a section
    for key, value in table.items():
        here = f"{path}.{key}" if path else key
        if key not in hints:
            raise DescriptionError(file, unknown_key(here, key, list(hints)))
        if isinstance(value, dict):
            _check_table(file, value, hints[key], here)
        for number, item in enumerate(value if isinstance(value, list) else ()):
            if isinstance(item, dict):
                _check_table(file, item, hints[key], f"{here}[{number}]")


def _check_table(file: Path, table: dict[str, Any], hint: Any, path: str) -> None:
    if hint == Receive:
        for key in table:
            if key not in RECEIVED:
                raise DescriptionError(file, unknown_key(f"{path}.{key}", key, RECEIVED))
    for shape in _shapes(hint):
        _check_keys(file, table, shape, path)


def _shapes(hint: Any) -> Iterator[type[Table]]:
    """Yield the shape of table that a type holds, if any."""
    if isinstance(hint, type) and get_origin(hint) is None and issubclass(hint, Table):
        yield hint
    for part in get_args(hint):
        yield from _shapes(part)


def unknown_key(path: str, key: str, allowed: list[Any]) -> str:
    """Return the sentence for a key that does not exist."""
    names = [str(name) for name in allowed]
    near = difflib.get_close_matches(key, names, n=1)
    hint = f" (did you mean {near[0]!r}?)" if near else ""
    return f"{path}: there is no such key{hint}; allowed: {', '.join(names)}"


def _in_words(error: msgspec.ValidationError, document: dict[str, Any]) -> str:
    """Turn "Expected `int`, got `str` - at `$.names.max`" into a sentence with the value."""
    text, _, at = str(error).partition(" - at `$")
    path, value, allowed = "", document, ""
    hint: Any = Description
    for step in re.findall(r"\[\.\.\.\]|\[\d+\]|[^.\[\]`]+", at):
        path, value, hint = _down(path, value, hint, step)
    if get_origin(hint) is Literal:
        allowed = f" Allowed: {', '.join(map(repr, get_args(hint)))}."
    shown = f" The value is {value!r}." if not isinstance(value, dict | None) else ""
    for jargon, word in JARGON.items():
        text = re.sub(jargon, word, text)
    return f"{path or 'the file'}: {text}.{shown}{allowed}"


JARGON = {
    "`": "",
    r" \| null": "",
    r"\bobject\b": "a table",
    r"\barray\b": "a list",
    r"\bstr\b": "a text",
    r"\bint\b": "a whole number",
    r"\bfloat\b": "a number",
    r"\bbool\b": "true or false",
    r" \| ": " or ",
}


def _down(path: str, value: Any, hint: Any, step: str) -> tuple[str, Any, Any]:
    """Follow one step of the path of an error: a key, a place in a list, or *some* key."""
    if step == "[...]":
        key = next((k for k, v in value.items() if not _is_texts(v)), "")
        return f"{path}.{key}", value.get(key), None
    if step.startswith("["):
        place = int(step[1:-1])
        return f"{path}{step}", value[place] if isinstance(value, list) else None, None
    shapes = list(_shapes(hint)) if hint is not None else []
    below = get_type_hints(shapes[0]).get(step) if shapes else None
    value = value.get(step) if isinstance(value, dict) else None
    return f"{path}.{step}" if path else step, value, below


def _is_texts(value: Any) -> bool:
    """Whether this is a text or a list of texts: all that a table with free keys may hold."""
    return isinstance(value, str) or (
        isinstance(value, list) and all(isinstance(item, str) for item in value)
    )

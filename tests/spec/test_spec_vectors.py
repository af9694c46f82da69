"""Loading of vectors: what is taken, and every refusal with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from spec.vectors import (
    FromClient,
    FromServer,
    Garbage,
    NameVector,
    Replacement,
    SpecError,
    Vectors,
    load,
)

GOOD = """
[[from_client]]
name = "two lines"
section = "3.6"
text = "oi\\n/privado Bia aa\\n"
commands = [
    {command = "message", text = "oi"},
    {command = "private", to = "Bia", text_parts = [{text = "a", times = 2}]},
]

[[from_client]]
name = "not text"
section = "2.3"
state = "unnamed"
hex = "80 0a"
commands = [{command = "error", code = "texto-invalido"}]

[[from_server]]
name = "a list"
section = "5.5"
parts = [{text = "* conectados: A"}, {text = "n", times = 2}, {hex = "61 0a"}]
event = {kind = "users", names = ["Anna"]}

[[garbage]]
name = "junk"
section = "5.9"
hex = "ff"

[[replacement]]
name = "a tab"
section = "2.4"
received = "a\\t"
emitted = "a\\uFFFD"

[[name]]
name = "Ana"
valid = true
same_as = ["ana"]
different_from = ["Aná"]

[[name]]
name = " "
valid = false
"""


def load_text(tmp_path: Path, text: str) -> Vectors:
    path = tmp_path / "vectors.toml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def test_bytes_from_a_client_are_loaded_with_their_commands(tmp_path: Path) -> None:
    assert load_text(tmp_path, GOOD).from_client == (
        FromClient(
            "two lines",
            "3.6",
            "member",
            b"oi\n/privado Bia aa\n",
            (
                {"command": "message", "text": "oi"},
                {"command": "private", "to": "Bia", "text": "aa"},
            ),
        ),
        FromClient(
            "not text",
            "2.3",
            "unnamed",
            b"\x80\n",
            ({"command": "error", "code": "texto-invalido"},),
        ),
    )


def test_a_line_from_a_server_is_loaded_with_its_event(tmp_path: Path) -> None:
    assert load_text(tmp_path, GOOD).from_server == (
        FromServer("a list", "5.5", b"* conectados: Anna\n", {"kind": "users", "names": ("Anna",)}),
    )


def test_garbage_replacements_and_names_are_loaded(tmp_path: Path) -> None:
    vectors = load_text(tmp_path, GOOD)
    assert vectors.garbage == (Garbage("junk", "5.9", b"\xff"),)
    assert vectors.replacement == (Replacement("a tab", "2.4", "a\t", "a\ufffd"),)
    assert vectors.name == (
        NameVector("Ana", True, ("ana",), ("Aná",)),
        NameVector(" ", False, (), ()),
    )


def test_a_meaning_cannot_be_changed(tmp_path: Path) -> None:
    with pytest.raises(TypeError):
        load_text(tmp_path, GOOD).from_client[0].commands[0]["text"] = "x"  # type: ignore[index]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[[garbage]]", "[[rubbish]]", 'unknown key "rubbish"; allowed: "from_client", "from_'),
        ('name = "junk"\n', "", 'garbage 1: missing key "name"'),
        ('name = "junk"', 'name = ""', "garbage '': key \"name\" must not be empty"),
        ('name = "not text"', 'name = "two lines"', "from_client 'two lines': the name is used "),
        (
            "received",
            "receives",
            'replacement \'a tab\': unknown key "receives" (did you mean "received"?)',
        ),
        (
            'section = "5.9"',
            'section = "five"',
            'garbage \'junk\': key "section": "five" is not the number of a section',
        ),
        ('"unnamed"', '"unknown"', "from_client 'not text': key \"state\": unknown value"),
        (
            'hex = "80 0a"\n',
            "",
            'from_client \'not text\': exactly one of "text", "hex" and "parts" is needed',
        ),
        (
            'hex = "80 0a"\n',
            'hex = "80 0a"\ntext = "a"\n',
            'from_client \'not text\': exactly one of "text", "hex" and "parts" is needed',
        ),
        ('hex = "ff"', 'hex = "f"', "garbage 'junk': key \"hex\": non-hexadecimal number"),
        (
            "times = 2}, {hex",
            "times = 0}, {hex",
            "from_server 'a list', part 2: key \"times\" must be finite and over zero, not 0",
        ),
        (
            "times = 2}, {hex",
            "time = 2}, {hex",
            'from_server \'a list\', part 2: unknown key "time" (did you mean "times"?)',
        ),
        (
            '{hex = "61 0a"}',
            '{hex = "61 0a", text = "a"}',
            'from_server \'a list\', part 3: unknown key "text"; allowed: "hex", "times"',
        ),
        (
            "text_parts = [{text",
            "text_parts = [{hex",
            "from_client 'two lines', command 2, part 1: unknown key \"hex\"",
        ),
        (
            'command = "message"',
            'comand = "message"',
            "from_client 'two lines', command 1: missing key \"command\"",
        ),
        (
            'command = "message"',
            'command = "massage"',
            'from_client \'two lines\', command 1: key "command": unknown value "massage" '
            '(did you mean "message"?); allowed: "message", "private", "users", "quit", "error"',
        ),
        (
            'command = "message"',
            'command = "name"',
            'from_client \'two lines\', command 1: key "command": unknown value "name"',
        ),
        (
            'to = "Bia", text_parts',
            'too = "Bia", text_parts',
            'from_client \'two lines\', command 2: unknown key "too" (did you mean "to"?)',
        ),
        (
            'message", text = "oi"',
            'message"',
            "from_client 'two lines', command 1: missing key \"text\"",
        ),
        (
            'message", text = "oi"',
            'message", text = "oi", text_parts = [{text = "oi"}]',
            "from_client 'two lines', command 1: unknown key \"text\"",
        ),
        (
            'code = "texto-invalido"',
            'code = "texto-inválido"',
            'from_client \'not text\', command 1: key "code": unknown value "texto-inválido" '
            '(did you mean "texto-invalido"?)',
        ),
        (
            'kind = "users"',
            'kind = "user"',
            'from_server \'a list\', event: key "kind": unknown value "user" (did you mean '
            '"users"?)',
        ),
        ('kind = "users", ', "", "from_server 'a list', event: missing key \"kind\""),
        (
            'names = ["Anna"]',
            'name = "Anna"',
            'from_server \'a list\', event: unknown key "name" (did you mean "names"?)',
        ),
        (
            'names = ["Anna"]',
            'names = "Anna"',
            "from_server 'a list', event: key \"names\" must be an array, not text",
        ),
        ("61 0a", "61", "from_server 'a list': the bytes must be exactly one line, LF included"),
        ("61 0a", "0a 0a", "from_server 'a list': the bytes must be exactly one line, LF incl"),
        (
            "valid = false",
            'valid = false\nsame_as = ["a"]',
            "name ' ': an invalid name has no identity to compare",
        ),
        ("valid = false", "valid = 0", "name ' ': key \"valid\" must be true or false, not a who"),
    ],
)
def test_a_wrong_file_is_refused_with_the_place(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    assert old in GOOD
    with pytest.raises(SpecError) as caught:
        load_text(tmp_path, GOOD.replace(old, new, 1))
    assert str(caught.value).startswith(f"vectors.toml: {message}")


def test_a_missing_kind_of_vector_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r'^vectors\.toml: missing key "name"'):
        load_text(tmp_path, GOOD.partition("[[name]]")[0])

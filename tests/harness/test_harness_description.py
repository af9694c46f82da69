"""The target file: what is wrong is told in one sentence that names file, key, value and remedy."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest
from harness_stage import described, dialect

from harness import system
from harness.description import DescriptionError, read
from harness.expect import Kind
from harness.sections import Names
from harness.targets.instructions import missing_package

OBJECTS = '[send]\njoin = {name = "{name}"}\nmessage = {text = "{text}"}\n'
COMMAND = '[launch]\ncommand = "python3 x.py"\n'

BAD = {
    "unknown section": ("[lauch]", "lauch: there is no such key (did you mean 'launch'?)"),
    "unknown key": (
        f'{COMMAND}comand = "x"',
        "launch.comand: there is no such key (did you mean 'command'?); allowed: command, cwd",
    ),
    "a key of ours": ('file = "x"', "file: there is no such key; allowed: target, launch"),
    "a section that is a value": ("launch = 5", "launch: Expected a table, got a whole number"),
    "a list for a section": ('[[launch]]\ncommand = "x"', "launch: Expected a table, got a list"),
    "no command": ("[launch]", "launch: Object missing required field command."),
    "a number for a text": (
        "[launch]\ncommand = 5",
        "launch.command: Expected a text or a list, got a whole number. The value is 5.",
    ),
    "a number in a list": (
        '[launch]\ncommand = ["x", 5]',
        "launch.command[1]: Expected a text, got a whole number. The value is 5.",
    ),
    "a text for a number": (
        f'{COMMAND}ready_s = "10"',
        "launch.ready_s: Expected a number, got a text. The value is '10'.",
    ),
    "a number for yes or no": (
        f"{COMMAND}copy = 0",
        "launch.copy: Expected true or false, got a whole number. The value is 0.",
    ),
    "a number in the environment": (
        f"{COMMAND}env = {{PORTA = 5050}}",
        "launch.env.PORTA: Expected a text, got a whole number. The value is 5050.",
    ),
    "a role that does not exist": (
        f'{COMMAND}[target]\nrole = "both"',
        "target.role: Invalid enum value 'both'. The value is 'both'. Allowed: 'server', 'client'.",
    ),
    "an observation that does not exist": (
        f'{COMMAND}[receive]\njoin = "* {{name}}"',
        "receive.join: there is no such key (did you mean 'joined'?); allowed: joined, left",
    ),
    "an observation that is a number": (
        f"{COMMAND}[receive]\njoined = 5",
        "receive.joined: Expected a text or a table or a list, got a whole number. The value is 5.",
    ),
    "an observation with a number": (
        f'{COMMAND}[receive]\nleft = "- {{name}}"\njoined = ["+ {{name}}", 5]',
        "receive.joined[1]: Expected a text or a table, got a whole number. The value is 5.",
    ),
    "an operation that does not exist": (
        f'{COMMAND}[send]\nprivado = "x"',
        "send.privado: there is no such key (did you mean 'private'?)",
    ),
    "an operation that is a table": (
        f'{COMMAND}[send]\nquit = {{send = "/sair"}}',
        "send.quit: Expected a text or a list, got a table.",
    ),
    "a step that does both": (
        f'{COMMAND}[send]\njoin = ["a", {{send = "x", expect = "y"}}]',
        "send.join[1]: A step has either send or expect.",
    ),
    "a step that does nothing": (
        f"{COMMAND}[send]\njoin = [{{}}]",
        "send.join[0]: A step has either send or expect.",
    ),
    "a step with an unknown key": (
        f'{COMMAND}[send]\njoin = [{{send = "x", expct = "y"}}]',
        "send.join[0].expct: there is no such key (did you mean 'expect'?); allowed: send, expect",
    ),
    "a step that is a number": (
        f'{COMMAND}[send]\njoin = ["a", 5]',
        "send.join[1]: Expected a text or a table, got a whole number. The value is 5.",
    ),
    "a bad alphabet": (
        f'{COMMAND}[names]\nalphabet = "z-a"',
        "names: The alphabet 'z-a' is not like \"a-z0-9_\" (bad character range z-a at position 1)",
    ),
    "names that none of ours would be": (
        f"{COMMAND}[names]\nmax = 5",
        "names: The names that are tried have 7 small letters of a to z, and this target takes",
    ),
    "an alphabet that none of ours is of": (
        f'{COMMAND}[names]\nalphabet = "A-Z"',
        "names: The names that are tried have 7 small letters of a to z, and this target takes",
    ),
    "a text in which nothing can be said": (
        f"{COMMAND}[limits]\ntext_bytes = 5",
        "limits: text_bytes = 5 is too few to try anything: at least 24",
    ),
    "room for nobody": (
        f"{COMMAND}[limits]\nclients = 1",
        "limits: clients = 1 is too few to try anything: at least 2",
    ),
    "unknown dialect": (
        f'{COMMAND}[target]\ndialect = "ircd"',
        "target.dialect: there is no dialect 'ircd'; shipped: irc, reference; or a path",
    ),
    "an endless dialect": (
        f'{COMMAND}[target]\ndialect = "{"x" * 300}"',
        "xxx'; shipped: irc, reference; or a path",
    ),
    "a dialect that is a number": (
        f"{COMMAND}[target]\ndialect = 5",
        "target.dialect: there is no dialect '5'; shipped: irc, reference; or a path",
    ),
    "unknown framing": (
        f'{COMMAND}[wire]\nframing = "lines"',
        "wire: there is no framing 'lines'; known: raw, line, crlf, length:2, length:4,",
    ),
    "a table of fields where texts are written": (
        f'{COMMAND}[receive]\njoined = {{type = "join", name = "{{name}}"}}',
        "'name': '{name}'}: with this wire.framing it is written as \"...\"",
    ),
    "a text where objects are written": (
        f'{COMMAND}[wire]\nframing = "json"\n{OBJECTS}[receive]\njoined = "{{name}} entrou"',
        "receive.joined = '{name} entrou': with this wire.framing it is written as {type = ",
    ),
    "a table without its hole": (
        f'{COMMAND}[wire]\nframing = "json"\n{OBJECTS}[receive]\njoined = {{type = "entrou"}}',
        "receive.joined = '{type = \"entrou\"}': needs {name}",
    ),
    "unknown framing of one direction": (
        f'{COMMAND}[wire]\nfrom_server = "length:3"',
        "wire: there is no framing 'length:3'; known: raw, line, crlf, length:2, length:4,",
    ),
    "unknown encoding": (
        f'{COMMAND}[wire]\nencoding = "utf-9"',
        "wire.encoding: there is no encoding 'utf-9'",
    ),
    "an encoding that encodes nothing": (
        f'{COMMAND}[wire]\nencoding = "undefined"',
        "wire.encoding: there is no encoding 'undefined'",
    ),
    "an answer with something that was not asked": (
        f'{COMMAND}[send]\npong = "PONG {{number}}"\n[receive]\nping = "PING {{rest}}"',
        "send.pong = 'PONG {number}': {number} is not in 'PING {rest}', which it answers",
    ),
    "a word for being ready that has a hole without a value": (
        '[launch]\ncommand = "true"\nready = "em 127.0.0.1:{port}"',
        "launch.ready: {port} is not a hole here; known: {address}",
    ),
    "an encoding that is none of text": (
        f'{COMMAND}[wire]\nencoding = "base64"',
        "wire.encoding: there is no encoding 'base64'",
    ),
    "unknown hole in send": (
        f'{COMMAND}[send]\nprivate = "@{{to}} {{texto}}"',
        "send.private = '@{to} {texto}': {texto} is not a hole; known: {name} {from} {to} {text}",
    ),
    "a hole without a value in send": (
        f'{COMMAND}[send]\njoin = ["oi", "{{to}}"]',
        "send.join = '{to}': {to} has no value here; known: {name}",
    ),
    "a word of the server's that nothing captures": (
        f'{COMMAND}[send]\nprivate = "@{{to.id}} {{text}}"',
        "{to.id} has no value here; known: {text} {to} {name}; it is given by the server, in an",
    ),
    "a word of the server's before it is captured": (
        f'{COMMAND}[send]\njoin = ["{{id}}", {{expect = "oi, {{id}}!"}}]',
        "send.join = '{id}': {id} has no value here; known: {name}",
    ),
    "a hole that is only written": (
        f'{COMMAND}[receive]\nleft = "{{name}} {{to.id}} saiu"',
        "receive.left = '{name} {to.id} saiu': {to.id} can be written, not recognised",
    ),
    "a regular expression in send": (
        f'{COMMAND}[send]\nquit = "re:/sair"',
        "send.quit = 're:/sair': a regular expression is not written",
    ),
    "unknown hole in a step that waits": (
        f'{COMMAND}[send]\njoin = ["{{name}}", {{expect = "oi {{nome}}"}}]',
        "send.join = 'oi {nome}': {nome} is not a hole; known: {name}",
    ),
    "unknown hole in receive": (
        f'{COMMAND}[receive]\njoined = "* {{nome}} entrou"',
        "receive.joined = '* {nome} entrou': {nome} is not a hole; known: {name} {from} {to}",
    ),
    "unknown hole on the screen": (
        f'{COMMAND}[screen]\njoined = "{{nome}} entrou"',
        "screen.joined = '{nome} entrou': {nome} is not a hole",
    ),
    "a hole without a value on the screen": (
        f'{COMMAND}[screen]\nleft = "{{from}} saiu"',
        "screen.left = '{from} saiu': only {name} has a value here",
    ),
    "unbalanced brace": (
        f'{COMMAND}[receive]\nleft = "* {{name saiu"',
        "receive.left = '* {name saiu': a single '{'; write '{{' for the character itself",
    ),
    "bad regular expression": (
        f'{COMMAND}[receive]\nleft = "re:{{name}} (saiu"',
        "receive.left = 're:{name} (saiu': 're:{name} (saiu' is not a regular expression: missing",
    ),
    "two kinds alike": (
        f'{COMMAND}[receive]\njoined = "* {{name}} aqui"\nleft = "* {{name}} aqui"',
        "receive.joined = '* {name} aqui' and receive.left = '* {name} aqui' cannot be told apart:",
    ),
    "two kinds alike, one of them a regular expression": (
        f'{COMMAND}[receive]\njoined = "{{name}} aqui"\nleft = "re:{{name}} aqui"',
        "receive.joined = '{name} aqui' and receive.left = 're:{name} aqui' cannot be told apart:",
    ),
    "blanks at the ends of a template": (
        f'{COMMAND}[receive]\njoined = "* {{name}} aqui\\n"',
        "receive.joined = '* {name} aqui\\n': leave out the blanks at its ends; they are free",
    ),
    "too few literals": (
        f'{COMMAND}[receive]\nerror = "!{{rest}}"',
        "receive.error = '!{rest}': needs at least 2 literal characters, or it matches anything",
    ),
    "a list of nobody": (
        f'{COMMAND}[receive]\nusers = "Online: {{rest}}"',
        "receive.users = 'Online: {rest}': needs {users}",
    ),
    "joined without a name": (
        f'{COMMAND}[receive]\njoined = "alguém entrou"',
        "receive.joined = 'alguém entrou': needs {name}",
    ),
    "message without a text": (
        f'{COMMAND}[receive]\nmessage = "de {{from}}: {{rest}}"',
        "receive.message = 'de {from}: {rest}': needs {text}",
    ),
    "left with a text": (
        f'{COMMAND}[receive]\nleft = "{{name}} saiu: {{text}}"',
        "receive.left = '{name} saiu: {text}': cannot hold {text}",
    ),
    "no launch": ("[send]", 'there is no [launch]; it needs at least: command = "..."'),
    "empty command": ('[launch]\ncommand = " "', "launch.command is empty"),
    "empty list": ("[launch]\ncommand = []", "launch.command is empty"),
    "unbalanced quotes": (
        '[launch]\ncommand = "python3 \'x.py"',
        'launch.command = "python3 \'x.py": No closing quotation',
    ),
    "unknown hole in launch": (
        '[launch]\ncommand = "x --porta {porta}"',
        "launch.command: {porta} is not a hole here; known: {host} {port} {address} {dir}",
    ),
    "unknown hole in the environment": (
        f'{COMMAND}env = {{PORTA = "{{porta}}"}}',
        "launch.env.PORTA: {porta} is not a hole here; known: {host} {port} {address} {dir}",
    ),
    "unknown hole in a file": (
        f'{COMMAND}[launch.files]\n"a.conf" = "porta={{porta}}"',
        "launch.files.a.conf: {porta} is not a hole here; known: {host} {port} {address} {dir}",
    ),
    "unknown hole in the input": (
        f'{COMMAND}stdin = "{{porta}}"',
        "launch.stdin: {porta} is not a hole here; known: {host} {port} {address} {dir}",
    ),
    "a folder that does not exist": (f'{COMMAND}cwd = "nada"', "launch.cwd: there is no folder /"),
    "a file outside": (
        f'{COMMAND}[launch.files]\n"../../etc/x" = ""',
        "launch.files: '../../etc/x' lies outside the target's folder",
    ),
    "a file at the root": (
        f'{COMMAND}[launch.files]\n"/etc/x" = ""',
        "launch.files: '/etc/x' lies outside the target's folder",
    ),
    "a file without a name": (
        f'{COMMAND}[launch.files]\n"." = ""',
        "launch.files: '.' lies outside the target's folder",
    ),
    "files for a folder that is not copied": (
        f'{COMMAND}copy = false\n[launch.files]\n"a.conf" = ""',
        "launch.files would change your own folder; leave out launch.copy = false",
    ),
    "a build in a folder that is not copied": (
        f'{COMMAND}copy = false\nbuild = "make"',
        "launch.build would change your own folder; leave out launch.copy = false",
    ),
    "an address without a port": (
        f'{COMMAND}address = "26.1.2.3"',
        "launch.address = '26.1.2.3' is not like 26.1.2.3:9999 ('26.1.2.3' is no port)",
    ),
    "an address with a name": (
        f'{COMMAND}address = "servidor:9999"',
        "launch.address = 'servidor:9999' is not like 26.1.2.3:9999 (Expected 4 octets in",
    ),
    "an address with a port that there is not": (
        f'{COMMAND}address = "26.1.2.3:70000"',
        "launch.address = '26.1.2.3:70000' is not like 26.1.2.3:9999 ('70000' is no port)",
    ),
    "a pace of nothing": (
        f"{COMMAND}[limits]\nmessages_per_s = 0",
        "limits: messages_per_s = 0.0 lets nobody say anything; leave it out",
    ),
    "not TOML": (
        "[launch\n",
        "is not TOML: Expected ']' at the end of a table declaration (at line 1",
    ),
}


@pytest.mark.parametrize(("text", "sentence"), BAD.values(), ids=BAD)
def test_what_is_wrong_is_told_in_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    file = tmp_path / "alvo.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DescriptionError) as refused:
        system.load(str(file))
    told = str(refused.value)
    assert told.startswith(f"{file}: ")
    assert sentence in told
    assert "\n" not in told


def test_a_file_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(DescriptionError, match=r"nada\.toml: there is no such file"):
        system.load(str(tmp_path / "nada.toml"))


def test_a_folder_is_no_target_file(tmp_path: Path) -> None:
    (tmp_path / "pasta.toml").mkdir()
    with pytest.raises(DescriptionError, match=r"pasta\.toml: cannot be read: Is a directory"):
        system.load(str(tmp_path / "pasta.toml"))


def test_text_that_is_not_utf_8_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "alvo.toml").write_bytes("# alô".encode("latin-1"))
    with pytest.raises(DescriptionError, match=r"alvo\.toml: is not UTF-8 text \(byte 4\)"):
        system.load(str(tmp_path / "alvo.toml"))


def test_a_dialect_never_says_how_a_program_is_started(tmp_path: Path) -> None:
    (tmp_path / "meu.toml").write_text(COMMAND)
    text = '[target]\ndialect = "meu.toml"\n'
    with pytest.raises(DescriptionError) as refused:
        described(tmp_path, text)
    assert str(refused.value) == (
        f"{tmp_path / 'meu.toml'}: a dialect has no [launch]; "
        "allowed: wire, names, limits, send, receive"
    )


@pytest.mark.parametrize("name", ["referencee", "x" * 300, "/nada/alvo"])
def test_a_target_that_is_neither_file_nor_shipped_is_told_the_shipped_ones(name: str) -> None:
    with pytest.raises(DescriptionError) as refused:
        system.load(name)
    assert str(refused.value) == (
        f"{name}: there is no such file, and no shipped target of that name: "
        "inspircd, naive-client, naive-server, ngircd, reference-client, reference-server"
    )


# -- what a good file means -----------------------------------------------------------------


@pytest.mark.parametrize("name", system.shipped())
def test_every_shipped_target_loads_under_its_own_name(name: str) -> None:
    loaded = system.load(name)
    assert loaded.name == name
    assert loaded.role == ("client" if name.endswith("client") else "server")


def test_a_target_file_may_have_any_name_and_no_suffix(tmp_path: Path) -> None:
    (tmp_path / "alvo").write_text(COMMAND)
    assert system.load(str(tmp_path / "alvo")).name == "alvo"


def test_the_smallest_file_says_only_how_to_start(tmp_path: Path) -> None:
    speech = dialect(tmp_path, "")
    assert set(speech.operations) == {"join", "message"}
    assert speech.joins_silently
    assert not speech.from_client.framed
    assert speech.encode("olá") == "olá".encode()


def test_false_removes_what_a_dialect_gives(tmp_path: Path) -> None:
    speech = dialect(
        tmp_path,
        """
        [target]
        dialect = "reference"
        [names]
        max = false
        [send]
        users = false
        [receive]
        users = false
        """,
    )
    assert speech.steps("users") is None
    assert not speech.describes(Kind.USERS)
    assert speech.describes(Kind.JOINED)


def test_any_key_overrides_that_of_the_dialect_and_leaves_the_others(tmp_path: Path) -> None:
    text = """
    [target]
    dialect = "reference"
    [wire]
    from_server = "crlf"
    [names]
    max = 9
    [send]
    quit = "/tchau"
    """
    speech, told = dialect(tmp_path, text), described(tmp_path, text)
    assert told.names.max == 9
    assert told.limits.text_bytes == 4095
    assert speech.from_server.encode(b"oi") == b"oi\r\n"
    assert speech.from_client.encode(b"oi") == b"oi\n"
    assert told.send.quit == "/tchau"
    assert told.send.users == "/usuarios"


def test_a_dialect_may_be_a_file_beside_the_target(tmp_path: Path) -> None:
    (tmp_path / "meu.toml").write_text('[send]\nquit = "/tchau"\n')
    assert described(tmp_path, '[target]\ndialect = "meu.toml"').send.quit == "/tchau"


def test_each_direction_may_have_a_framing_of_its_own(tmp_path: Path) -> None:
    speech = dialect(tmp_path, '[wire]\nfrom_client = "line"\nfrom_server = "length:2"\n')
    assert speech.from_client.encode(b"oi") == b"oi\n"
    assert speech.from_server.encode(b"oi") == b"\x00\x02oi"


def test_an_operation_may_be_steps_that_write_and_wait(tmp_path: Path) -> None:
    text = '[send]\njoin = ["oi", {send = "{name}"}, {expect = "olá {name} {rest}"}]\n'
    speech = dialect(tmp_path, text)
    steps = speech.steps("join")
    assert steps is not None
    assert [(step.template.text, step.waits) for step in steps] == [
        ("oi", False),
        ("{name}", False),
        ("olá {name} {rest}", True),
    ]
    assert not speech.joins_silently


def test_a_name_of_its_own_goes_before_that_of_the_file(tmp_path: Path) -> None:
    assert (
        described(tmp_path, '[target]\nname = "servidor da ana"').target.name == "servidor da ana"
    )
    assert described(tmp_path, "").target.name == "alvo"


def test_the_documented_example_of_a_raw_server_loads(tmp_path: Path) -> None:
    text = """
    [send]
    private = "@{to} {text}"
    quit    = "/sair"
    [receive]
    joined  = "{name} entrou no chat."
    left    = "{name} saiu do chat."
    message = "{from}: {text}"
    private = "{from} (privado): {text}"
    unknown_recipient = "Usuário não encontrado."
    """
    assert dialect(tmp_path, text).describes(Kind.UNKNOWN_RECIPIENT)


def test_a_program_that_is_not_installed_is_told_with_its_package(tmp_path: Path) -> None:
    launch = '[launch]\ncommand = "nenhumd -n"\npackage = "nenhum"\n'
    told = missing_package(described(tmp_path, "", launch=launch))
    assert told == "nenhumd is not installed; type: apt-get install nenhum"


def test_a_program_without_a_package_is_a_fault_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(DescriptionError, match=r"launch\.command: there is no program 'nenhumd'"):
        missing_package(described(tmp_path, "", launch='[launch]\ncommand = "nenhumd"\n'))


@pytest.mark.parametrize("command", ["python3 x.py", "./meu", "{dir}/meu"])
def test_a_program_is_found_on_the_path_or_beside_the_file(tmp_path: Path, command: str) -> None:
    (tmp_path / "meu").touch()
    told = described(tmp_path, "", launch=f'[launch]\ncommand = "{command}"\n')
    assert missing_package(told) is None


def test_an_alphabet_may_be_missing_or_a_set_of_characters() -> None:
    assert Names().alphabet == ""
    assert Names(alphabet="a-z0-9_-").alphabet == "a-z0-9_-"


def test_the_file_is_remembered_as_an_absolute_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "alvo.toml").write_text(dedent(COMMAND))
    monkeypatch.chdir(tmp_path)
    assert read(Path("alvo.toml")).file == tmp_path / "alvo.toml"

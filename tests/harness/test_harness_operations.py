"""Operations step by step: what is written when, what is waited for, how they end."""

from __future__ import annotations

import contextlib
import re
import socket
from pathlib import Path

import pytest
from harness_stage import PATIENCE_S, Stage, dialect, reset, soon, vocabulary

from harness.clients.client import Client
from harness.deadline import Deadline
from harness.expect import COMPLAINTS, Kind
from harness.operations import Outcome, Speech, has_been_read
from harness.verdict import Lacking

WIRE = """
[send]
join = [{join}]
[receive]
name_taken = "em uso: {{rest}}"
"""


def speak(
    stage: Stage, folder: Path, steps: str, framing: str = "raw", encoding: str = "utf-8"
) -> tuple[Speech, socket.socket]:
    """A join of these steps, and the peer that it is said to."""
    text = f'[wire]\nframing = "{framing}"\nencoding = "{encoding}"\n' + WIRE.format(join=steps)
    speech, words = dialect(folder, text), vocabulary()
    words.admit("ana")
    client, peer = stage.client(speech.recogniser(words))  # type: ignore[arg-type]
    stage.reactor.each_turn(client.settle)
    operation = speech.steps("join")
    assert operation is not None
    return Speech(
        client, speech, words, stage.reactor, operation, {"name": "ana"}, stage.network
    ), peer


def test_what_the_targets_encoding_cannot_hold_is_lacking(stage: Stage, tmp_path: Path) -> None:
    speech, _peer = speak(stage, tmp_path, '"é {name}"', encoding="ascii")
    with pytest.raises(Lacking, match="the target's encoding, ascii, has no 'é'"):
        speech.run(soon())


def test_what_is_written_comes_after_what_is_waited_for(stage: Stage, tmp_path: Path) -> None:
    speech, peer = speak(stage, tmp_path, '{expect = "nome?"}, "{name}"')
    assert not speech.writes_name_next
    peer.sendall(b"seu nome? ")
    assert speech.take_step(soon()).outcome is Outcome.DONE
    assert speech.writes_name_next
    assert speech.run(soon()).outcome is Outcome.DONE
    assert speech.is_over
    assert peer.recv(99) == b"ana"


def test_what_comes_in_pieces_is_waited_for_whole(stage: Stage, tmp_path: Path) -> None:
    speech, peer = speak(stage, tmp_path, '{expect = "olá {name}"}')
    pieces = iter([b"ol\xc3", b"\xa1 an", b"a"])
    stage.reactor.each_turn(lambda: peer.sendall(next(pieces, b"")))
    assert speech.run(soon()).outcome is Outcome.DONE


def test_a_step_that_looks_like_the_one_before_waits_for_its_own(
    stage: Stage, tmp_path: Path
) -> None:
    speech, peer = speak(stage, tmp_path, '{expect = "> "}, {expect = "> "}')
    peer.sendall("bem-vindo à sala > ".encode())
    assert speech.take_step(soon()).outcome is Outcome.DONE
    assert speech.take_step(Deadline.after(0.05)).outcome is Outcome.SILENT


def test_an_open_ended_step_leaves_what_it_may_have_swallowed_to_the_next(
    stage: Stage, tmp_path: Path
) -> None:
    speech, peer = speak(stage, tmp_path, '{expect = "olá {rest}"}, {expect = "nome?"}')
    peer.sendall("olá a todos nome?".encode())
    assert speech.run(soon()).outcome is Outcome.DONE


def test_a_word_that_the_server_gives_is_written_from_then_on(stage: Stage, tmp_path: Path) -> None:
    steps = '{expect = "você é {id}."}, "/nome {id} {name}", {expect = "{id} agora é {name}"}'
    speech, peer = speak(stage, tmp_path, steps)
    peer.sendall("oi, você é visita-3. visita-3 agora é ana".encode())
    assert speech.run(soon()).outcome is Outcome.DONE
    assert peer.recv(99) == b"/nome visita-3 ana"
    assert speech.given == {"id": "visita-3"}


def test_a_word_that_the_server_gives_is_read_whole_however_it_comes(
    stage: Stage, tmp_path: Path
) -> None:
    speech, peer = speak(stage, tmp_path, '{expect = "você é {id}"}', framing="line")
    pieces = iter([b"voc\xc3\xaa \xc3\xa9 v", b"isita", b"-3\n"])
    stage.reactor.each_turn(lambda: peer.sendall(next(pieces, b"")))
    assert speech.run(soon()).outcome is Outcome.DONE
    assert speech.given == {"id": "visita-3"}


def test_what_no_frame_can_hold_is_lacking(stage: Stage, tmp_path: Path) -> None:
    speech, _peer = speak(stage, tmp_path, f'"{"x" * 200}"', framing="ascii-length:2")
    with pytest.raises(Lacking, match="the target's framing cannot hold it"):
        speech.run(soon())


def test_a_step_may_go_on_when_what_it_waits_for_has_come(stage: Stage, tmp_path: Path) -> None:
    speech, peer = speak(stage, tmp_path, '{expect = "nome?"}, "{name}"')
    assert not speech.may_go_on
    peer.sendall(b"seu nome?")
    stage.pump(lambda: speech.may_go_on)
    speech.take_step(soon())
    assert speech.may_go_on


def test_a_step_waits_in_the_encoding_of_the_target(stage: Stage, tmp_path: Path) -> None:
    steps = '{expect = "olá {name}"}, {expect = "são 9"}'
    speech, peer = speak(stage, tmp_path, steps, encoding="latin-1")
    peer.sendall("olá ana, são 9".encode("latin-1"))
    assert speech.run(soon()).outcome is Outcome.DONE


def test_a_step_waits_for_what_is_coloured(stage: Stage, tmp_path: Path) -> None:
    speech = dialect(
        tmp_path, '[wire]\nansi = true\n[send]\njoin = [{expect = "oi?"}, {expect = "nome?"}]\n'
    )
    client, peer = stage.client(speech.recogniser(vocabulary()))  # type: ignore[arg-type]
    steps = speech.operations["join"]
    waiting = Speech(
        client, speech, vocabulary(), stage.reactor, steps, {"name": "ana"}, stage.network
    )
    peer.sendall(b"\x1b[1mo\x1b[0;32mi?\x1b[0m qual \x1b[31mnome\x1b[0m?")
    assert waiting.run(soon()).outcome is Outcome.DONE


@pytest.mark.parametrize("kind", COMPLAINTS)
def test_a_complaint_ends_an_operation_of_a_member_and_the_rest_is_not_written(
    stage: Stage, tmp_path: Path, kind: Kind
) -> None:
    steps = '"/p {to}", {expect = "com {to}"}, "{text}"'
    text = f'[wire]\nframing = "line"\n[send]\nprivate = [{steps}]\n[receive]\n{kind} = "! não"\n'
    speech, words = dialect(tmp_path, text), vocabulary()
    words.admit("bia")
    client, peer = stage.client(speech.recogniser(words))  # type: ignore[arg-type]
    operation = speech.operations["private"]
    values = {"to": "bia", "text": words.nonce()}
    telling = Speech(client, speech, words, stage.reactor, operation, values, stage.network)
    telling.refusals = COMPLAINTS
    assert telling.take_step(soon()).outcome is Outcome.DONE
    peer.sendall("! não\n".encode())
    result = telling.run(soon())
    assert result.outcome is Outcome.REFUSED
    assert result.refusal is not None
    assert result.refusal.kind is kind
    assert peer.recv(99) == b"/p bia\n"


def test_a_refusal_ends_an_operation_and_is_its_result(stage: Stage, tmp_path: Path) -> None:
    speech, peer = speak(stage, tmp_path, '"{name}", {expect = "oi"}', "line")
    peer.sendall(b"em uso: tente outro\n")
    result = speech.run(soon())
    assert result.outcome is Outcome.REFUSED
    assert result.refusal is not None
    assert result.refusal.kind is Kind.NAME_TAKEN


def test_a_refusal_is_looked_for_before_every_further_step(stage: Stage, tmp_path: Path) -> None:
    speech, peer = speak(stage, tmp_path, '"{name}", "senha"', "line")
    speech.take_step(soon())
    peer.sendall(b"em uso: tente outro\n")
    stage.pump(lambda: speech.refusal() is not None)
    assert speech.take_step(soon()).outcome is Outcome.REFUSED
    assert peer.recv(99) == b"ana\n"


@pytest.mark.parametrize(("steps", "waits"), [('"{name}"', False), ('{expect = "oi"}', True)])
def test_an_end_of_the_connection_ends_an_operation(
    stage: Stage, tmp_path: Path, steps: str, waits: bool
) -> None:
    speech, peer = speak(stage, tmp_path, steps)
    reset(peer)
    if not waits:
        stage.pump(lambda: not speech.client.is_open)
    assert speech.run(soon()).outcome is Outcome.ENDED


def test_what_was_waited_for_is_told_with_what_is_known_filled_in(
    stage: Stage, tmp_path: Path
) -> None:
    speech, _peer = speak(stage, tmp_path, '{expect = "olá {name}, são {time}"}')
    result = speech.run(Deadline.after(0.02))
    assert result.outcome is Outcome.SILENT
    assert result.waited_for == "olá ana, são {time}"


def test_without_framing_what_we_send_is_never_merged(stage: Stage, tmp_path: Path) -> None:
    speech, peer = speak(stage, tmp_path, '"um", "dois", "{name}"')
    peer.setblocking(False)
    reads: list[bytes] = []

    def read() -> None:
        with contextlib.suppress(BlockingIOError):
            reads.append(peer.recv(99))

    stage.reactor.each_turn(read)
    assert speech.run(soon()).outcome is Outcome.DONE
    stage.pump(lambda: len(reads) == 3)
    assert reads == [b"um", b"dois", b"ana"]


def test_with_framing_all_is_written_at_once(stage: Stage, tmp_path: Path) -> None:
    speech, peer = speak(stage, tmp_path, '"um", "dois", "{name}"', "line")
    assert speech.run(Deadline.after(0)).outcome is Outcome.DONE
    assert peer.recv(99) == b"um\ndois\nana\n"


def test_what_the_target_has_read_is_known(stage: Stage) -> None:
    client, peer = stage.client()
    assert has_been_read(client, stage.network)
    client.write(b"oi")
    stage.pump(lambda: not has_been_read(client, stage.network))
    assert peer.recv(9) == b"oi"
    assert has_been_read(client, stage.network)


def test_what_the_kernel_has_not_taken_has_not_been_read(stage: Stage) -> None:
    client: Client
    client, _peer = stage.client()
    client.write(b"a" * (12 << 20))
    assert client.has_unsent
    assert not has_been_read(client, stage.network)


def test_a_regular_expression_may_be_waited_for(stage: Stage, tmp_path: Path) -> None:
    speech, peer = speak(stage, tmp_path, '{expect = "re:(nome|nick): *$"}')
    peer.settimeout(PATIENCE_S)
    peer.sendall(b"seu nick:  ")
    assert speech.run(soon()).outcome is Outcome.DONE
    assert re.search("nick", speech.client.text_since(0))

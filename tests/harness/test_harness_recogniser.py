"""From bytes to events: any split gives the same events; nothing unexplained is lost."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

import pytest
from harness_stage import dialect, vocabulary
from hypothesis import given
from hypothesis import strategies as st

from harness.dialects.dialect import Dialect
from harness.dialects.framing import framing
from harness.dialects.patterns import Patterns, Rule
from harness.dialects.recogniser import (
    FLOOD_CHARACTERS,
    LONG_CHARACTERS,
    QUIET_S,
    Recogniser,
    StreamRecogniser,
    recogniser,
)
from harness.dialects.template import Template
from harness.expect import Event, Kind, Vocabulary

WORDS = vocabulary()
ANA, BIA, TEXT = WORDS.name("ana"), WORDS.name("bia"), WORDS.nonce()
LONG = WORDS.wrapped("Olá, festa 🎉, em bytes")
RULES = {
    Kind.JOINED: "{name} entrou.",
    Kind.MESSAGE: "{from}: {text}",
    Kind.ECHO: "{from}: {text} (você)",
    Kind.PRIVATE: "[{from} para {to}] {text}",
    Kind.USERS: "conectados: {users}",
}
SAID = {
    Kind.JOINED: {"name": ANA},
    Kind.MESSAGE: {"from": BIA, "text": LONG},
    Kind.ECHO: {"from": ANA, "text": TEXT},
    Kind.PRIVATE: {"from": ANA, "to": BIA, "text": TEXT},
    Kind.USERS: {"users": f"{ANA} {BIA}"},
}


def rules(templates: dict[Kind, str] = RULES) -> list[Rule]:
    return [Rule(kind, Template(text)) for kind, text in templates.items()]


def reader(templates: dict[Kind, str] = RULES, wire: str = "raw") -> Recogniser:
    return recogniser(framing(wire), Patterns(rules(templates), WORDS), "utf-8")


def read(reading: Recogniser, *pieces: bytes) -> list[Event]:
    events = [event for piece in pieces for event in reading.feed(piece, 0.0)]
    return events + reading.settle(QUIET_S)


def told(events: Sequence[Event]) -> list[tuple[Kind, dict[str, str]]]:
    return [(event.kind, dict(event.fields)) for event in events]


def split(stream: bytes, cuts: list[int]) -> list[bytes]:
    places = [0, *sorted(cut % (len(stream) + 1) for cut in cuts), len(stream)]
    return [stream[start:end] for start, end in itertools.pairwise(places)]


def written(kind: Kind) -> str:
    return Template(RULES[kind]).render(SAID[kind] | {"users": f"{ANA}, {BIA}"})


KINDS = st.lists(st.sampled_from(list(RULES)), max_size=6)
CUTS = st.lists(st.integers(0, 600), max_size=12)


@given(KINDS, CUTS)
def test_any_split_of_lines_gives_the_same_events(kinds: list[Kind], cuts: list[int]) -> None:
    stream = "".join(f"{written(kind)}\n" for kind in kinds).encode()
    events = read(reader(wire="line"), *split(stream, cuts))
    assert [event.kind for event in events] == kinds


@given(KINDS, CUTS, st.sampled_from(["", "\n", " ... ", " É ISSO! "]))
def test_any_split_of_a_stream_gives_the_same_events(
    kinds: list[Kind], cuts: list[int], between: str
) -> None:
    stream = between.join(map(written, kinds)).encode()
    assert told(read(reader(), *split(stream, cuts))) == [(kind, SAID[kind]) for kind in kinds]


@given(CUTS)
def test_what_no_template_explains_is_kept_in_order(cuts: list[int]) -> None:
    reading = reader()
    stream = f"Bem-vindo! {written(Kind.JOINED)} Olá. {written(Kind.JOINED)}"
    read(reading, *split(stream.encode(), cuts))
    assert "".join(reading.unexplained.pieces) == "Bem-vindo!  Olá. "


def test_a_frame_that_no_template_explains_is_kept_whole() -> None:
    reading = reader(wire="line")
    read(reading, "olá\n   \n\xff ".encode("latin-1") + f"{ANA} entrou.\nfim\n".encode())
    assert reading.unexplained.pieces == ["ol\\xe1", f"\\xff {ANA} entrou.", "fim"]


def test_blanks_around_a_frame_are_free() -> None:
    assert told(read(reader(wire="line"), f"  {ANA} entrou. \n".encode())) == [
        (Kind.JOINED, {"name": ANA})
    ]


@pytest.mark.parametrize("wire", ["line", "raw"])
def test_a_name_that_is_not_in_use_is_not_recognised(wire: str) -> None:
    assert read(reader(wire=wire), b"fulanoo entrou.\n") == []


def test_a_name_in_use_is_found_in_a_stream_whatever_stands_before_it() -> None:
    assert told(read(reader(), f"fulano{ANA} entrou.".encode())) == [(Kind.JOINED, {"name": ANA})]


# -- which template -------------------------------------------------------------------------


def kinds(templates: dict[Kind, str], stream: str, wire: str = "raw") -> list[Kind]:
    return [event.kind for event in read(reader(templates, wire), stream.encode())]


def test_in_a_stream_the_leftmost_match_wins() -> None:
    templates = {Kind.LEFT: "{name} saiu", Kind.JOINED: "** {name}"}
    assert kinds(templates, f"** {ANA} saiu") == [Kind.JOINED]


def test_of_those_that_begin_together_the_longest_wins() -> None:
    templates = {Kind.JOINED: "+ {name}", Kind.LEFT: "+ {name} saiu"}
    assert kinds(templates, f"+ {ANA} saiu") == [Kind.LEFT]


@pytest.mark.parametrize("wire", ["raw", "line"])
def test_of_those_equally_long_the_most_literal_wins(wire: str) -> None:
    templates = {Kind.ERROR: "! {word}: {rest}", Kind.NAME_TAKEN: "! nome-em-uso: {rest}"}
    assert kinds(templates, "! nome-em-uso: troque\n", wire) == [Kind.NAME_TAKEN]
    assert kinds(dict(reversed(templates.items())), "! nome-em-uso: troque\n", wire) == [
        Kind.NAME_TAKEN
    ]


# -- what may go on in bytes to come --------------------------------------------------------


def test_an_open_ended_match_waits_for_quiet() -> None:
    reading = reader()
    assert reading.feed(f"conectados: {ANA}".encode(), 1.0) == []
    assert reading.settle(1.0 + QUIET_S / 2) == []
    assert told(reading.settle(1.0 + QUIET_S)) == [(Kind.USERS, {"users": ANA})]


def test_a_piece_that_comes_late_begins_the_quiet_anew() -> None:
    reading = reader()
    reading.feed(f"conectados: {ANA}".encode(), 1.0)
    reading.feed(f", {BIA}".encode(), 1.0 + QUIET_S / 2)
    assert reading.settle(1.0 + QUIET_S) == []
    assert told(reading.settle(2.0)) == [(Kind.USERS, {"users": f"{ANA} {BIA}"})]


def test_an_open_ended_match_ends_at_the_line_end() -> None:
    assert told(reader().feed(f"conectados: {ANA}\n".encode(), 1.0)) == [
        (Kind.USERS, {"users": ANA})
    ]


def test_a_later_event_ends_an_open_ended_match_and_is_not_swallowed() -> None:
    reading = reader()
    reading.feed(f"conectados: {ANA}, {BIA}".encode(), 1.0)
    events = reading.feed(f"{ANA} entrou.".encode(), 1.01)
    assert told(events) == [(Kind.USERS, SAID[Kind.USERS]), (Kind.JOINED, {"name": ANA})]


def test_what_may_be_the_beginning_of_another_event_waits_for_quiet() -> None:
    reading = reader()
    assert reading.feed(f"{ANA}: {TEXT}".encode(), 1.0) == []
    assert told(reading.settle(2.0)) == [(Kind.MESSAGE, {"from": ANA, "text": TEXT})]


def test_an_event_is_stamped_with_the_moment_of_its_last_byte() -> None:
    reading = reader()
    reading.feed(f"conectados: {ANA}".encode(), 1.0)
    assert [event.at_s for event in reading.settle(9.0)] == [1.0]


def test_frames_wait_for_nothing() -> None:
    assert reader(wire="line").settle(9.0) == []


# -- floods ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("wire", "times"), [("raw", 40), ("line", 200)])
def test_a_flood_stops_recognition_and_is_kept_only_in_part(wire: str, times: int) -> None:
    reading = reader(wire=wire)
    assert not reading.unexplained.is_flood
    read(reading, *[b"ruido " * 1_000 + b"\n"] * times)
    assert reading.unexplained.is_flood
    assert read(reading, f"{ANA} entrou.\n".encode()) == []
    assert sum(map(len, reading.unexplained.pieces)) < 3 * FLOOD_CHARACTERS


def test_a_flood_of_frames_hides_no_event_before_it_is_endless() -> None:
    reading = reader(wire="line")
    read(reading, *[b"ruido " * 1_000 + b"\n"] * 40)
    assert reading.unexplained.is_flood
    assert len(read(reading, f"{ANA} entrou.\n".encode())) == 1


def test_ordinary_talk_is_no_flood_however_long() -> None:
    reading = reader()
    for _ in range(2_000):
        assert len(reading.feed(written(Kind.JOINED).encode() * 3, 0.0)) == 3
    assert not reading.unexplained.is_flood


# -- lists of users, names and texts that are unusual ---------------------------------------


@pytest.mark.parametrize(
    "shown", ["{0}, {1}", "{0} {1}", "[{0}] [{1}]", "1. {0} 2. {1}", "@{0},{1};", "{0}|{1}|fulano"]
)
def test_a_list_of_users_is_reduced_to_the_names_in_use(shown: str) -> None:
    (event,) = read(reader(), f"conectados: {shown.format(ANA, BIA)}\n".encode())
    assert event.names() == (ANA, BIA)


def test_a_single_user_is_a_list_of_one() -> None:
    (event,) = read(reader({Kind.USER: "- {name}"}), f"- {ANA}".encode())
    assert event.names() == (ANA,)


def test_names_admitted_later_are_recognised_from_then_on(tmp_path: Path) -> None:
    words = Vocabulary(WORDS.rng)
    text = '[wire]\nframing = "line"\n[receive]\njoined = "* {name} entrou"\n'
    speech: Dialect = dialect(tmp_path, text)
    reading = speech.recogniser(words)
    assert read(reading, "* José entrou\n".encode()) == []
    words.admit("José")
    assert told(read(reading, "* José entrou\n".encode())) == [(Kind.JOINED, {"name": "José"})]


def test_a_stream_in_another_encoding_is_read_in_it(tmp_path: Path) -> None:
    words = Vocabulary(WORDS.rng)
    words.admit("José")
    text = '[wire]\nencoding = "latin-1"\n[receive]\njoined = "{name} está aqui"\n'
    speech = dialect(tmp_path, text)
    events = read(speech.recogniser(words), speech.encode("José está aqui"))
    assert told(events) == [(Kind.JOINED, {"name": "José"})]


def test_a_hole_at_the_end_may_be_empty_after_a_blank() -> None:
    rule = Rule(Kind.UNKNOWN_RECIPIENT, Template("ninguém é {rest}"))
    reading = recogniser(framing("line"), Patterns([rule], vocabulary()), "utf-8")
    assert [e.kind for e in reading.feed("ninguém é \n".encode(), 0.0)] == [rule.kind]


def test_a_flood_in_little_pieces_is_searched_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, looks = reader(), []
    look = StreamRecogniser._read

    def counted(self: StreamRecogniser, at_s: float, *, quiet: bool) -> list[Event]:
        looks.append(at_s)
        return look(self, at_s, quiet=quiet)

    monkeypatch.setattr(StreamRecogniser, "_read", counted)
    for _ in range(FLOOD_CHARACTERS):
        reading.feed(b"?", 0.0)
    assert len(looks) < LONG_CHARACTERS + 50


def test_what_comes_in_a_flood_is_found_when_there_is_a_moment_of_quiet() -> None:
    reading = reader()
    reading.feed(b"?" * 2 * LONG_CHARACTERS, 0.0)
    assert reading.feed(written(Kind.JOINED).encode(), 0.0) == []
    assert [event.kind for event in reading.settle(2 * QUIET_S)] == [Kind.JOINED]

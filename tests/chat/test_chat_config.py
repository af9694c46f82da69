"""The numbers of the chat are those of the specification."""

from __future__ import annotations

from dataclasses import fields

from chat import config
from chat.options import BOUNDS
from spec import limits

PROTOCOL = limits.load().protocol
JUDGING = limits.load().judging


def test_every_bound_of_the_protocol_equals_the_specification() -> None:
    assert {
        "host": config.HOST,
        "port": config.PORT,
        "client_line_bytes": config.LINE_IN_MAX_BYTES,
        "server_line_bytes": config.LINE_OUT_MAX_BYTES,
        "users_line_bytes": config.USERS_LINE_MAX_BYTES,
        "name_max": config.NAME_MAX_CHARS,
        "name_tries": config.NAME_TRIES_MAX,
        "name_deadline_s": config.Bounds().name_s,
        "credit_lines": config.UNDISPATCHED_LINES_MAX,
    } == {field.name: getattr(PROTOCOL, field.name) for field in fields(PROTOCOL)}


def test_a_peer_that_stalls_or_vanishes_is_gone_within_the_limit() -> None:
    assert config.Bounds().outbox_s < JUDGING.stalled_s
    assert config.Bounds().vanished_s < JUDGING.stalled_s


def test_every_bound_has_its_option() -> None:
    assert set(BOUNDS) == {field.name for field in fields(config.Bounds)}

"""RF-012, RF-025: what comes is on the screen at once, and the window always answers."""

from __future__ import annotations

from harness import flows
from harness.checkers.latency import Latencies
from harness.deadline import Deadline
from harness.desk import Desk
from harness.expect import Kind
from harness.linked import Lines
from harness.verdict import alone, covers
from harness.watching import never_frozen, note_foreign_touches

MESSAGES, TRIES = 100, 3
ROUNDS = 5


@covers("RF-012.2")
@alone
def test_what_comes_over_the_wire_is_on_the_screen_in_time(desk: Desk) -> None:
    """99 of 100 messages are a row of the window within the limit."""
    desk.comes_in("ana")
    limit_s, bia = desk.limits.screen_latency_p99_s, desk.vocabulary.name("bia")
    latencies = Latencies(limit_s, planned=MESSAGES)
    for _ in range(MESSAGES * TRIES):
        text, began_s = desk.vocabulary.nonce(), desk.history.now_s()
        desk.says(Kind.MESSAGE, **{"from": bia}, text=text)
        flows.is_at_the_end(desk, text)
        took_s = desk.history.now_s() - began_s
        began = Deadline(desk.history.started + began_s + limit_s, limit_s)
        if began.is_spoilt_by(desk.reactor.worst_lag_s(began.began)):
            continue
        latencies.add(took_s)
        desk.ledger.discharge()
        if latencies.is_over or latencies.share >= 1:
            break
    latencies.judge(desk.figures)


@covers("RF-025.1")
@alone
def test_latency_does_not_freeze_the_window(desk: Desk) -> None:
    """With everything 200 ms late, give or take 50, the window goes on answering."""
    desk.lines = Lines(flows.MODERATE_LATENCY, desk.vocabulary.rng)
    name = desk.comes_in("ana")
    with never_frozen(desk):
        for _ in range(ROUNDS):
            text = desk.vocabulary.nonce()
            desk.types(text)
            desk.window.enter()
            desk.hears("message", text=text)
            desk.says(Kind.MESSAGE, **{"from": name}, text=text)
            desk.shows(text)
    desk.lines.require_a_bite()


@covers("RF-025.2")
@alone
def test_ten_thousand_rows_do_not_freeze_the_window(desk: Desk) -> None:
    """While they come in the window goes on answering, and what is typed is seen at once."""
    desk.comes_in("ana")
    with never_frozen(desk):
        flows.type_in_a_flood(desk)
    note_foreign_touches(desk)


@covers("RF-025.3")
@alone
def test_a_server_that_does_not_read_does_not_freeze_the_window(desk: Desk) -> None:
    """When the kernel takes no more of what is sent the window goes on answering."""
    desk.serve(prepare=flows.take_little)
    desk.start()
    desk.comes_in("ana")
    with never_frozen(desk):
        flows.send_until_full(desk)

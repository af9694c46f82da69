"""The reactor: conditions and descriptors, deadlines, and an eye on its own delays."""

from __future__ import annotations

import selectors
import socket
import threading
import time

from harness_stage import Stage, soon

from harness.clients.reactor import TURN_S, Reactor
from harness.deadline import Deadline


def block(seconds: float) -> None:
    """Be late, as a harness is that gets no CPU."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass


def test_what_has_come_is_read_also_when_nothing_has_to_be_waited_for() -> None:
    reactor, turns = Reactor(), list[int]()
    reactor.each_turn(lambda: turns.append(1))
    assert reactor.pump(lambda: True, Deadline.after(-1))
    assert turns == [1]
    reactor.close()


def test_a_pause_between_two_turns_is_remembered_as_a_delay() -> None:
    reactor, since = Reactor(), time.monotonic()
    block(0.1)
    reactor.turn(0.0)
    assert reactor.worst_lag_s(since) >= 0.1
    reactor.close()


def test_time_that_was_spent_waiting_is_no_delay() -> None:
    reactor, since = Reactor(), time.monotonic()
    reactor.pump(lambda: False, Deadline.after(10 * TURN_S))
    assert sum(late for _, late in reactor.lags) < time.monotonic() - since - 5 * TURN_S
    reactor.close()


def test_a_deadline_that_passes_ends_the_wait() -> None:
    reactor = Reactor()
    began = time.monotonic()
    assert not reactor.pump(lambda: False, Deadline.after(0.05))
    assert time.monotonic() - began >= 0.05
    reactor.close()


def test_a_condition_is_looked_at_once_more_when_the_deadline_has_passed() -> None:
    reactor, looks = Reactor(), iter([False, True])
    assert reactor.pump(lambda: next(looks), Deadline.after(-1))
    reactor.close()


def test_a_condition_that_no_descriptor_announces_is_noticed() -> None:
    reactor, happened = Reactor(), threading.Event()
    thread = threading.Timer(3 * TURN_S, happened.set)
    thread.start()
    assert reactor.pump(happened.is_set, soon())
    thread.join()
    reactor.close()


def test_a_handler_is_called_with_what_its_descriptor_is_ready_for() -> None:
    reactor, masks = Reactor(), list[int]()
    one, other = socket.socketpair()
    with one, other:
        reactor.watch(one.fileno(), selectors.EVENT_READ, masks.append)
        other.send(b"x")
        reactor.pump(lambda: bool(masks), soon())
        assert masks == [selectors.EVENT_READ]
        reactor.watch(one.fileno(), selectors.EVENT_WRITE, masks.append)
        reactor.pump(lambda: len(masks) > 1, soon())
        assert masks[1] == selectors.EVENT_WRITE
        reactor.forget(one.fileno())
    reactor.close()


def test_forgetting_what_is_not_watched_is_harmless() -> None:
    reactor = Reactor()
    reactor.forget(0)
    reactor.close()


def test_a_watcher_is_called_at_the_end_of_every_turn() -> None:
    reactor, turns = Reactor(), list[int]()
    reactor.each_turn(lambda: turns.append(1))
    reactor.turn(0.0)
    reactor.turn(0.0)
    assert len(turns) == 2
    reactor.close()


def test_what_is_to_be_called_later_is_called_once_when_its_time_has_come() -> None:
    reactor, called = Reactor(), list[float]()
    began = time.monotonic()
    reactor.later(0.03, lambda: called.append(time.monotonic() - began))
    reactor.turn(0.0)
    assert not called
    assert reactor.pump(lambda: bool(called), soon())
    reactor.turn(0.0)
    assert len(called) == 1
    assert called[0] >= 0.03
    reactor.close()


def test_what_is_due_together_is_called_in_the_order_of_asking() -> None:
    reactor, called = Reactor(), list[str]()
    reactor.later(0.0, lambda: called.append("one"))
    reactor.later(0.0, lambda: called.append("two"))
    reactor.turn(0.0)
    assert called == ["one", "two"]
    reactor.close()


def test_what_asks_to_be_called_again_at_once_does_not_hold_the_reactor() -> None:
    reactor, called = Reactor(), list[int]()

    def again() -> None:
        called.append(1)
        reactor.later(0.0, again)

    again()
    reactor.turn(0.0)
    reactor.turn(0.0)
    assert len(called) >= 3
    reactor.close()


def test_a_handler_that_blocks_is_remembered_as_a_delay(stage: Stage) -> None:
    client, peer = stage.client()
    stage.reactor.watch(client.socket.fileno(), selectors.EVENT_READ, lambda _mask: block(0.15))
    since = time.monotonic()
    peer.send(b"x")
    stage.reactor.pump(lambda: stage.reactor.worst_lag_s(since) > 0, soon())
    assert stage.reactor.worst_lag_s(since) >= 0.15


def test_a_delay_while_nothing_comes_is_remembered_too() -> None:
    reactor = Reactor()
    reactor.each_turn(lambda: block(0.1))
    since = time.monotonic()
    reactor.pump(lambda: reactor.worst_lag_s(since) > 0, Deadline.after(5))
    assert reactor.worst_lag_s(since) >= 0.1
    assert reactor.worst_lag_s(time.monotonic() + 1) == 0.0
    reactor.close()


def test_a_deadline_knows_when_it_began_and_what_remains() -> None:
    before = time.monotonic()
    deadline = Deadline.after(600.0)
    assert before <= deadline.began <= time.monotonic()
    assert 0.0 < deadline.remaining_s() <= 600.0
    assert not deadline.passed


def test_a_delay_of_more_than_a_tenth_spoils_a_deadline() -> None:
    assert not Deadline.after(5.0).is_spoilt_by(0.5)
    assert Deadline.after(5.0).is_spoilt_by(0.51)


def test_what_remains_of_a_deadline_is_never_negative() -> None:
    deadline = Deadline.after(-5.0)
    assert deadline.passed
    assert deadline.remaining_s() == 0.0

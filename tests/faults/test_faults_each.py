"""What each fault is for: what it does to a stream, when, and what it says of it."""

from __future__ import annotations

import re
import socket

import pytest
from faults_stage import Paper, Stage
from hypothesis import given
from hypothesis import strategies as st

from harness.faults.dropping import drop_all
from harness.faults.link.blackhole import Blackhole
from harness.faults.link.coalesce import Coalesce
from harness.faults.link.corrupt import Corrupt
from harness.faults.link.cut import Cut
from harness.faults.link.delay import Delay
from harness.faults.link.fault import Close, Fault
from harness.faults.link.fragment import LOOK_S, Fragment
from harness.faults.link.stall import Stall
from harness.faults.link.throttle import Throttle
from harness.verdict import Unproven

TEXT = b"Ol\xc3\xa1, vo"
every_way = pytest.mark.parametrize("way", ["upstream", "downstream"])


def test_a_fault_of_which_nothing_is_said_passes_on_everything_at_once() -> None:
    paper = Paper(Fault())
    assert paper.run([b"um", b"dois"], 1.0) == [(0.0, b"um"), (1.0, b"dois"), (2.0, Close.HALF)]
    assert paper.fault.evidence() is None


# -- fragment -------------------------------------------------------------------------------


@every_way
def test_fragments_are_read_one_by_one(stage: Stage, way: str) -> None:
    sender, receiver, direction = stage.way(way)
    fragment = Fragment()
    direction.add(fragment)
    sender.send("Olá, você aí\n".encode())
    stage.pump(lambda: receiver.received == "Olá, você aí\n".encode())
    assert {len(read) for read in receiver.reads} == {1}
    stage.pump(lambda: "16 pieces" in (fragment.evidence() or ""))


def test_a_fragment_is_not_sent_before_the_one_before_was_read(stage: Stage) -> None:
    stage.link.upstream.add(Fragment())
    stage.target.pause()
    stage.client.send(b"abc")
    stage.pump(lambda: stage.link.held_bytes == 2)
    stage.let_fall_due(10 * LOOK_S)
    assert stage.link.held_bytes == 2
    stage.target.resume()
    stage.pump(lambda: stage.target.reads == [b"a", b"b", b"c"])


def test_a_fragment_that_another_fault_holds_has_not_been_read(stage: Stage) -> None:
    stall = Stall()
    stage.link.upstream.add(Fragment())
    stage.link.upstream.add(stall)
    stage.client.send(b"abc")
    stage.pump(lambda: stall.held.bytes == 1)
    stage.let_fall_due(10 * LOOK_S)
    assert stall.held.bytes == 1


def test_the_sizes_of_fragments_come_from_the_seed() -> None:
    def sizes(seed: int) -> list[int]:
        paper = Paper(Fragment(most_bytes=5, seed=seed))
        return [len(item) for _, item in paper.run([b"x" * 100], 1.0)[:-1]]

    assert sizes(1) == sizes(1) != sizes(2)
    assert set(sizes(1)) == {1, 2, 3, 4, 5}


def test_one_fragment_alone_shows_nothing() -> None:
    paper = Paper(Fragment())
    paper.run([b"x"], 1.0)
    assert paper.fault.evidence() is None


def test_fragments_for_nobody_are_let_go(stage: Stage) -> None:
    stage.link.upstream.add(Fragment())
    stage.target.pause()
    stage.client.send(b"to somebody who goes without having read")
    stage.pump(lambda: stage.link.held_bytes > 0)
    stage.target.reset()
    stage.pump(lambda: stage.link.is_over)
    assert stage.link.held_bytes == 0
    assert stage.link.evidence() == []


def test_fragments_go_on_at_once_when_the_kernel_knows_no_receiver() -> None:
    paper = Paper(Fragment())
    paper.has_receiver = False
    assert paper.run([b"abc"], 1.0) == [(0.0, b"a"), (0.001, b"bc"), (1.0, Close.HALF)]
    assert paper.fault.evidence() is None


# -- coalesce -------------------------------------------------------------------------------


@every_way
def test_what_was_sent_apart_is_read_at_once(stage: Stage, way: str) -> None:
    sender, receiver, direction = stage.way(way)
    coalesce = Coalesce(gather_s=600.0)
    direction.add(coalesce)
    for count, piece in enumerate([b"nome\n", b"oi\n", b"tchau\n"], start=1):
        sender.send(piece)
        stage.pump(lambda so_far=count: coalesce.held.bytes >= 3 * so_far)  # type: ignore[misc]
    sender.half_close()
    stage.pump(lambda: receiver.ended == "FIN")
    assert receiver.reads == [b"nome\noi\ntchau\n"]
    assert coalesce.evidence() == "3 pieces that came apart went on as one of 14 bytes"


def test_what_is_gathered_goes_on_when_the_time_is_over() -> None:
    paper = Paper(Coalesce(gather_s=0.05))
    log = paper.run([b"a", b"b", b"c"], 0.03)
    assert log == [(0.05, b"ab"), (0.09, b"c"), (0.09, Close.HALF)]


def test_one_piece_alone_was_not_coalesced() -> None:
    paper = Paper(Coalesce())
    paper.run([b"a", b"b"], 1.0)
    assert paper.fault.evidence() is None


# -- cut ------------------------------------------------------------------------------------


@every_way
@pytest.mark.parametrize("k", [1, 3, 8])
@pytest.mark.parametrize(
    ("how", "seen"), [(Close.RST, "ECONNRESET"), (Close.FULL, "FIN"), (Close.HALF, "FIN")]
)
def test_a_cut_comes_after_exactly_so_many_bytes(
    stage: Stage, way: str, k: int, how: Close, seen: str
) -> None:
    sender, receiver, direction = stage.way(way)
    cut = Cut(after_bytes=k, how=how)
    direction.add(cut)
    sender.send(TEXT)
    stage.pump(lambda: receiver.ended is not None)
    assert receiver.received == TEXT[:k]
    assert receiver.ended == seen
    stage.pump(lambda: cut.evidence() is not None)
    assert cut.proof().startswith(f"cut after byte {k} of 8 with {how}; the receiver's socket was")


@pytest.mark.parametrize("how", [Close.RST, Close.FULL])
def test_a_receiver_that_hangs_up_at_the_last_byte_was_whole_before_it(
    stage: Stage, how: Close
) -> None:
    class HangsUp(Fault):
        def on_data(self, data: bytes) -> None:
            self.place.pass_on(data)
            assert stage.target.socket.recv(len(data)) == data
            stage.target.close()

    cut = Cut(after_bytes=4, how=how)
    stage.link.upstream.add(cut)
    stage.link.upstream.add(HangsUp())
    stage.client.send(b"QUIT\n")
    stage.pump(lambda: cut.evidence() is not None)
    assert cut.proof().startswith(f"cut after byte 4 of 5 with {how}; the receiver's socket was")


@pytest.mark.parametrize(("how", "seen"), [(Close.RST, "ECONNRESET"), (Close.FULL, "FIN")])
def test_the_sender_sees_the_cut_too(stage: Stage, how: Close, seen: str) -> None:
    stage.link.upstream.add(Cut(after_bytes=1, how=how))
    stage.client.send(b"ab")
    stage.pump(lambda: stage.client.ended is not None)
    assert stage.client.ended == seen
    assert stage.link.is_over


def test_after_a_half_close_the_other_direction_goes_on(stage: Stage) -> None:
    stage.link.upstream.add(Cut(after_bytes=1, how=Close.HALF))
    stage.client.send(b"ab")
    stage.pump(lambda: stage.target.ended == "FIN")
    stage.target.send(b"I hear you no more")
    stage.pump(lambda: stage.client.received == b"I hear you no more")
    stage.client.send(b"c" * 1_000)
    stage.turn(5)
    assert stage.client.ended is None
    assert stage.target.received == b"a"


def test_a_stream_that_ends_before_the_cut_is_not_cut(stage: Stage) -> None:
    stage.link.upstream.add(Cut(after_bytes=100, how=Close.RST))
    stage.client.send(b"short")
    stage.client.half_close()
    stage.pump(lambda: stage.target.ended == "FIN")
    assert stage.target.received == b"short"
    assert stage.link.evidence() == []


def test_a_cut_of_what_was_gone_already_shows_nothing(stage: Stage) -> None:
    stage.target.half_close()
    stage.pump(lambda: stage.client.ended == "FIN")
    stage.link.upstream.add(Cut(after_bytes=1, how=Close.RST))
    stage.client.send(b"ab")
    stage.pump(lambda: stage.link.is_over)
    assert stage.link.evidence() == []


# -- stall ----------------------------------------------------------------------------------


def test_a_stall_lets_so_many_bytes_through_and_no_close() -> None:
    paper = Paper(Stall(after_bytes=3))
    assert paper.run([b"ab", b"cd"], 1.0) == [(0.0, b"ab"), (1.0, b"c")]
    assert paper.fault.evidence() == "1 bytes and then a half-close were held after byte 3"
    paper.fault.release()
    assert paper.log[2:] == [(62.0, b"d"), (62.0, Close.HALF)]


def test_a_stream_that_ends_before_the_stall_is_not_stalled() -> None:
    paper = Paper(Stall(after_bytes=9))
    assert paper.run([b"ab"], 1.0)[-1] == (1.0, Close.HALF)
    assert paper.fault.evidence() is None


# -- blackhole ------------------------------------------------------------------------------


@every_way
def test_what_a_blackhole_swallows_arrives_when_it_heals(stage: Stage, way: str) -> None:
    sender, receiver, direction = stage.way(way)
    sender.send(b"before ")
    stage.pump(lambda: receiver.received == b"before ")
    hole = Blackhole()
    direction.add(hole)
    sender.send(b"lost")
    sender.half_close()
    stage.pump(lambda: hole.evidence() is not None)
    assert re.fullmatch(
        r"the sender's socket sent 5 bytes in vain, [1-9]\d* time\(s\) again", hole.proof()
    )
    assert receiver.received == b"before "
    direction.remove(hole)
    stage.pump(lambda: receiver.ended == "FIN")
    assert receiver.received == b"before lost"


def test_where_the_kernel_lets_nobody_drop_what_comes_nothing_can_be_proved() -> None:
    class Guarded(socket.socket):
        """As with a kernel that asks for a right which this user has not."""

        def setsockopt(self, *_option: object) -> None:
            raise PermissionError

    with Guarded() as sock, pytest.raises(Unproven, match="install bubblewrap"):
        drop_all(sock)


def test_a_reset_into_a_blackhole_is_told_only_by_the_next_that_is_sent(stage: Stage) -> None:
    hole = Blackhole()
    stage.link.upstream.add(hole)
    stage.client.reset()
    stage.turn(5)
    assert stage.target.ended is None
    stage.link.heal()
    stage.target.send(b"are you there?")
    stage.pump(lambda: stage.target.ended == "ECONNRESET")


# -- delay, throttle ------------------------------------------------------------------------


def test_everything_comes_later_by_the_same_time_and_in_its_order() -> None:
    paper = Paper(Delay(delay_s=0.5))
    log = paper.run([b"a", b"b"], 0.1)
    assert log == [(0.5, b"a"), (0.6, b"b"), (0.7, Close.HALF)]
    assert paper.fault.evidence() == "2 piece(s) were held back, each for 0.500 s or more"


@given(seed=st.integers(0, 99), count=st.integers(1, 20))
def test_jitter_stays_within_its_bounds_and_nothing_is_overtaken(seed: int, count: int) -> None:
    paper = Paper(Delay(delay_s=0.1, jitter_s=0.2, seed=seed))
    log = paper.run([bytes([number]) for number in range(count)], 0.01)
    assert paper.data == bytes(range(count))
    times = [at - 0.01 * number for number, (at, _) in enumerate(log)]
    assert all(late + 1e-5 >= 0.1 and late <= 0.3 + 1e-5 for late in times)


def test_jitter_is_another_with_another_seed() -> None:
    def log(seed: int) -> list[tuple[float, bytes | Close]]:
        return Paper(Delay(delay_s=0.1, jitter_s=0.2, seed=seed)).run([b"a", b"b"], 1.0)

    assert log(1) == log(1) != log(2)


def test_a_narrow_line_lets_through_so_many_bytes_a_second() -> None:
    paper = Paper(Throttle(bytes_per_s=400))
    log = paper.run([b"x" * 50, b"y" * 50], 0.0)
    assert [item for _, item in log[:3]] == [b"xx", b"xx", b"xx"]
    assert log[-1] == (0.25, Close.HALF)
    assert paper.fault.evidence() == "98 bytes waited for a line of 400 bytes a second"


def test_what_a_line_takes_at_once_does_not_wait() -> None:
    paper = Paper(Throttle(bytes_per_s=10_000))
    paper.run([b"x", b"y"], 1.0)
    assert paper.fault.evidence() is None


# -- corrupt --------------------------------------------------------------------------------


@given(data=st.binary(min_size=1, max_size=200), cut=st.integers(0, 200), seed=st.integers(0, 9))
def test_the_same_bytes_are_changed_however_they_are_cut(data: bytes, cut: int, seed: int) -> None:
    whole, apart = (Paper(Corrupt(chance=0.3, seed=seed)) for _ in range(2))
    whole.run([data], 0.0)
    apart.run([piece for piece in (data[:cut], data[cut:]) if piece], 0.0)
    assert whole.data == apart.data
    changed = [n for n, (old, new) in enumerate(zip(data, whole.data, strict=True)) if old != new]
    evidence = whole.fault.evidence()
    assert bool(changed) is (evidence is not None)
    if evidence:
        first = changed[0] + 1
        assert evidence == (
            f"{len(changed)} of {len(data)} bytes were changed, the first of them byte {first}"
        )

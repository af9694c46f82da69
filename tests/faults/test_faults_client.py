"""A virtual client on a link: it connects, speaks and leaves as it does without one."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable, Iterator
from random import Random

import pytest
from faults_stage import HERE, PATIENCE_S, End

from harness.clients.client import Client
from harness.clients.opening import Opening
from harness.clients.reactor import Reactor
from harness.deadline import Deadline
from harness.expect import Vocabulary
from harness.faults.leaving import WAYS
from harness.faults.link.coalesce import Coalesce
from harness.faults.link.fragment import Fragment
from harness.faults.link.link import Link
from harness.faults.surroundings import Surroundings
from harness.history import History
from harness.linked import LinkedOpening
from harness.system import load


def soon() -> Deadline:
    return Deadline.after(PATIENCE_S)


class Talk:
    """A client and a plain target, with a link between them whose faults the test chooses."""

    def __init__(self) -> None:
        self.reactor = Reactor()
        self.fragment, self.coalesce = Fragment(), Coalesce()
        with socket.create_server(("127.0.0.1", 0)) as listener:
            opening = LinkedOpening(
                Opening(listener.getsockname(), self.reactor),
                self.reactor,
                HERE,
                self.furnish,
            )
            recogniser = load("reference-server").dialect.recogniser(Vocabulary(Random(1)))
            self.client = Client.connect(
                "ana", opening, recogniser, self.reactor, History(), soon()
            )
            self.target = End(listener.accept()[0], self.reactor)
        assert opening.link is not None
        self.link = opening.link

    def furnish(self, link: Link) -> None:
        link.upstream.add(self.fragment)
        link.downstream.add(self.coalesce)

    def pump(self, until: Callable[[], bool]) -> None:
        assert self.reactor.pump(until, soon())

    def leave(self, way: str) -> str:
        """Let the client leave as a scenario does; return the evidence."""
        around = Surroundings(
            pump=self.reactor.pump,
            peer=lambda: HERE.peer_row(self.link.ours, self.link.theirs),
            somebody_speaks=lambda: None,
            somebody_says_much=lambda: 0,
            deadline=soon(),
        )
        return WAYS[way].act(self.client, around)

    def close(self) -> None:
        self.client.close()
        self.target.close()
        self.link.close()
        self.reactor.close()


@pytest.fixture
def talk() -> Iterator[Talk]:
    talk = Talk()
    yield talk
    talk.close()


def test_a_client_speaks_and_hears_through_a_link_and_its_faults(talk: Talk) -> None:
    talk.client.write("Olá\n".encode())
    talk.pump(lambda: talk.target.received == "Olá\n".encode())
    assert {len(read) for read in talk.target.reads} == {1}
    talk.target.send(b"* ana ")
    talk.pump(lambda: talk.coalesce.held.bytes > 0)
    talk.target.send(b"entrou\n")
    talk.pump(lambda: bytes(talk.client.received) == b"* ana entrou\n")
    talk.pump(lambda: len(talk.link.evidence()) == 2)


@pytest.mark.parametrize(
    ("way", "seen"), [("fin", "FIN"), ("killed", "FIN"), ("rst", "ECONNRESET")]
)
def test_a_client_leaves_through_a_link_as_it_does_without(talk: Talk, way: str, seen: str) -> None:
    talk.client.write(b"adeus")
    talk.pump(lambda: talk.target.received == b"adeus")
    assert talk.leave(way)
    talk.pump(lambda: talk.target.ended is not None)
    assert talk.target.ended == seen
    talk.target.close()
    talk.pump(lambda: talk.link.is_over)


def test_a_client_sees_the_target_reset_through_a_link(talk: Talk) -> None:
    talk.target.reset()
    talk.pump(lambda: talk.client.ended is not None)
    assert talk.client.ended == "ECONNRESET"


def test_a_refusal_of_the_target_is_one_through_a_link_too() -> None:
    reactor = Reactor()
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        opening = LinkedOpening(Opening(mute.getsockname(), reactor), reactor, HERE)
        with pytest.raises(OSError, match="ECONNREFUSED at") as refused:
            opening.take(soon())
    assert refused.value.errno == errno.ECONNREFUSED
    assert opening.link is None
    reactor.close()


def test_an_attempt_to_connect_can_be_given_up() -> None:
    reactor = Reactor()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        LinkedOpening(Opening(listener.getsockname(), reactor), reactor, HERE).close()
        assert not reactor.selector.get_map()
    reactor.close()

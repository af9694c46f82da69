"""What the tests of the chat share: servers, in this process and in one of their own."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent))  # for chat_system, which is ours alone

from chat_system import InProcess, Process

settings.register_profile("chat", deadline=None, max_examples=40)
settings.load_profile("chat")


@pytest.fixture
def start() -> Iterator[Callable[..., InProcess]]:
    """Start servers in this process, each with the bounds given."""
    with ExitStack() as running:
        yield lambda **bounds: running.enter_context(InProcess(**bounds))


@pytest.fixture
def chat(start: Callable[..., InProcess]) -> InProcess:
    """One server in this process, as it is by default."""
    return start()


@pytest.fixture
def launch() -> Iterator[Callable[..., Process]]:
    """Start servers as a user does, each with the arguments given."""
    with ExitStack() as running:
        yield lambda *arguments, **how: running.enter_context(Process(*arguments, **how))

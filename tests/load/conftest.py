"""Servers to measure, small sizes to measure them in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from harness.load.figures import Figure
from harness.load.sizes import Plan, Sizes
from harness.load.trial import Trial
from harness.system import System, load

TINY = Sizes(
    members=4,
    senders=2,
    in_flight=3,
    rate=50.0,
    crowd=6,
    crowd_rate=50.0,
    isolated=3,
    isolated_rate=50.0,
    patience_s=60.0,
)
RELAY = """
import asyncio, sys
people, said = [], 0
LOSES = {loses}
async def serve(reader, writer):
    global said
    name = (await reader.readline()).decode().strip()
    people.append(writer)
    writer.write(f"bem-vindo {{name}}\\n".encode())
    while line := await reader.readline():
        said += 1
        if LOSES and said % LOSES == 0:
            continue
        for other in people:
            other.write(name.encode() + b": " + line)
async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()
asyncio.run(main())
"""
TARGET = """
[launch]
command = "python3 servidor.py {port}"
ready_s = 100.0
[wire]
framing = "line"
[send]
join = ["{name}", {expect = "bem-vindo {name}"}]
[receive]
joined  = "{name} entrou"
message = "{from}: {text}"
"""
Measure = Callable[..., list[Figure]]


@pytest.fixture
def relay(tmp_path: Path) -> Callable[[int], System]:
    """Write a target whose server loses every so manieth message (0: none)."""

    def write(loses: int) -> System:
        (tmp_path / "servidor.py").write_text(RELAY.format(loses=loses), encoding="utf-8")
        (tmp_path / "alvo.toml").write_text(TARGET, encoding="utf-8")
        return load(str(tmp_path / "alvo.toml"))

    return write


@pytest.fixture
def measure() -> Measure:
    """Measure a system once, in small sizes."""

    def perform(system: System, sizes: Sizes = TINY) -> list[Figure]:
        figures: list[Figure] = []
        plan = Plan(targets=[], runs=1, seconds=0.2, sizes=sizes)
        Trial(1, system, plan, figures.append).perform()
        return figures

    return perform

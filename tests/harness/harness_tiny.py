"""A chat server of one page, started by the tests as a target: ``harness_tiny.py PORT LOG BUG...``.

Each bug is one word; without any it is a good server.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable

PORT, LOG, BUGS = int(sys.argv[1]), sys.argv[2], set(sys.argv[3:])
SILENCE_MS = 1_000
"""How long a client may answer nothing, or take nothing, of what it is sent."""
people: dict[str, asyncio.StreamWriter] = {}
held: list[tuple[str, str]] = []
door = asyncio.Lock()
"""Held by whoever is asked for a name, if the server asks one after the other."""


def tell(name: str, line: str) -> None:
    people[name].write(f"{line}\n".encode())


def write_down(line: str) -> None:
    """Log a line, if the tests ask for it; a full disk loses it, and nothing else."""
    if "logs" in BUGS:
        with contextlib.suppress(OSError), open(LOG, "ab", buffering=0) as log:
            log.write(f"{time.strftime('%H:%M:%S')} {line}\n".encode())
            if "logs gaps of any size" in BUGS:
                log.truncate(65 << 20)


def tell_all(line: str) -> None:
    write_down(line)
    for name in people:
        tell(name, line)


def send_held() -> None:
    while held:
        name, line = held.pop(0)
        if name in people:
            tell(name, line)


def crash() -> None:
    try:
        raise RuntimeError("um erro")
    except RuntimeError:
        traceback.print_exc()


def die() -> None:
    print("adeus, mundo", flush=True)
    os._exit(3)


BEFORE_SPEAKING: dict[str, Callable[[], None]] = {
    "tells of leaving late": send_held,
    "crashes": crash,
    "dies": die,
    "floods": lambda: tell_all("ruido ruido\n" * 8_000),
}


def say(sender: str, text: str) -> None:
    if "is silent" in BUGS:
        return
    for bug in BUGS & set(BEFORE_SPEAKING):
        BEFORE_SPEAKING[bug]()
    form = f"{sender} disse {text}!" if "another form" in BUGS else f"{sender}: {text}"
    others = [name for name in people if name != sender]
    write_down(form)
    if "shows words" in BUGS:
        print(form, flush=True)
    tell(sender, form)
    for name in [] if "says nothing" in BUGS else others:
        tell(name, form)
        if "doubles" in BUGS:
            tell(name, form)
    if "doubles in the end" in BUGS:
        held.extend((name, form) for name in others)
    if "copies in the end" in BUGS:
        held.extend((name, f"[{text}]") for name in others)


def tell_privately(sender: str, to: str, text: str) -> None:
    if to not in people:
        tell(sender, "! ninguem")
        return
    tell(to, f"{sender} > {text}")
    others = [name for name in people if name not in (sender, to)]
    if "leaks" in BUGS:
        for name in others:
            tell(name, f"debug({text})")
    if "leaks in the end" in BUGS:
        held.extend((name, f"debug({text})") for name in others)
    if "leaks on the screen" in BUGS:
        print(f"privado: {text}", flush=True)


def obey(name: str, line: str) -> bool:
    if line == "/sair":
        return False
    if line == "/quem":
        shown = list(people)[1:] if "forgets" in BUGS else people
        tell(name, "= " + ", ".join(shown))
    elif line.startswith("@"):
        to, _, text = line[1:].partition(" ")
        tell_privately(name, to, text)
    else:
        say(name, line)
    return True


def leave(name: str) -> None:
    people.pop(name).close()
    print(f"- {name}", flush=True)
    if "tells of leaving late" in BUGS:
        held.extend((other, f"- {name}") for other in people)
    elif "tells of nobody" not in BUGS:
        tell_all(f"- {name}")


async def come(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> str | None:
    name = (await reader.readline()).decode().strip()
    if "pings" in BUGS:
        writer.write(b"PING 12\n")
        assert await reader.readline() == b"PONG 12\n"
    refusal = "! cheio" if "is full" in BUGS else "! em-uso" if name in people else ""
    if "admits all" in BUGS and name in people:
        refusal, name = "", f"{name}2"
    if "is mute" in BUGS:
        await reader.read()
    if not name or refusal:
        writer.write(f"{refusal}\n".encode() if name else b"")
        if "asks again" not in BUGS:
            writer.close()
        if "tells of ghosts" in BUGS:
            tell_all("- ")
        if "falls silent" in BUGS:
            BUGS.add("is silent")
        return None
    await let_in(name, writer)
    return name


async def let_in(name: str, writer: asyncio.StreamWriter) -> None:
    people[name] = writer
    print(f"+ {name}", flush=True)
    tell_all(f"+ {name}")
    if "greets late" in BUGS:
        await asyncio.sleep(0.1)
        writer.write(b"bem-vindo\n")


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, SILENCE_MS)
    if "asks twice" in BUGS:
        writer.write(b"? ")
        await reader.readline()
        writer.write(b"? ")
    name = await at_the_door(reader, writer)
    if name is None:
        return
    try:
        while (line := await reader.readline()) and obey(name, line.decode().rstrip("\n")):
            pass
    except OSError:
        pass
    leave(name)
    while "repeats itself" in BUGS:
        tell_all("eco " * 100)
        await asyncio.sleep(0.01)


async def at_the_door(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> str | None:
    if "asks one by one" not in BUGS:
        return await come(reader, writer)
    async with door:
        writer.write(b"?\n")
        name = await come(reader, writer)
        while name is None and "asks again" in BUGS:
            await asyncio.Event().wait()
        return name


def spin() -> None:
    print("girando", flush=True)
    while True:
        pass


async def main() -> None:
    if "dies of SIGXFSZ" in BUGS:
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    if "spins" in BUGS:
        threading.Thread(target=spin, daemon=True).start()
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    server = await asyncio.start_server(serve, "127.0.0.1", PORT)
    async with server:
        await stopped.wait()
        send_held()
        for writer in people.values():
            writer.close()
            await writer.wait_closed()
        os._exit(0)


asyncio.run(main())

"""The first process of a sandbox: starts the target there, and hands out what belongs there.

``python3 -I -S broker.py DESCRIPTOR SOURCE FOLDER``, run by ``sandbox.py`` under bubblewrap as
process 1 of its namespaces. It imports no other part of the project: what runs beside a hostile
program should be small. A request is a packet of JSON on the descriptor, and so is its answer; a
socket or a file goes out, and standard streams come in, beside the packet (SCM_RIGHTS, unix(7)).
What happens by itself is told in a packet of its own: ``ended`` with a process, ``stopped`` with
the limit that was passed.

When the harness is gone this process ends, and with process 1 the kernel ends all the others
(pid_namespaces(7)).
"""

import contextlib
import json
import os
import resource
import select
import signal
import socket
import stat
import struct
import sys
from collections.abc import Callable

PACKET_BYTES = 1 << 20
LOOK_EVERY_MS = 100
MOST_PROCESSES = 1_024
MOST_OWN_BYTES = 1 << 30
MUCH_SHARED_BYTES = 64 << 20
"""What is shared is mostly files, and to tell them apart costs a walk through all of it."""
LIMITS = {
    resource.RLIMIT_CORE: 0,
    resource.RLIMIT_CPU: 600,
    resource.RLIMIT_FSIZE: 1 << 30,
    resource.RLIMIT_NOFILE: 65_536,
    resource.RLIMIT_NPROC: 32_768,
}
"""Of every process. Threads count for RLIMIT_NPROC, and thousands of them are no crime; RLIMIT_AS
and RLIMIT_DATA would stop threads as well, by the size of their stacks."""
started: set[int] = set()
"""The programs that were asked for."""
_RTM_NEWROUTE, _NLM_F_REQUEST_ACK_CREATE = 24, 0x405
_RT_TABLE_LOCAL, _RTPROT_BOOT, _RT_SCOPE_HOST, _RTN_LOCAL, _RTA_OIF, _LOOPBACK = (
    255,
    3,
    254,
    2,
    4,
    1,
)


def main(descriptor: int, source: str, folder: str) -> None:
    """Serve until the harness closes its end."""
    control = socket.socket(fileno=descriptor)
    make_every_address_local()
    if os.spawnvp(os.P_WAIT, "cp", ["cp", "-a", f"{source}/.", folder]):  # noqa: S606
        raise OSError(f"{source} could not be copied to {folder}")
    wakeup, waker = socket.socketpair()
    waker.setblocking(False)
    wakeup.setblocking(False)
    signal.set_wakeup_fd(waker.fileno())
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # none reaches process 1 from inside then
    poll = select.poll()
    poll.register(control, select.POLLIN)
    poll.register(wakeup, select.POLLIN)
    tell(control, ready=True)
    while True:
        ready = dict(poll.poll(LOOK_EVERY_MS))
        if wakeup.fileno() in ready:
            wakeup.recv(PACKET_BYTES)
        if control.fileno() in ready and not answer(control):
            return
        bury(control)
        stop_excess(control)


def make_every_address_local() -> None:
    """Route all of IPv4 to the loopback, so that any address can be bound (rtnetlink(7))."""
    route = struct.pack(
        *("=BBBBBBBBI", socket.AF_INET, 0, 0, 0),
        *(_RT_TABLE_LOCAL, _RTPROT_BOOT, _RT_SCOPE_HOST, _RTN_LOCAL, 0),
    ) + struct.pack("=HHI", 8, _RTA_OIF, _LOOPBACK)
    size = 16 + len(route)
    header = struct.pack("=IHHII", size, _RTM_NEWROUTE, _NLM_F_REQUEST_ACK_CREATE, 1, 0)
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as kernel:
        kernel.send(header + route)
        (problem,) = struct.unpack_from("=i", kernel.recv(PACKET_BYTES), 16)
    if problem:
        raise OSError(-problem, os.strerror(-problem))


def answer(control: socket.socket) -> bool:
    """Do what a request asks; False when there are no more."""
    packet, descriptors, _, _ = socket.recv_fds(control, PACKET_BYTES, 3)
    if not packet:
        return False
    request = json.loads(packet)
    try:
        reply, handed_out = DO[request.pop("do")](*descriptors, **request)
    except OSError as error:
        reply, handed_out = {"errno": error.errno, "problem": error.strerror}, []
    finally:
        close(descriptors)
    tell(control, handed_out, **reply)
    close(handed_out)  # at once: a copy of ours would keep a connection open
    return True


def tell(control: socket.socket, descriptors: list[int] | None = None, **what: object) -> None:
    """Send a packet."""
    socket.send_fds(control, [json.dumps(what).encode()], descriptors or [])


def close(descriptors: list[int]) -> None:
    """Close our copies."""
    for descriptor in descriptors:
        os.close(descriptor)


def make_socket(family: int, kind: int, protocol: int) -> tuple[dict[str, object], list[int]]:
    """Make a socket of this network namespace, to which it belongs wherever it goes."""
    return {}, [socket.socket(family, kind, protocol).detach()]


def open_file(path: str) -> tuple[dict[str, object], list[int]]:
    """Open a regular file of the target for reading; nothing else may hide behind its name."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(0, "it is no regular file")
    return {}, [descriptor]


def spawn(
    stdin: int, stdout: int, stderr: int, command: list[str], cwd: str, env: dict[str, str]
) -> tuple[dict[str, object], list[int]]:
    """Start a program, as the user 1000 of a namespace of its own, without any capability."""
    os.close(os.open(command[0], os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK))
    if not os.access(command[0], os.X_OK):
        raise PermissionError(13, "Permission denied")
    child = os.fork()
    if not child:
        try:
            become([stdin, stdout, stderr], command, cwd, env)
        finally:
            os._exit(127)
    started.add(child)
    return {"pid": child}, []


def become(streams: list[int], command: list[str], cwd: str, env: dict[str, str]) -> None:
    """Turn this new process into the program."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    os.closerange(3, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    for limit, wanted in LIMITS.items():
        hard = resource.getrlimit(limit)[1]
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(limit, (most, most))
    os.chdir(cwd)
    user = ["unshare", "--map-user=1000", "--map-group=1000", "--"]
    os.execvpe(user[0], [*user, *command], env)  # noqa: S606


def send_signal(pid: int, number: int) -> tuple[dict[str, object], list[int]]:
    """Send a signal to a program that was started here."""
    os.kill(pid, number)
    return {}, []


DO: dict[str, Callable[..., tuple[dict[str, object], list[int]]]] = {
    "socket": make_socket,
    "open": open_file,
    "spawn": spawn,
    "signal": send_signal,
}


def bury(control: socket.socket) -> None:
    """Collect who has ended, orphans as well, as process 1 must; tell of those we started."""
    with contextlib.suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            if pid in started:
                tell(control, ended=pid, status=os.waitstatus_to_exitcode(status))


def stop_excess(control: socket.socket) -> None:
    """Kill everything here when it is too many, or too big: of a fork bomb no other way is left."""
    others = [name for name in os.listdir("/proc") if name.isdigit() and name != "1"]
    reason = ""
    if len(others) > MOST_PROCESSES:
        reason = f"it had more than {MOST_PROCESSES} processes"
    elif sum(map(own_bytes, others)) > MOST_OWN_BYTES:
        reason = f"it used more than {MOST_OWN_BYTES >> 20} MB of memory"
    if reason:
        tell(control, stopped=reason)
        os.kill(-1, signal.SIGKILL)


def own_bytes(pid: str) -> int:
    """Return the memory of a process, without files; of what it shares with others its part."""
    try:
        with open(f"/proc/{pid}/statm", encoding="ascii") as file:
            _, resident, shared, *_ = map(int, file.read().split())
        page = resource.getpagesize()
        in_common = shared_bytes(pid) if shared * page > MUCH_SHARED_BYTES else 0
    except (OSError, ValueError):  # it has ended meanwhile
        return 0
    return (resident - shared) * page + in_common


def shared_bytes(pid: str) -> int:
    """Return the part of a process in memory that is shared and no file; see proc(5)."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        parts = (line.split() for line in file if line.startswith("Pss_Shmem:"))
        return sum(int(kilobytes) << 10 for _, kilobytes, _ in parts)


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:4])

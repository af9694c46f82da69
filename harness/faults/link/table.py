"""Every fault of a link, as its simplest example: what the contract of all faults is tried on."""

from __future__ import annotations

from collections.abc import Callable

from harness.faults.link.blackhole import Blackhole
from harness.faults.link.coalesce import Coalesce
from harness.faults.link.corrupt import Corrupt
from harness.faults.link.cut import Cut
from harness.faults.link.delay import Delay
from harness.faults.link.fault import Close, Fault
from harness.faults.link.fragment import Fragment
from harness.faults.link.stall import Stall
from harness.faults.link.throttle import Throttle

FAULTS: dict[str, Callable[[], Fault]] = {
    "blackhole": Blackhole,
    "coalesce": Coalesce,
    "corrupt": lambda: Corrupt(chance=0.5),
    "cut-fin": lambda: Cut(how=Close.FULL),
    "cut-rst": lambda: Cut(how=Close.RST),
    "delay": Delay,
    "fragment": lambda: Fragment(most_bytes=3),
    "half-close": lambda: Cut(how=Close.HALF),
    "jitter": lambda: Delay(delay_s=0.01, jitter_s=0.02, seed=1),
    "stall": Stall,
    "throttle": lambda: Throttle(bytes_per_s=2_000),
}

"""Waits in the thread of its window until the kernel has taken what was sent."""

import sys
import time
from unittest.mock import patch

from chat.__main__ import client
from chat.outgoing import Outgoing

ROLE = "client"
BREAKS = ("RF-025.3",)
REASON = "the window answered nothing for"

put = Outgoing.put


def put_and_wait(outgoing: Outgoing, line: bytes) -> bool:
    is_put = put(outgoing, line)
    while outgoing._waiting and not outgoing._is_closed:
        time.sleep(0.01)
    return is_put


if __name__ == "__main__":
    with patch.object(Outgoing, "put", put_and_wait):
        sys.exit(client())

"""Connects to the address in its code, whatever it is told."""

import sys

from chat.__main__ import client

ROLE = "client"
BREAKS = ("RF-009.2",)
REASON = "the client did not connect to 127.1.2.3"

if __name__ == "__main__":
    del sys.argv[1:]
    sys.exit(client())

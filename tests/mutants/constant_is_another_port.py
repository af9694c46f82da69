"""Has another port in its code than it should."""

import sys

from chat.__main__ import client

ROLE = "client"
BREAKS = ("RF-009.1",)
REASON = "the client did not connect to 127.0.0.1:5050"

if __name__ == "__main__":
    if len(sys.argv) == 1:
        sys.argv += ["--port", "5051"]
    sys.exit(client())

"""Ends with a traceback when the server is lost."""

import sys

from chat.__main__ import client

ROLE = "client"
BREAKS = ("RF-023.2",)
REASON = "it ended with a traceback: ConnectionError: perdida"

if __name__ == "__main__":
    if client():
        raise ConnectionError("perdida")
    sys.exit(0)

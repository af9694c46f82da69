"""Every address, default and bound of the chat, and nothing else.

RF-009 wants the address in the code: `HOST` and `PORT`. The numbers that the protocol fixes are
constants and equal spec/limits.toml (a test says so); those that an operator may change are fields
of `Bounds`, each with its option on the command line (options).
"""

from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
PORT = 5050
LOG_FILE = "chat.sqlite3"

LINE_IN_MAX_BYTES = 4_096
LINE_OUT_MAX_BYTES = 16_384
USERS_LINE_MAX_BYTES = 4_096
NAME_MAX_CHARS = 20
NAME_TRIES_MAX = 3
UNDISPATCHED_LINES_MAX = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What one client may cost the others: in number, in time, in memory."""

    max_clients: int = 5_000
    name_s: float = 30.0
    outbox_s: float = 10.0
    outbox_bytes: int = 1_048_576
    vanished_s: float = 10.0
    flush_s: float = 3.0
    drain_s: float = 1.0
    lingering_max: int = 64
    screen_bytes: int = 1_048_576
    log_rows: int = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where the server listens, what it logs and where (None: nowhere), and its bounds."""

    host: str = HOST
    port: int = PORT
    log: Path | None = Path(LOG_FILE)
    logs_private_texts: bool = False
    bounds: Bounds = Bounds()


CONNECT_S = 5.0
CONNECTION_FAILURE_S = 8.0
SILENT_S = 10.0
GOODBYE_S = 3.0
HAPPENINGS_MAX = 64
OUTGOING_MAX_BYTES = 262_144
EVENTS_PER_TURN = 200
CHARACTERS_PER_TURN = 20_000
TURN_PAUSE_MS = 30
HEED_PAUSE_MS = 100
ROWS_MAX = 5_000
ROWS_SLACK = 500

BACKLOG = 1_024
QUESTIONS = 5
QUESTION_PAUSE_MIN_S = 0.1
QUESTION_PAUSE_MAX_S = 1.0
ASKED_TOGETHER_MAX = 400
RINGS_BYTES = 4_096
RECEIVE_BYTES = 16_384
SEND_BUFFER_BYTES = 131_072
BATCH_BYTES = 65_536
READER_STACK_BYTES = 262_144
SHED_PAUSE_S = 0.2
SCREEN_FLUSH_S = 1.0
SCREEN_RETRY_S = 0.5
LOG_OPEN_S = 1.0
LOG_RETRY_S = 0.1
LOG_CLOSE_S = 1.0
LOG_CHUNK_ROWS = 500
FOLLOW_PAUSE_S = 0.2
CHECKPOINT_PAUSE_S = 10.0
WAL_MAX_PAGES = 16_384

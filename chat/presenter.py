"""What the client says and does: the name, the room, the end. No tkinter, no sockets.

Owns the state of the conversation. The window reports what its user does (`submit`, `leave`) and
gives it a turn again and again (`turn`); it shows what it is told to, and decides nothing.

Laws: what cannot be sent is answered in place and stays typed (10.2, 10.3); nothing here waits; a
turn handles a bounded number of events, so that no flood keeps the window from answering (RF-025).
"""

import re
from collections import deque
from collections.abc import Callable
from queue import Empty

from chat import protocol, wording
from chat.config import (
    CHARACTERS_PER_TURN,
    CONNECTION_FAILURE_S,
    EVENTS_PER_TURN,
    LINE_IN_MAX_BYTES,
)
from chat.connection import Cause, Ended, Heard
from chat.events import Event, Failure, Goodbye, Joined, Left, Said, Told, ToldCopy, Users
from chat.names import identity
from chat.protocol import Code, Quit
from chat.view import Link, Row, State, Tone, View

_LINE_END = re.compile(r"\r?\n|\r")
_REFUSALS = (Code.NAME_TAKEN.value, Code.NAME_INVALID.value)


class Presenter:
    """One user's conversation. `status` is the exit status of the program, once it is over."""

    def __init__(
        self,
        view: View,
        connect: Callable[[], Link],
        where: str,
        clock_s: Callable[[], float],
        time_of_day: Callable[[], str],
    ) -> None:
        """Prepare; `connect` begins a connection to `where`."""
        self.state = State.NAMING
        self.status = 0
        self.link: Link | None = None
        self._view = view
        self._connect = connect
        self._where = where
        self._clock_s = clock_s
        self._time_of_day = time_of_day
        self._name = ""
        self._people: dict[str, None] = {}
        self._waiting: deque[Event] = deque()
        self._rows: list[Row] = []
        self._ended: Ended | None = None
        self._began_s = 0.0
        self._was_told = False
        self._is_full = ""
        self._problem = ""

    def begin(self, name: str) -> None:
        """Connect under a name; without one, or with one that cannot be sent, ask for it."""
        self._ask_name("")
        self.submit(name.strip("\r\n"))

    # -- what the user does ---------------------------------------------------------------

    def submit(self, typed: str) -> bool:
        """Do what was typed; whether it was taken, so that the entry can be emptied."""
        text = _LINE_END.sub(" ", typed)
        if not text:
            return False
        size = len(text.encode(errors="replace")) + 1
        if size > LINE_IN_MAX_BYTES:
            self._view.complain(wording.TOO_LONG.format(size=size, most=LINE_IN_MAX_BYTES))
            return False
        if self.state is State.NAMING:
            return self._submit_name(text)
        if self.state is not State.IN_ROOM:
            self._view.complain(wording.STILL_CONNECTING)
            return False
        return self._submit_line(text)

    def leave(self) -> None:
        """The window is to be closed (RF-016)."""
        if self.state is State.IN_ROOM and self.link:
            self.link.send(b"/sair\n")
        self._end(0)

    def _submit_name(self, text: str) -> bool:
        if text.rstrip(" ") == "/sair":
            self.leave()
        else:
            self._claim(text)
        return True

    def _submit_line(self, text: str) -> bool:
        command = protocol.parse(text)
        if command is None:
            return False
        if isinstance(command, Code):
            self._view.complain(wording.NOT_A_COMMAND[command])
            return False
        if isinstance(command, Quit):
            self.leave()
            return True
        return self._send(text)

    def _send(self, text: str) -> bool:
        sent = self.link is not None and self.link.send(f"{text}\n".encode(errors="replace"))
        if not sent:
            self._view.complain(wording.NOT_READING)
        return sent

    # -- what happens ---------------------------------------------------------------------

    def turn(self) -> bool:
        """Handle what has happened since the last turn; whether more of it waits already."""
        self._gather()
        size = 0
        while self._waiting and len(self._rows) < EVENTS_PER_TURN and size < CHARACTERS_PER_TURN:
            self._handle(self._waiting.popleft())
            size += len(self._rows[-1].text) if self._rows else 0
        self._show_rows()
        if self._is_overdue():
            self._ended = Ended(Cause.NO_ANSWER)
        if self._ended and not self._waiting:
            self._lost(self._ended)
        return bool(self._waiting)

    def _gather(self) -> None:
        """Take what has happened, as far as a turn goes."""
        while self.link and not self._ended and len(self._waiting) < EVENTS_PER_TURN:
            try:
                happening = self.link.happenings.get_nowait()
            except Empty:
                return
            if isinstance(happening, Heard):
                self._waiting.extend(happening.events)
            elif isinstance(happening, Ended):
                self._ended = happening
            else:
                self._claim_on(self.link)

    def _is_overdue(self) -> bool:
        late = self._clock_s() - self._began_s > CONNECTION_FAILURE_S
        return self.state in (State.CONNECTING, State.CLAIMING) and late

    def _handle(self, event: Event) -> None:
        if isinstance(event, Failure):
            self._handle_failure(event)
        elif isinstance(event, Joined | Left | Users):
            self._handle_people(event)
        elif isinstance(event, Said):
            tone = Tone.MINE if event.sender == self._name else Tone.OTHERS
            self._row(tone, f"{event.sender}: {event.text}")
        elif isinstance(event, Told):
            self._row(Tone.PRIVATE, f"[privado de {event.sender}] {event.text}")
        elif isinstance(event, ToldCopy):
            self._row(Tone.PRIVATE, f"[privado para {event.recipient}] {event.text}")
        elif isinstance(event, Goodbye):
            self._was_told = True
            self._row(Tone.NOTICE, "o servidor está encerrando")

    def _handle_failure(self, failure: Failure) -> None:
        if self.state is State.CLAIMING and failure.code in _REFUSALS:
            self._ask_name(failure.phrase)
            return
        if failure.code == Code.SERVER_FULL.value:
            self._is_full = failure.phrase
        self._row(Tone.ERROR, failure.phrase)

    def _handle_people(self, event: Joined | Left | Users) -> None:
        if isinstance(event, Users):
            self._people |= dict.fromkeys(event.names)
            self._row(Tone.NOTICE, f"conectados: {', '.join(event.names)}")
        elif isinstance(event, Left):
            self._people.pop(event.name, None)
            self._row(Tone.NOTICE, f"{event.name} saiu do chat")
        else:
            self._people[event.name] = None
            if self.state is State.CLAIMING and identity(event.name) == identity(self._name):
                self._name = event.name
                self._set_state(State.IN_ROOM)
            self._row(Tone.NOTICE, f"{event.name} entrou no chat")
        self._view.set_people(list(self._people))

    def _row(self, tone: Tone, text: str) -> None:
        self._rows.append(Row(tone, self._time_of_day(), text))

    def _show_rows(self) -> None:
        if self._rows:
            rows, self._rows = self._rows, []
            self._view.show(rows)

    # -- from one state to the next -------------------------------------------------------

    def _claim(self, name: str) -> None:
        """Ask for a name: on the connection that there is, or on a new one."""
        self._name = name
        self._began_s = self._clock_s()
        if self.link is not None:
            self._claim_on(self.link)
            return
        self.link = self._connect()
        self._ended, self._was_told, self._is_full = None, False, ""
        self._people.clear()
        self._set_state(State.CONNECTING)

    def _claim_on(self, link: Link) -> None:
        """Send the name; if the connection has ended already, that is told next."""
        self._set_state(State.CLAIMING)
        link.send(f"{self._name}\n".encode(errors="replace"))

    def _ask_name(self, problem: str) -> None:
        self._problem = problem
        self._set_state(State.NAMING)
        self._view.ask_name(problem)

    def _lost(self, ended: Ended) -> None:
        """There is no connection any more: try again, or end."""
        self._ended = None
        if self.link is not None:
            self.link.leave()
            self.link = None
        if self.state is State.NAMING:
            self._ask_name(wording.ENDED_WHILE_NAMING.format(problem=self._problem))
        elif self.state is State.IN_ROOM:
            self._set_state(State.OVER)
            self.status = 1
            self._view.tell(wording.LOST, wording.why_lost(ended, self._was_told))
            self._view.close()
        elif self._view.ask_again(wording.NO_CONNECTION, self._why_not(ended)):
            self._claim(self._name)
        else:
            self._end(1)

    def _why_not(self, ended: Ended) -> str:
        if self._is_full:
            return wording.full(self._where, self._is_full)
        if self._was_told:
            return wording.why_lost(ended, self._was_told)
        return wording.why_not_connected(ended, self._where)

    def _end(self, status: int) -> None:
        if self.state is State.OVER:
            return
        if self.link is not None:
            self.link.leave()
        self.status = status
        self.state = State.OVER
        self._view.close()

    def _set_state(self, state: State) -> None:
        self.state = state
        self._view.set_state(state, self._where, self._name)

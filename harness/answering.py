"""Speaks a dialect as its server: what a client wrote is compared, what it is shown is written.

A target file describes the protocol as a client sees it, whoever is verified. Here it is read from
the other side: what a client writes is known beforehand to the byte, for names and texts are ours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from harness.clients.client import Client
from harness.dialects.dialect import Dialect, Step
from harness.dialects.template import Template
from harness.expect import Kind
from harness.history import readable
from harness.verdict import Contradicted, Lacking

SHOWN_BYTES = 200
FILLING = {
    "time": "12:34:56",
    "number": "1",
    "word": "servidor",
    "any": "",
    "rest": "frase",
    "space": " ",
    "id": "1",
}
"""What stands in the holes that are the server's own."""


@dataclass(slots=True)
class Answering:
    """The server's half of one conversation. ``wait`` reads on until a condition holds.

    Up to ``mark`` what the client wrote has been taken.
    """

    dialect: Dialect
    client: Client
    wait: Callable[[Callable[[], bool]], bool]
    mark: int = 0

    @property
    def has_begun(self) -> bool:
        """Whether the client comes in: it has written something, or waits for us to begin."""
        steps = self.dialect.steps("join") or ()
        is_ours = bool(steps) and steps[0].waits and not self.client.ended
        return is_ours or bool(self.unread)

    @property
    def unread(self) -> bytes:
        """What has come and no operation has taken yet."""
        new = self.client.mark() - self.mark
        return bytes(self.client.received[-new:]) if new else b""

    def hears(self, operation: str, values: Mapping[str, str]) -> None:
        """Take one operation of the client's, to the byte; answer what it waits for meanwhile.

        Raises:
            Lacking: the target file does not describe the operation.
            Contradicted: something else came, or nothing.
            Unproven: nothing came, and the harness itself was late.
        """
        steps = self.dialect.steps(operation)
        if steps is None:
            raise Lacking(f"the target file describes no [send] {operation}")
        for step in steps:
            self._do(step, values)

    def hears_a_claim(self, values: Mapping[str, str]) -> None:
        """Take the operation to come in, up to and with the text that has the name.

        Raises:
            Contradicted: something else came, or nothing.
            Unproven: nothing came, and the harness itself was late.
        """
        for step in self.dialect.steps("join") or ():
            self._do(step, values)
            if not step.waits and "name" in step.template.holes:
                return

    def says(self, kind: Kind, **values: str) -> None:
        """Show the client something of this kind, in the first form that the file has for it.

        Raises:
            Lacking: the target file does not describe it.
        """
        rule = next((rule for rule in self.dialect.rules if rule.kind is kind), None)
        if rule is None:
            raise Lacking(f"the target file describes no [receive] {kind}")
        self._write(rule.template, values)

    def _do(self, step: Step, values: Mapping[str, str]) -> None:
        if step.waits:
            self._write(step.template, values)
        else:
            self._take(self.dialect.encode(step.template.written(values)))

    def _write(self, template: Template, values: Mapping[str, str]) -> None:
        if template.is_regex:
            raise Lacking(f"{template.text!r} is a regular expression, which nobody can say")
        text = template.written(FILLING | dict(values))
        self.client.write(self.dialect.from_server.encode(text.encode(self.dialect.encoding)))

    def _take(self, expected: bytes) -> None:
        def is_decided() -> bool:
            has_enough = len(self.unread) >= len(expected)
            return has_enough or bool(self.client.ended) or not expected.startswith(self.unread)

        self.wait(is_decided)
        if not self.unread.startswith(expected):
            came = readable(self.unread, SHOWN_BYTES) if self.unread else "nothing"
            ended = f", and the connection ended ({self.client.ended})" if self.client.ended else ""
            raise Contradicted(f"not {readable(expected, SHOWN_BYTES)!r} came, but {came!r}{ended}")
        self.mark += len(expected)

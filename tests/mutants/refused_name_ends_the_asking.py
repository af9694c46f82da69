"""Shows that a name was refused, and does not ask for another."""

import sys
from unittest.mock import patch

from chat.__main__ import client
from chat.presenter import Presenter
from chat.view import State, Tone

ROLE = "client"
BREAKS = ("RF-008.6",)
REASON = "after the refusal the window does not ask for another name"


def only_show(presenter: Presenter, problem: str) -> None:
    if problem:
        presenter.state = State.NAMING
        presenter._row(Tone.ERROR, problem)
    else:
        ask(presenter, problem)


ask = Presenter._ask_name

if __name__ == "__main__":
    with patch.object(Presenter, "_ask_name", only_show):
        sys.exit(client())

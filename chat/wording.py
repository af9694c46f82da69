"""What the client tells its user about the connection: each cause in its own words (RF-007).

Owns texts, and nothing else.
"""

from chat.connection import Cause, Ended
from chat.protocol import Code

NO_CONNECTION = "Sem conexão"
LOST = "Conexão perdida"

STILL_CONNECTING = "ainda não há conexão; espere um momento"
NOT_READING = "o servidor não está lendo; a mensagem não foi enviada"
TOO_LONG = "a mensagem é longa demais: {size} bytes, e o máximo é {most}"
ENDED_WHILE_NAMING = "{problem}; o servidor encerrou a conexão, e o próximo nome abre outra"
NOT_A_COMMAND = {
    Code.MALFORMED: "formato inválido: use /privado nome mensagem, /usuarios ou /sair",
    Code.UNKNOWN_COMMAND: "comando desconhecido: os comandos são /privado, /usuarios e /sair",
}

_NOT_CONNECTED = {
    Cause.REFUSED: "Ninguém atende em {where}. O servidor está em execução?",
    Cause.NO_ANSWER: "{where} não respondeu a tempo.",
    Cause.UNKNOWN_HOST: "O endereço {where} não existe.",
    Cause.UNREACHABLE: "{where} não pode ser alcançado ({detail}).",
}
_NOT_ADMITTED = "O servidor em {where} aceitou a conexão e a fechou em seguida."
_FULL = "O servidor em {where} está cheio: {phrase}."
_LOST = {
    Cause.CLOSED: "O servidor encerrou a conexão.",
    Cause.RESET: "A conexão com o servidor foi interrompida.",
    Cause.SILENT: "O servidor não responde mais.",
    Cause.GARBAGE: "O servidor não é deste chat. Ele enviou: {detail}",
}
_SHUT_DOWN = "O servidor foi desligado."


def why_not_connected(ended: Ended, where: str) -> str:
    """Why there was no connection, or none with a server that lets anybody in."""
    text = _NOT_CONNECTED.get(ended.cause) or _LOST[ended.cause]
    if ended.cause in (Cause.CLOSED, Cause.RESET):
        text = _NOT_ADMITTED
    return text.format(where=where, detail=ended.detail)


def full(where: str, phrase: str) -> str:
    """The server has no room."""
    return _FULL.format(where=where, phrase=phrase)


def why_lost(ended: Ended, was_told: bool) -> str:
    """Why the conversation is over; `was_told`: the server has said that it stops."""
    if was_told:
        return _SHUT_DOWN
    return (_LOST.get(ended.cause) or _LOST[Cause.RESET]).format(detail=ended.detail)

"""The command lines of server and client: arguments to settings; and which command is meant.

Owns the options and their texts. Every bound of `Bounds` has its option, so that whoever verifies
the server can shorten it. Wrong use ends the process with status 2 (usage is what speaks).
"""

from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path

from chat.config import HOST, LOG_FILE, PORT, Bounds, Settings
from chat.usage import Parser, count, port, seconds

COMMANDS = ("server", "client", "log")

_Option = tuple[str, Callable[[str], object], str]

BOUNDS: dict[str, _Option] = {
    "max_clients": ("--max-clients", count, "máximo de conexões, com ou sem nome"),
    "name_s": ("--name-deadline", seconds, "prazo para informar um nome"),
    "outbox_s": ("--outbox-deadline", seconds, "prazo para um cliente ler o que lhe foi enviado"),
    "outbox_bytes": ("--outbox-bytes", count, "máximo que espera por um cliente que não lê"),
    "vanished_s": ("--vanished-deadline", seconds, "prazo para notar um cliente que sumiu"),
    "flush_s": ("--flush-deadline", seconds, "prazo para entregar o que falta a quem sai"),
    "drain_s": ("--drain-deadline", seconds, "prazo para quem sai encerrar o seu lado"),
    "lingering_max": ("--lingering-max", count, "máximo de conexões em encerramento"),
    "screen_bytes": ("--screen-bytes", count, "máximo que espera por uma tela parada"),
    "log_rows": ("--log-buffer", count, "máximo de linhas que esperam por um registro parado"),
}


def read_command(arguments: Sequence[str]) -> str:
    """Which command is asked for, of `python -m chat`."""
    parser = Parser("python -m chat", "Um chat de uma sala só.")
    parser.add_argument(
        "comando",
        choices=COMMANDS,
        help="server: o servidor; client: a janela; log: mostra o registro (veja COMANDO --help)",
    )
    command: str = parser.parse_args(arguments).comando
    return command


def read_settings(arguments: Sequence[str]) -> Settings:
    """What the server is asked to be."""
    parser = Parser("chat-server", "O servidor do chat: uma sala, uma linha por mensagem.")
    parser.add_option("--host", str, HOST, "endereço IPv4 em que escutar")
    parser.add_option("--port", port, PORT, "porta em que escutar; 0: qualquer uma livre")
    _add_log_options(parser)
    for field in fields(Bounds):
        option, kind, text = BOUNDS[field.name]
        parser.add_option(option, kind, field.default, text)
    given = vars(parser.parse_args(arguments))
    bounds = {name: given[BOUNDS[name][0].lstrip("-").replace("-", "_")] for name in BOUNDS}
    return Settings(
        host=given["host"],
        port=given["port"],
        log=given["log"],
        logs_private_texts=given["log_private_texts"],
        bounds=Bounds(**bounds),
    )


def read_client(arguments: Sequence[str]) -> tuple[str, str, int]:
    """Who wants to talk, and where: name, host and port; an empty name is asked for (RF-009)."""
    parser = Parser("chat-client", "A janela do chat.")
    parser.add_argument("nome", nargs="?", default="", help="como quer ser chamado")
    parser.add_option("--host", str, HOST, "endereço do servidor")
    parser.add_option("--port", port, PORT, "porta do servidor")
    given = parser.parse_args(arguments)
    return given.nome, given.host, given.port


def _add_log_options(parser: Parser) -> None:
    file = parser.add_mutually_exclusive_group()
    file.add_argument(
        "--log",
        type=Path,
        default=Path(LOG_FILE),
        metavar="ARQUIVO",
        help=f"onde registrar o que acontece (padrão: {LOG_FILE})",
    )
    file.add_argument(
        "--no-log", dest="log", action="store_const", const=None, help="não registra nada"
    )
    parser.add_argument(
        "--log-private-texts",
        action="store_true",
        help="registra também o texto das mensagens privadas",
    )

"""Clients as other people write them: each is handled, or told plainly what is wrong with it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from command_report import read_report

from harness.gui.xserver import why_not
from harness.targets import sandbox

Verify = Callable[..., subprocess.CompletedProcess[str]]
Told = Callable[[str, str], dict[str, Any]]
TALK = "RF-004.2"
TARGET = """
[target]
role = "client"
[launch]
command = "python3 cliente.py"
[wire]
framing = "line"
[receive]
message = "{from}: {text}"
name_taken = "nome em uso"
"""
HEAD = """
import queue, socket, threading, tkinter as tk
from tkinter import messagebox, simpledialog

def conecta(nome, host='26.1.2.3', porta=9999):
    global rede
    rede = socket.create_connection((host, int(porta)))
    rede.sendall(f'{nome}\\n'.encode())
    threading.Thread(target=le, daemon=True).start()

def le():
    for linha in rede.makefile(encoding='utf-8'):
        chegou.put(linha.rstrip('\\n'))

def mostra():
    while not chegou.empty():
        adiciona(chegou.get())
    janela.after(20, mostra)

def envia(evento=None):
    rede.sendall(f'{campo.get()}\\n'.encode())
    campo.delete(0, 'end')

def monta(dono, tipo=tk.Listbox):
    global campo, lista
    lista = tipo(dono)
    lista.pack()
    campo = tk.Entry(dono)
    campo.bind('<Return>', envia)
    campo.pack()
    tk.Button(dono, text='Enviar', command=envia).pack()

def adiciona(texto):
    lista.insert('end', texto)

chegou = queue.Queue()
"""
PREFILLED = """
janela = tk.Tk()
monta(janela)
campo.insert(0, 'Digite aqui...')
conecta(simpledialog.askstring('Nome', 'Seu nome?', parent=janela))
mostra()
janela.mainloop()
"""
LOGIN_WINDOW = """
janela = tk.Tk()
janela.withdraw()
login = tk.Toplevel(janela)
tk.Label(login, text='Apelido').pack()
quem = tk.Entry(login)
quem.pack()

def entra():
    nome = quem.get()
    login.destroy()
    monta(janela)
    janela.deiconify()
    conecta(nome)
    mostra()

tk.Button(login, text='Entrar', command=entra).pack()
janela.mainloop()
"""
TWO_PROGRAMS_IN_ONE = """
janela = tk.Tk()
tk.Label(janela, text='Nome de usuário').pack()
quem = tk.Entry(janela)
quem.pack()

def entra(evento=None):
    global nome
    nome = quem.get()
    janela.destroy()

quem.bind('<Return>', entra)
janela.mainloop()
janela = tk.Tk()
monta(janela)
conecta(nome)
mostra()
janela.mainloop()
"""
DIALOGS = """
janela = tk.Tk()
monta(janela)
host = simpledialog.askstring('Conexão', 'Endereço do servidor?', parent=janela)
porta = simpledialog.askinteger('Conexão', 'Porta?', parent=janela)
conecta(simpledialog.askstring('Conexão', 'Seu nome?', parent=janela), host, porta)
mostra()
janela.mainloop()
"""
CONNECTS_FIRST = """
janela = tk.Tk()
monta(janela)
host = simpledialog.askstring('Conexão', 'Endereço do servidor?', parent=janela)
porta = simpledialog.askinteger('Conexão', 'Porta?', parent=janela)
rede = socket.create_connection((host, porta))
nome = simpledialog.askstring('Conexão', 'Seu nome?', parent=janela)
rede.sendall(f'{nome}\\n'.encode())
threading.Thread(target=le, daemon=True).start()
mostra()
janela.mainloop()
"""
MESSAGES_BETWEEN = """
janela = tk.Tk()
monta(janela)
messagebox.showinfo('Chat', 'Bem-vindo!', parent=janela)
conecta(simpledialog.askstring('Nome', 'Seu nome?', parent=janela))
mostra()
messagebox.showinfo('Chat', 'Conectado.', parent=janela)
janela.mainloop()
"""
CALLS_AGAIN = """
def adiciona(texto):
    if texto == 'nome em uso':
        rede.close()
        messagebox.showerror('Chat', 'Este nome já está em uso.', parent=janela)
        conecta(simpledialog.askstring('Nome', 'Seu nome?', parent=janela))
    else:
        lista.insert('end', texto)

janela = tk.Tk()
monta(janela)
conecta(simpledialog.askstring('Nome', 'Seu nome?', parent=janela))
mostra()
janela.mainloop()
"""
THREAD_DRAWS = """
def le():
    for linha in rede.makefile(encoding='utf-8'):
        adiciona(linha.rstrip('\\n'))

janela = tk.Tk()
monta(janela)
conecta(simpledialog.askstring('Nome', 'Seu nome?', parent=janela))
janela.mainloop()
"""
PEOPLE_BESIDE = """
janela = tk.Tk()
pessoas = tk.Listbox(janela, width=10, height=3)
pessoas.insert('end', 'ana', 'bia')
pessoas.pack()
monta(janela)
conecta(simpledialog.askstring('Nome', 'Seu nome?', parent=janela))
mostra()
janela.mainloop()
"""
TEXT_INSTEAD = """
janela = tk.Tk()
monta(janela, tk.Text)
adiciona = lambda texto: lista.insert('end', texto + '\\n')
conecta(simpledialog.askstring('Nome', 'Seu nome?', parent=janela))
mostra()
janela.mainloop()
"""
CHANGES_ITS_WORDS = """
janela = tk.Tk()
monta(janela)
passos = iter(('Abrindo...', 'Lendo as preferências...', 'Conectando...'))

def passo():
    adiciona(next(passos, 'Quase...'))
    janela.after(150, passo)

def tenta(nome):
    try:
        conecta(nome)
    except OSError as erro:
        chegou.put(f'Sem conexão: {erro.strerror}')

passo()
mostra()
nome = simpledialog.askstring('Nome', 'Seu nome?', parent=janela)
janela.after(400, threading.Thread(target=tenta, args=[nome], daemon=True).start)
janela.mainloop()
"""
pytestmark = [
    pytest.mark.skipif(why_not() is not None, reason=str(why_not())),
    pytest.mark.skipif(sandbox.why_not() is not None, reason=str(sandbox.why_not())),
]


@pytest.fixture
def told(chat_verify: Verify, tmp_path: Path) -> Told:
    """What a run says of each observation chosen, of a client with this source."""

    def run(source: str, only: str) -> dict[str, Any]:
        (tmp_path / "cliente.py").write_text(dedent(source), encoding="utf-8")
        file = tmp_path / "alvo.toml"
        file.write_text(TARGET, encoding="utf-8")
        done = chat_verify("run", str(file), "--only", only)
        report = read_report(tmp_path)
        assert "Traceback" not in done.stderr
        return {
            name: said
            for requirement in report["requirements"].values()
            for name, said in requirement["observations"].items()
            if said["verdict"] != "out of scope"
        }

    return run


def built(name: str, source: str, *marks: pytest.MarkDecorator) -> Any:
    """A client whose window is built in another way."""
    return pytest.param(source, id=name, marks=marks)


@pytest.mark.parametrize(
    "source",
    [
        built("an address that is asked for", DIALOGS),
        built("two main windows, one after the other", TWO_PROGRAMS_IN_ONE, pytest.mark.deep),
        built("an entry with something in it", PREFILLED, pytest.mark.deep),
        built("a window to log in", LOGIN_WINDOW, pytest.mark.deep),
        built("a second list", PEOPLE_BESIDE, pytest.mark.deep),
        built("a name that is asked for last", CONNECTS_FIRST, pytest.mark.deep),
        built("messages to be clicked away", MESSAGES_BETWEEN, pytest.mark.deep),
    ],
)
def test_a_window_that_is_built_in_another_way_is_used_like_any_other(
    told: Told, source: str
) -> None:
    assert told(HEAD + source, TALK)[TALK]["verdict"] == "verified"


@pytest.mark.deep
def test_a_name_may_be_asked_for_again_after_a_message_and_over_another_connection(
    told: Told,
) -> None:
    assert told(HEAD + CALLS_AGAIN, "RF-008.6")["RF-008.6"]["verdict"] == "verified"


@pytest.mark.deep
def test_a_name_that_is_asked_for_after_other_things_is_asked_for(told: Told) -> None:
    said = told(HEAD + DIALOGS, "RF-008.6")["RF-008.6"]
    assert said["reason"] == "after the refusal the window does not ask for another name"


@pytest.mark.deep
def test_what_a_window_says_before_an_attempt_has_failed_tells_nothing_of_it(
    told: Told, tmp_path: Path
) -> None:
    assert told(HEAD + CHANGES_ITS_WORDS, "RF-007.1")["RF-007.1"]["verdict"] == "verified"
    (scenario,) = read_report(tmp_path)["scenarios"].values()
    (seen,) = (line for line in scenario["evidence"] if "refused" in line)
    assert seen.endswith("window: refused: Sem conexão: Connection refused")


@pytest.mark.deep
def test_a_thread_that_draws_into_the_window_is_named(told: Told, tmp_path: Path) -> None:
    told(HEAD + THREAD_DRAWS, "RF-025.2")
    found = {finding["kind"]: finding["detail"] for finding in read_report(tmp_path)["findings"]}
    line = (HEAD + THREAD_DRAWS).splitlines().index("    lista.insert('end', texto)") + 1
    of_it = f"cliente.py:{line} in adiciona calls Tk from another thread than its own"
    assert found["cross-thread"] == of_it


@pytest.mark.deep
def test_a_text_for_a_list_is_named_and_read_all_the_same(told: Told) -> None:
    said = told(HEAD + TEXT_INSTEAD, f"RF-019.1,{TALK}")
    assert said["RF-019.1"]["verdict"] == "failed"
    assert "no Listbox can be seen; the window has: " in said["RF-019.1"]["reason"]
    assert "Text" in said["RF-019.1"]["reason"]
    assert said[TALK]["verdict"] == "verified"


def test_a_client_that_crashes_is_told_with_its_last_words(told: Told) -> None:
    said = told("import tkinter\nraise ValueError('falta a configuração')", TALK)[TALK]
    assert said["verdict"] == "failed"
    assert "the client ended with status 1" in said["reason"]
    assert "ValueError: falta a configuração" in said["reason"]


@pytest.mark.deep
def test_a_client_that_waits_at_its_terminal_is_told_with_its_question(told: Told) -> None:
    said = told("input('Seu nome: ')", TALK)[TALK]
    assert said["verdict"] == "failed"
    assert (
        "there is no window: none came up; on its terminal it said: 'Seu nome:'" in (said["reason"])
    )

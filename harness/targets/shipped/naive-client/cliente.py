"""A chat client as a first attempt writes it: it works on its author's machine.

What the harness finds in it is in the README; nothing here is to be mended.
"""

import socket as sock
import threading
import tkinter as tk
from tkinter import messagebox, simpledialog

HOST = "127.0.0.1"
PORTA = 8080


def recebe_mensagens():
    while True:
        mensagem = socket_cliente.recv(1024).decode()
        lista_mensagens.insert(tk.END, mensagem)


def envia_mensagem(evento=None):
    mensagem = entrada.get()
    if mensagem == "":
        return
    if mensagem.startswith("@") and " " not in mensagem:
        messagebox.showerror("Erro", "Formato inválido. Use: @nome mensagem")
        return
    socket_cliente.sendall(mensagem.encode())
    entrada.delete(0, tk.END)
    if mensagem == "/sair":
        socket_cliente.close()
        janela.destroy()


janela = tk.Tk()
janela.title("Chat")
lista_mensagens = tk.Listbox(janela, width=60, height=20)
lista_mensagens.pack(padx=10, pady=10)
entrada = tk.Entry(janela, width=50)
entrada.pack(side=tk.LEFT, padx=10, pady=10)
entrada.bind("<Return>", envia_mensagem)
botao_enviar = tk.Button(janela, text="Enviar", command=envia_mensagem)
botao_enviar.pack(side=tk.LEFT)

nome = simpledialog.askstring("Nome", "Digite seu nome:", parent=janela)
socket_cliente = sock.socket(sock.AF_INET, sock.SOCK_STREAM)
try:
    socket_cliente.connect((HOST, PORTA))
except OSError:
    messagebox.showerror("Erro", "Não foi possível conectar ao servidor.")
    raise SystemExit(1)
socket_cliente.sendall(nome.encode())

thread_recebe = threading.Thread(target=recebe_mensagens, daemon=True)
thread_recebe.start()
janela.mainloop()

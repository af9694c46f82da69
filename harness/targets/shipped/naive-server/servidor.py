"""A chat server as a first attempt writes it: one recv is one message, one lock for all.

It looks right and works on its author's machine. What the harness finds in it is in the README;
nothing here is to be mended.
"""

import socket as sock
import sys
import threading

HOST = "127.0.0.1"
PORTA = int(sys.argv[1]) if len(sys.argv) > 1 else 8080

clientes = {}
trava = threading.Lock()


def remove_cliente(nome):
    with trava:
        cliente = clientes.pop(nome, None)
    if cliente:
        cliente.close()


def broadcast(mensagem):
    with trava:
        for nome, cliente in list(clientes.items()):
            try:
                cliente.sendall(mensagem.encode())
            except OSError:
                remove_cliente(nome)


def envia_privado(remetente, mensagem):
    destino, _, texto = mensagem[1:].partition(" ")
    if destino in clientes:
        clientes[destino].sendall(f"{remetente} (privado): {texto}".encode())
    else:
        clientes[remetente].sendall("Usuário não encontrado.".encode())


def recebe_dados(cliente_socket, endereco):
    nome = cliente_socket.recv(1024).decode().strip()
    with trava:
        em_uso = nome in clientes
        if not em_uso:
            clientes[nome] = cliente_socket
    if em_uso:
        cliente_socket.sendall("Nome já em uso.".encode())
        cliente_socket.close()
        return
    print(f"{nome} entrou no chat.")
    broadcast(f"{nome} entrou no chat.")
    while True:
        mensagem = cliente_socket.recv(1024).decode()
        if not mensagem or mensagem == "/sair":
            break
        if mensagem.startswith("@"):
            envia_privado(nome, mensagem)
        else:
            print(f"{nome}: {mensagem}")
            broadcast(f"{nome}: {mensagem}")
    remove_cliente(nome)
    print(f"{nome} saiu do chat.")
    broadcast(f"{nome} saiu do chat.")


sock_server = sock.socket(sock.AF_INET, sock.SOCK_STREAM)
sock_server.bind((HOST, PORTA))
sock_server.listen()
print(f"Servidor em {HOST}:{PORTA}")
while True:
    cliente_socket, endereco = sock_server.accept()
    thread_cliente = threading.Thread(target=recebe_dados, args=(cliente_socket, endereco))
    thread_cliente.start()

# Trabalho de Redes - servidor de chat
# uso: python3 servidor.py [porta]
import re
import socket
import sys
import threading

HOST = '127.0.0.1'
PORT = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
TAM = 1024

conexoes = []   # lista de (socket, nome)


def nome_valido(nome):
    return re.match('^[A-Za-z_]+$', nome)


def enviar(conn, texto):
    try:
        conn.sendall(texto.encode('utf-8'))
    except Exception as e:
        print('erro ao enviar:', e)


def enviar_todos(texto):
    for conn, nome in conexoes:
        enviar(conn, texto)


def enviar_privado(conn, remetente, msg):
    # formato: @fulano texto da mensagem
    partes = msg.split(' ', 1)
    destino = partes[0][1:]
    if len(partes) < 2:
        enviar(conn, 'Use: @nome mensagem')
        return
    for c, nome in conexoes:
        if nome == destino:
            enviar(c, f'{remetente} (privado): {partes[1]}')
            return
    enviar(conn, 'Usuário não encontrado.')


def remover(conn):
    for par in conexoes:
        if par[0] == conn:
            conexoes.remove(par)


def atender(conn, addr):
    # primeira mensagem do cliente e o nome
    nome = conn.recv(TAM).decode('utf-8')
    while not nome_valido(nome):
        conn.sendall('Nome inválido, use letras e _'.encode('utf-8'))
        nome = conn.recv(TAM).decode('utf-8')

    conexoes.append((conn, nome))
    print(f'[+] {nome} conectado de {addr}')
    enviar_todos(f'{nome} entrou no chat.')

    while True:
        try:
            msg = conn.recv(TAM).decode('utf-8')
        except ConnectionResetError:
            break
        if msg == '/sair':
            break
        if msg.startswith('@'):
            enviar_privado(conn, nome, msg)
        else:
            print(f'{nome}: {msg}')
            enviar_todos(f'{nome}: {msg}')

    remover(conn)
    conn.close()
    print(f'[-] {nome} desconectado')
    enviar_todos(f'{nome} saiu do chat.')


servidor = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
servidor.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
servidor.bind((HOST, PORT))
servidor.listen(5)
print(f'Servidor ouvindo em {HOST}:{PORT}')
while True:
    conn, addr = servidor.accept()
    t = threading.Thread(target=atender, args=(conn, addr))
    t.daemon = True
    t.start()

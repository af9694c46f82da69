"""
Servidor de chat com protocolo proprio (linhas de texto)

Cliente -> servidor
    NICK <nome>
    MSG <texto>
    MSG @<nome> <texto>
    QUIT
Servidor -> cliente
    OK | ERR <codigo>
    JOIN <nome>
    PART <nome>
    MSG <nome> <texto>
    PRIVMSG <nome> <texto>
"""
import socket
import sys
import threading

usuarios = {}
lock = threading.Lock()


class Usuario:
    def __init__(self, sock):
        self.sock = sock
        self.arquivo = sock.makefile('r', encoding='utf-8', newline='\n')
        self.nick = None

    def envia(self, linha):
        try:
            self.sock.sendall((linha + '\n').encode('utf-8'))
        except OSError:
            pass

    def le(self):
        return self.arquivo.readline()


def envia_todos(linha, menos=None):
    with lock:
        destinos = list(usuarios.values())
    for u in destinos:
        if u is not menos:
            u.envia(linha)


def registra(u):
    """Espera o NICK do cliente. Devolve False se ele desistiu."""
    while True:
        linha = u.le()
        if linha == '':
            return False
        comando, _, nick = linha.strip().partition(' ')
        if comando != 'NICK' or not nick.isalnum() or len(nick) > 12:
            u.envia('ERR bad_nick')
            continue
        with lock:
            if nick in usuarios:
                u.envia('ERR nick_in_use')
                continue
            u.nick = nick
            usuarios[nick] = u
        u.envia('OK welcome ' + nick)
        return True


def privado(u, resto):
    destino, _, texto = resto[1:].partition(' ')
    if destino == '' or texto == '':
        u.envia('ERR usage')
        return
    with lock:
        alvo = usuarios.get(destino)
    if alvo is None:
        u.envia('ERR no_such_user ' + destino)
    else:
        alvo.envia(f'FROM {u.nick} [private]: {texto}')
        u.envia('OK sent')


def atende(u):
    try:
        while True:
            linha = u.le()
            if linha == '':
                break
            comando, _, resto = linha.rstrip('\n').partition(' ')
            if comando == 'QUIT':
                u.envia('OK bye')
                break
            elif comando == 'MSG' and resto.startswith('@'):
                privado(u, resto)
            elif comando == 'MSG':
                envia_todos(f'FROM {u.nick} [all]: {resto}', menos=u)
                u.envia('OK sent')
            else:
                u.envia('ERR unknown_command')
    except OSError:
        pass
    with lock:
        del usuarios[u.nick]
    u.sock.shutdown(socket.SHUT_RDWR)
    print(u.nick, 'left', flush=True)
    envia_todos(f'User {u.nick} left')


def main():
    servidor = socket.create_server(('0.0.0.0', int(sys.argv[1])))
    print('ouvindo na porta', sys.argv[1], flush=True)
    while True:
        sock, endereco = servidor.accept()
        u = Usuario(sock)
        if registra(u):
            print(u.nick, 'joined', endereco, flush=True)
            envia_todos(f'User {u.nick} joined')
            threading.Thread(target=atende, args=(u,)).start()


main()

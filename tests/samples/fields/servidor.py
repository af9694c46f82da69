#!/usr/bin/env python3
"""Chat com mensagens em JSON, uma por linha. Cada usuário tem um id."""
import itertools
import json
import socketserver
import sys
import threading
from datetime import datetime

clientes = {}           # id -> Atendimento
trava = threading.RLock()
proximo = itertools.count(1)


class Atendimento(socketserver.StreamRequestHandler):
    nome = None
    id = None

    def manda(self, **campos):
        self.wfile.write(pacote(campos))

    def handle(self):
        for linha in self.rfile:
            msg = json.loads(linha)
            acao = getattr(self, 'faz_' + msg['tipo'], None)
            if acao is None:
                self.manda(tipo='erro', codigo='tipo_desconhecido')
            elif acao(msg) == 'fim':
                break

    def finish(self):
        if self.id in clientes:
            with trava:
                del clientes[self.id]
            print(f'{self.nome} saiu', flush=True)
            todos(tipo='saiu', usuario={'id': self.id, 'nome': self.nome})
        super().finish()

    def faz_entrar(self, msg):
        nome = msg['nome'].strip()
        if not nome or len(nome) > 20:
            self.manda(tipo='erro', codigo='nome_invalido')
            return
        with trava:
            if any(c.nome.lower() == nome.lower() for c in clientes.values()):
                self.manda(tipo='erro', codigo='nome_em_uso')
                return
            self.nome = nome
            self.id = next(proximo)
            clientes[self.id] = self
        self.manda(tipo='bem_vindo', id=self.id)
        print(f'{nome} entrou', flush=True)
        todos(tipo='entrou', usuario={'id': self.id, 'nome': nome})

    def faz_mensagem(self, msg):
        todos(tipo='mensagem', de=self.nome, texto=msg['texto'])

    def faz_privado(self, msg):
        destino = clientes.get(int(msg['para']))
        if destino is None:
            self.manda(tipo='erro', codigo='usuario_inexistente')
        elif not msg['texto']:
            self.manda(tipo='erro', codigo='texto_vazio')
        else:
            destino.manda(tipo='privado', de=self.nome, texto=msg['texto'])

    def faz_lista(self, msg):
        self.manda(tipo='lista', usuarios=[c.nome for c in clientes.values()])

    def faz_sair(self, msg):
        return 'fim'


def pacote(campos):
    campos['hora'] = datetime.now().strftime('%H:%M')
    return (json.dumps(campos) + '\n').encode()


def todos(**campos):
    dados = pacote(campos)
    with trava:
        for cliente in list(clientes.values()):
            try:
                cliente.wfile.write(dados)
            except OSError:
                pass


class Servidor(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


if __name__ == '__main__':
    with Servidor(('127.0.0.1', int(sys.argv[1])), Atendimento) as servidor:
        servidor.serve_forever()

import socket
import threading

# IP do Radmin VPN do grupo
HOST = '26.1.2.3'
PORT = 9999

clientes = {}  # nome -> socket
trava = threading.Lock()


def broadcast(mensagem):
    with trava:
        for nome, cliente in clientes.items():
            try:
                cliente.send(mensagem.encode())
            except:
                del clientes[nome]
                cliente.close()


def privado(remetente, cliente, mensagem):
    partes = mensagem.split(' ', 1)
    destino = partes[0][1:]
    texto = partes[1]
    if destino in clientes:
        clientes[destino].send(f'Mensagem de {remetente}: {texto}'.encode())
    else:
        cliente.send('Destinatário não encontrado.'.encode())


def handle(cliente, endereco):
    nome = cliente.recv(1024).decode()
    with trava:
        clientes[nome] = cliente
    print(f'{nome} conectado ({endereco[0]})')
    broadcast(f' >> {nome} entrou no servidor')

    while True:
        try:
            mensagem = cliente.recv(1024).decode()
        except ConnectionError:
            # quem caiu e removido no proximo broadcast
            print(f'{nome} caiu')
            return
        if not mensagem or mensagem == '/sair':
            break
        elif mensagem.startswith('/'):
            privado(nome, cliente, mensagem)
        else:
            broadcast(f'{nome} >> {mensagem}')

    with trava:
        del clientes[nome]
    cliente.close()
    print(f'{nome} desconectado')
    broadcast(f' >> {nome} saiu do chat.')


def main():
    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    server.bind((HOST, PORT))
    server.listen()
    print(f'Servidor iniciado em {HOST}:{PORT}')
    while True:
        cliente, endereco = server.accept()
        threading.Thread(target=handle, args=(cliente, endereco)).start()


main()

// Chat TCP em Node: uma linha por mensagem
const net = require('net');
const readline = require('readline');

const porta = process.argv[2] || 3000;
let contador = 0;
const clientes = [];

function paraTodos(linha) {
  clientes.forEach((c) => c.socket.write(linha + '\n'));
}

function procura(nome) {
  return clientes.find((c) => c.nome === nome);
}

function trocaNome(cliente, novo) {
  if (!/^\w{1,16}$/.test(novo)) {
    cliente.socket.write('Invalid nick.\n');
  } else if (procura(novo)) {
    cliente.socket.write('Nick already in use.\n');
  } else {
    const antigo = cliente.nome;
    cliente.nome = novo;
    console.log(`${antigo} -> ${novo}`);
    paraTodos(`* ${antigo} is now known as ${novo}`);
  }
}

function comando(cliente, linha) {
  const [nome, ...resto] = linha.split(' ');
  if (nome === '/nick') {
    trocaNome(cliente, resto[0] || '');
  } else if (nome === '/msg') {
    const alvo = procura(resto[0]);
    const texto = resto.slice(1).join(' ');
    if (!alvo) {
      cliente.socket.write(`No such user: ${resto[0]}\n`);
    } else {
      alvo.socket.write(`${cliente.nome} whispers: ${texto}\n`);
    }
  } else if (nome === '/who') {
    cliente.socket.write('Online: ' + clientes.map((c) => c.nome).join(', ') + '\n');
  } else if (nome === '/quit') {
    cliente.socket.end('Bye!\n');
  } else {
    cliente.socket.write('Unknown command.\n');
  }
}

const servidor = net.createServer((socket) => {
  contador += 1;
  const cliente = { socket, nome: 'guest' + contador };
  clientes.push(cliente);
  socket.write(`Welcome! You are ${cliente.nome}. Use /nick to choose a name.\n`);
  paraTodos(`* ${cliente.nome} connected`);

  readline.createInterface({ input: socket }).on('line', (linha) => {
    if (linha.startsWith('/')) {
      comando(cliente, linha);
    } else if (linha) {
      paraTodos(`<${cliente.nome}> ${linha}`);
    }
  });

  socket.on('close', () => {
    clientes.splice(clientes.indexOf(cliente), 1);
    console.log(`${cliente.nome} disconnected`);
    paraTodos(`* ${cliente.nome} disconnected`);
  });
});

servidor.listen(porta, '127.0.0.1', () => console.log('listening on ' + porta));

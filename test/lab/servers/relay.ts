// A way into a network namespace: what connects to a Unix socket, which every namespace sees, is led to an address inside. And the API
// server's stand-in: something that accepts connections.
// relay.ts SOCKET ADDRESS PORT LISTEN-ADDRESS LISTEN-PORT
import { connect, createServer } from 'node:net'

const [socket = '', address = '', port = '', listenAddress = '', listenPort = ''] = process.argv.slice(2)

createServer((client) => {
  const server = connect(Number(port), address)
  client.pipe(server).pipe(client)
  client.on('error', () => server.destroy())
  server.on('error', () => client.destroy())
}).listen(socket)

createServer((client) => client.on('error', () => {}).end()).listen(Number(listenPort), listenAddress)

// The health page of a node's DNS cache. health.ts ADDRESS PORT
import { createServer } from 'node:http'

const [address = '', port = ''] = process.argv.slice(2)
createServer((_, reply) => reply.end('OK')).listen(Number(port), address)

import t from 'tap'
import { Agent, createServer, request } from '../src/http.ts'
import { loadedModules } from './loaded-modules.ts'

t.test('is node:http', async (t) => {
  const http = await import('node:http')
  t.ok(Agent === http.Agent && createServer === http.createServer && request === http.request)
})

t.test('brings neither undici nor tls: memory that an agent never uses', async (t) => {
  const loaded = loadedModules(new URL('../src/http.ts', import.meta.url))
  t.ok(loaded.includes('_http_client'))
  t.notOk(loaded.includes('internal/deps/undici/undici'))
  t.notOk(loaded.includes('tls'))
})

import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { KubernetesObject } from '../../src/kubernetes/objects.ts'

/** A list as the API answers it. */
export type List = {
  kind?: string
  apiVersion?: string
  metadata?: { resourceVersion?: string }
  items: KubernetesObject[]
}

/** An answer of a real API server (Kubernetes 1.34), without managed fields. */
export const recorded = (name: string): List =>
  JSON.parse(readFileSync(join(import.meta.dirname, 'recorded', `${name}.json`), 'utf8')) as List

export type Answer = { status: number; body?: unknown; headers?: Record<string, string> }
export type Asked = {
  method: string
  path: string
  query: URLSearchParams
  authorization: string | undefined
  body: unknown
}

/** A server that speaks the API's list and watch. */
export type ApiServer = {
  address: string
  /** Every request so far. */
  asked: Asked[]
  /** Lists by path, or by path, `?` and selector. */
  lists: Map<string, List>
  /** What else it answers, before any list; null: not this one. */
  answer: (asked: Asked) => Answer | null
  /** Changes a list, and tells those who watch it. */
  change: (key: string, type: 'ADDED' | 'MODIFIED' | 'DELETED', object: KubernetesObject) => void
  /** Sends a line to those who watch a list. */
  send: (key: string, line: unknown) => void
  /** Ends all watches in good order. */
  endWatches: () => void
  /** Cuts all connections. */
  cut: () => void
  /** Stops listening, and listens again at the same address. */
  goAway: () => Promise<void>
  comeBack: () => Promise<void>
  watchers: (key: string) => number
  /** Objects of one page, whatever is asked for. */
  page: number
}

type Test = { teardown: (act: () => unknown) => void }

export async function startApiServer(t: Test, tls?: { key: string; cert: string }): Promise<ApiServer> {
  const watches = new Map<string, Set<ServerResponse>>()
  let version = 100_000
  let port = 0
  let server: Server

  async function listen(): Promise<void> {
    const handle = (request: IncomingMessage, response: ServerResponse) => void serve(request, response)
    server = tls ? createTlsServer(tls, handle) : createServer(handle)
    await new Promise<void>((done) => server.listen(port, '127.0.0.1', done))
    port = (server.address() as AddressInfo).port
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', 'http://api')
    const body = await text(request)
    const asked: Asked = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      authorization: request.headers.authorization,
      body: body === '' ? undefined : JSON.parse(body),
    }
    api.asked.push(asked)
    const special = api.answer(asked)
    if (special) return reply(response, special)
    const key = keyOf(asked)
    const list = api.lists.get(key)
    if (!list) return reply(response, { status: 404, body: { kind: 'Status', message: `no ${key}` } })
    if (asked.query.has('watch')) return watch(key, response)
    reply(response, { status: 200, body: pageOf(list, asked.query) })
  }

  function keyOf({ path, query }: Asked): string {
    const selector = query.get('labelSelector') ?? query.get('fieldSelector')
    const selected = `${path}?${selector}`
    return selector !== null && api.lists.has(selected) ? selected : path
  }

  function pageOf({ items, ...list }: List, query: URLSearchParams): List & { metadata: { continue?: string } } {
    const from = Number(query.get('continue') ?? 0)
    const more = from + api.page < items.length ? { continue: String(from + api.page) } : {}
    return {
      ...list,
      metadata: { resourceVersion: String(version), ...more },
      items: items.slice(from, from + api.page),
    }
  }

  function watch(key: string, response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders()
    const watchers = watches.get(key) ?? new Set()
    watches.set(key, watchers.add(response))
    response.on('close', () => watchers.delete(response))
  }

  const api: ApiServer = {
    address: '',
    asked: [],
    lists: new Map(),
    answer: () => null,
    page: 2,
    change: (key, type, object) => {
      const list = api.lists.get(key) ?? { items: [] }
      const others = list.items.filter(({ metadata }) => metadata?.name !== object.metadata?.name)
      api.lists.set(key, { ...list, items: type === 'DELETED' ? others : [...others, object] })
      version++
      api.send(key, { type, object: { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } } })
    },
    send: (key, line) => {
      for (const response of watches.get(key) ?? []) response.write(`${JSON.stringify(line)}\n`)
    },
    endWatches: () => {
      for (const watchers of watches.values()) for (const response of watchers) response.end()
    },
    cut: () => server.closeAllConnections(),
    goAway: async () => {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
    comeBack: listen,
    watchers: (key) => watches.get(key)?.size ?? 0,
  }
  await listen()
  api.address = `${tls ? 'https' : 'http'}://127.0.0.1:${port}`
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return api
}

function reply(response: ServerResponse, { status, body, headers = {} }: Answer): void {
  response
    .writeHead(status, { 'content-type': 'application/json', ...headers })
    .end(typeof body === 'string' ? body : JSON.stringify(body ?? {}))
}

/** @throws after 10 s */
export async function until(what: string, condition: () => boolean): Promise<void> {
  for (const from = performance.now(); !condition(); await new Promise((done) => setTimeout(done, 5))) {
    if (performance.now() - from > 10_000) throw new Error(`not within 10 s: ${what}`)
  }
}

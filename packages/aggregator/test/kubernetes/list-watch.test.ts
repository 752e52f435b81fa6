import t from 'tap'
import { type ListWatchOptions, listWatch } from '../../src/kubernetes/list-watch.ts'
import type { KubernetesNode, KubernetesObject } from '../../src/kubernetes/objects.ts'
import { type ApiServer, recorded, startApiServer, until } from './api-server.ts'
import { connect } from './connect.ts'

const path = '/api/v1/nodes'

type Test = Parameters<typeof connect>[0]
type Kept = { name: string; unschedulable: boolean }

async function watched(t: Test, prepare: (server: ApiServer) => void = () => undefined) {
  const server = await startApiServer(t)
  server.lists.set(path, recorded('nodes'))
  prepare(server)
  const api = connect(t, server.address)
  let changes = 0
  const options: ListWatchOptions<KubernetesNode, Kept> = {
    api,
    path,
    keep: ({ metadata, spec }) =>
      metadata?.name === undefined ? null : { name: metadata.name, unschedulable: spec?.unschedulable ?? false },
    onChange: () => changes++,
  }
  const watch = listWatch(options)
  t.teardown(() => watch.close())
  return {
    server,
    watch,
    changes: () => changes,
    names: () => [...watch.items.values()].map(({ name }) => name).sort(),
  }
}

const watchesAsked = ({ asked }: ApiServer) => asked.filter(({ query }) => query.has('watch')).length

const node = (name: string, unschedulable = false): KubernetesObject & { spec: unknown } => ({
  metadata: { name },
  spec: { unschedulable },
})

t.test('lists page by page, then watches from there', async (t) => {
  const { server, watch, names, changes } = await watched(t)
  t.equal(watch.isListed(), false)
  await until('the watch runs', () => server.watchers(path) === 1)
  t.strictSame(names(), ['node-1', 'node-2', 'node-3'])
  t.equal(watch.isListed(), true)
  t.equal(watch.trouble(), null)
  const [first, second, follow] = server.asked
  t.equal(first?.query.get('limit'), '250')
  t.equal(second?.query.get('continue'), '2', 'three nodes are two pages of two')
  t.equal(follow?.query.get('resourceVersion'), '100000')
  t.equal(follow?.query.get('allowWatchBookmarks'), 'true')

  const before = changes()
  server.change(path, 'ADDED', node('node-4'))
  server.change(path, 'MODIFIED', node('node-1', true))
  server.change(path, 'DELETED', node('node-2'))
  await until('the changes came', () => changes() === before + 3)
  t.strictSame(names(), ['node-1', 'node-3', 'node-4'])
  t.match(watch.items.get('/node-1'), { unschedulable: true })
})

t.test('what is not kept is no change', async (t) => {
  const { server, changes } = await watched(t)
  await until('the watch runs', () => server.watchers(path) === 1)
  const before = changes()
  server.change(path, 'MODIFIED', { ...node('node-1'), metadata: { name: 'node-1', labels: { heart: 'beat' } } })
  server.send(path, { type: 'BOOKMARK', object: { metadata: { resourceVersion: '100777' } } })
  server.endWatches()
  await until('it watches again', () => server.asked.at(-1)?.query.get('resourceVersion') === '100777')
  t.equal(changes(), before, 'and goes on from the bookmark')
})

t.test('a connection that breaks is no trouble, and nothing is missed', async (t) => {
  const { server, watch, names } = await watched(t)
  await until('the watch runs', () => server.watchers(path) === 1)
  server.cut()
  await until('it watches again', () => watchesAsked(server) === 2 && server.watchers(path) === 1)
  t.equal(watch.trouble(), null)
  server.change(path, 'ADDED', node('node-9'))
  await until('the change came', () => names().includes('node-9'))
})

t.test('too far behind: it lists again, and notices what went meanwhile', async (t) => {
  const { server, names } = await watched(t)
  await until('the watch runs', () => server.watchers(path) === 1)
  server.lists.set(path, { items: [node('node-3'), node('node-7')] })
  server.send(path, { type: 'ERROR', object: { kind: 'Status', code: 410, message: 'too old resource version' } })
  await until('it listed again', () => names().includes('node-7'))
  t.strictSame(names(), ['node-3', 'node-7'])
})

t.test('an API that is away: what was known stays, and the trouble is told', async (t) => {
  const { server, watch, names } = await watched(t)
  await until('the watch runs', () => server.watchers(path) === 1)
  await server.goAway()
  await until('it is told', () => watch.trouble() !== null)
  t.match(watch.trouble(), /no answer from 127\.0\.0\.1/)
  t.equal(watch.isDenied(), false)
  t.strictSame(names(), ['node-1', 'node-2', 'node-3'])
  await server.comeBack()
  await until('it watches again', () => server.watchers(path) === 1 && watch.trouble() === null)
})

t.test('what is denied is told at once', async (t) => {
  const { watch } = await watched(t, (server) => {
    server.answer = () => ({ status: 403, body: { kind: 'Status', message: 'nodes is forbidden' } })
  })
  await until('it is told', () => watch.trouble() !== null)
  t.equal(watch.trouble(), '403 nodes is forbidden')
  t.equal(watch.isListed(), false)
  t.equal(watch.isDenied(), true)
})

t.test('an object that is not worth keeping any more is gone', async (t) => {
  const server = await startApiServer(t)
  server.lists.set(path, { items: [node('node-1')] })
  const watch = listWatch<KubernetesNode, string>({
    api: connect(t, server.address),
    path,
    labelSelector: 'a=b',
    fieldSelector: 'c=d',
    keep: ({ spec, metadata }) => (spec?.unschedulable ? null : (metadata?.name ?? null)),
    onChange: () => undefined,
  })
  t.teardown(() => watch.close())
  await until('the watch runs', () => server.watchers(path) === 1)
  t.equal(server.asked[0]?.query.get('labelSelector'), 'a=b')
  t.equal(server.asked[0]?.query.get('fieldSelector'), 'c=d')
  server.change(path, 'MODIFIED', node('node-1', true))
  await until('it is gone', () => watch.items.size === 0)
  watch.close()
  await until('the connection is closed', () => server.watchers(path) === 0)
})

import { NodeDiff, NodeReport } from '@oddnode/protocol/schema'
import t from 'tap'
import { Value } from 'typebox/value'
import { live, noNodeLocal } from '../lived.ts'
import { clusterPlan, healthy, roundOf, samplesOf } from '../pushing.ts'
import { testApp } from '../test-app.ts'

async function lived(t: Parameters<typeof testApp>[0], flags: string[] = []) {
  const app = await testApp(t, flags)
  const see = (node: string) => (node === 'node-2' ? noNodeLocal : healthy)
  await live(app, { nodes: ['node-1', 'node-2', 'node-2.json'], see }, 5)
  return { app, get: (url: string, headers = {}) => app.server.inject({ url, headers }) }
}

t.test('a node in three forms, by suffix and by Accept', async (t) => {
  const { get } = await lived(t)
  const json = await get('/report/nodes/node-1.json')
  t.strictSame(Value.Errors(NodeReport, json.json()), [])
  t.match(json.json(), { node: { name: 'node-1' } })
  t.match((await get('/report/nodes/node-1.txt')).body, /^✓ OK {2}node-1\n/)
  t.match((await get('/report/nodes/node-1.html', { accept: 'text/plain' })).body, '<!doctype html>')
  t.match((await get('/report/nodes/node-1', { accept: 'text/plain' })).body, /node-1/)
  t.match((await get('/report/nodes/node-1')).headers['content-type'], 'text/html')
})

t.test('a name that ends like a suffix is a name first', async (t) => {
  const { get } = await lived(t)
  const accept = 'application/json'
  t.equal((await get('/report/nodes/node-2.json', { accept })).json().node.name, 'node-2.json')
  t.equal((await get('/report/nodes/node-2.json.json')).json().node.name, 'node-2.json')
  t.equal((await get('/report/nodes/node-2.txt')).statusCode, 200)
})

t.test('an unknown node is answered with the nearest', async (t) => {
  const { get } = await lived(t)
  const answer = await get('/report/nodes/node-3.json')
  t.equal(answer.statusCode, 404)
  t.match(answer.json().detail, /no node "node-3" .*Did you mean node-/)
  t.match((await get('/report/nodes/%E2%80%AE%3Cscript%3E')).statusCode, 404)
  t.notMatch((await get('/report/nodes/%E2%80%AE%3Cscript%3E')).body, /<script>(?!<\/)/)
})

t.test('names with every character, as long as the API allows', async (t) => {
  const { app, get } = await lived(t)
  const name = `${'n'.repeat(250)}.x-`.slice(0, 252)
  const odd = '../a b?c#d/é'
  for (const one of [name, odd])
    app.evaluation.fleet.nodes.set(one, {
      name: one,
      ready: null,
      cordoned: false,
      createdAt: null,
      attributes: {},
      group: '',
      expected: [],
    })
  app.tick()
  for (const one of [name, odd])
    t.equal((await get(`/report/nodes/${encodeURIComponent(one)}.json`)).json().node?.name, one)
})

t.test('two nodes side by side', async (t) => {
  const { get } = await lived(t)
  const json = await get('/report/diff.json?a=node-1&b=node-2')
  t.strictSame(Value.Errors(NodeDiff, json.json()), [])
  t.match(json.json(), { a: { name: 'node-1' }, b: { name: 'node-2', state: 'failing' } })
  t.match((await get('/report/diff.txt?a=node-1&b=node-2')).body, /^node-1 beside node-2\n/)
  t.match((await get('/report/diff.html?a=node-1&b=node-2')).body, '<!doctype html>')
  t.match((await get('/report/diff?a=node-1&b=node-2', { accept: 'text/plain' })).body, 'node-1 beside')
  t.equal((await get('/report/diff.json?a=node-1')).statusCode, 400)
  t.match((await get('/report/diff.json?a=node-1')).json().detail, /'b'/)
  t.equal((await get('/report/diff.json?a=node-1&b=nobody')).statusCode, 404)
  t.equal((await get('/report/diff.json?a=node-1&b=node-2&c=3')).statusCode, 400)
})

t.test('both as they were told at a moment', async (t) => {
  const { app, get } = await lived(t, [`--dataFile=${t.testdir()}/oddnode.db`])
  const { at } = await app.report()
  app.clock.advance(1)
  for (let counter = 5; counter < 12; counter++) {
    const plan = clusterPlan('pod')
    await app.push('node-2', 'pod', counter, roundOf(plan, samplesOf(plan)))
    app.clock.advance(15)
  }
  const accept = 'application/json'
  const now = (await get('/report/nodes/node-2', { accept })).json()
  const then = (await get(`/report/nodes/node-2?at=${at}`, { accept })).json()
  t.equal(then.at, at)
  t.equal(then.node.agents[1].state, 'failing')
  t.not(now.node.agents[1].state, 'failing')
  t.equal((await get(`/report/diff.json?a=node-1&b=node-2&at=${at}`)).json().at, at)
  t.equal((await get('/report/nodes/node-2?at=then')).statusCode, 400)
})

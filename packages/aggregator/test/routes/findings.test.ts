import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { Incident } from '@oddnode/protocol/schema'
import t from 'tap'
import { Value } from 'typebox/value'
import { live, noNodeLocal } from '../lived.ts'
import { healthy } from '../pushing.ts'
import { handClock, testApp } from '../test-app.ts'

const nodes = ['node-1', 'node-2', 'node-3']
const oddUntil = (last: number) => ({
  nodes,
  see: (node: string, _vantage: string, round: number) => (node === 'node-2' && round < last ? noNodeLocal : healthy),
})

async function openFinding(t: Parameters<typeof testApp>[0], flags: readonly string[] = []) {
  const app = await testApp(t, flags)
  const told = await live(app, oddUntil(99), 8)
  const finding = told.at(-1)?.findings[0]
  if (finding === undefined) throw new Error('no finding')
  return { id: finding.id, get: (url: string, headers = {}) => app.server.inject({ url, headers }) }
}

t.test('an open finding in three forms', async (t) => {
  const { id, get } = await openFinding(t)
  const json = await get(`/report/findings/${id}.json`)
  t.strictSame(Value.Errors(Incident, json.json()), [])
  t.match(json.json(), { finding: { id, ended: null }, nodesUnknown: null })
  t.strictSame(
    json.json().nodes.map(({ name }: { name: string }) => name),
    ['node-2', 'node-1'],
  )
  t.match((await get(`/report/findings/${id}.txt`)).body, /WARNING {2}node-2/)
  t.match((await get(`/report/findings/${id}`)).body, '<!doctype html>')
  t.match((await get(`/report/findings/${id}`, { accept: 'text/plain' })).body, /open for/)
})

t.test('an incident to keep and to paste', async (t) => {
  const { id, get } = await openFinding(t)
  const file = (suffix: string) => get(`/report/findings/${id}/incident.${suffix}`)
  const html = await file('html')
  t.equal(html.headers['content-disposition'], `attachment; filename="oddnode-unexplained-difference-${id}.html"`)
  const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(html.body) ?? []
  const hash = createHash('sha256').update(style).digest('base64')
  t.match(html.headers['content-security-policy'], `default-src 'none'; style-src 'sha256-${hash}'`)
  t.notMatch(html.body, /<script|<link[^>]+stylesheet|<img|@import|url\(/i, 'it asks nobody for anything')
  const json = await file('json')
  t.match(json.headers['content-disposition'], `${id}.json`)
  t.match(json.json(), { schema: 'oddnode.incident/1' })
  const text = await file('txt')
  t.equal(text.headers['content-disposition'], undefined)
  t.match(text.body, 'WARNING')
  const markdown = await file('md')
  t.equal(markdown.headers['content-type'], 'text/markdown; charset=utf-8')
  t.match(markdown.body, /^\*\*WARNING/)
})

t.test('what is pasted leads back by the setting, whatever the asker calls the host', async (t) => {
  const hostile = { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'javascript' }
  const pasted = async (flags: readonly string[]) => {
    const { id, get } = await openFinding(t, flags)
    const files = ['md', 'txt', 'html', 'json'].map((suffix) =>
      get(`/report/findings/${id}/incident.${suffix}`, hostile),
    )
    const bodies = (await Promise.all(files)).map(({ body }) => body)
    for (const body of bodies) t.notMatch(body, /evil|javascript:/)
    return { path: `/report/findings/${id}`, bodies }
  }
  const unset = await pasted([])
  t.match(unset.bodies[0], `\`${unset.path}\` of oddnode`)
  const set = await pasted(['--externalUrl=https://oddnode.example.com/'])
  for (const body of set.bodies) t.match(body, `https://oddnode.example.com${set.path}`)
})

t.test('a permalink works after the end and after a restart, with the nodes as they stood then', async (t) => {
  const flags = [`--dataFile=${join(t.testdir(), 'oddnode.db')}`]
  const clock = handClock()
  const first = await testApp(t, flags, { clock })
  const told = await live(first, oddUntil(8), 20)
  const id = told[9]?.findings[0]?.id
  t.ok(id)
  t.ok(told.at(-1)?.findings[0]?.ended)
  await first.server.close()
  clock.advance(3600)
  const second = await testApp(t, flags, { clock })
  second.tick()
  const incident = (await second.server.inject(`/report/findings/${id}.json`)).json()
  t.match(incident, { finding: { id, ended: String }, nodesUnknown: null })
  t.match(incident.nodes, [{ name: 'node-2', state: 'failing' }, { name: 'node-1' }])
})

t.test('an unknown one: what is open', async (t) => {
  const { id, get } = await openFinding(t)
  for (const url of ['ffffffffffffffff.json', 'x.json', 'ffffffffffffffff/incident.json']) {
    const answer = await get(`/report/findings/${url}`)
    t.equal(answer.statusCode, 404, url)
    t.match(answer.json().detail, id)
  }
  t.equal((await get(`/report/findings/${'f'.repeat(65)}`)).statusCode, 400)
  t.equal((await get(`/report/findings/${id}?at=2026-11-21T09:00:00Z`)).statusCode, 400)
})

import type { Finding } from '@oddnode/protocol'
import t from 'tap'
import type { NodeEvent } from '../../src/kubernetes/node-event.ts'
import { tellFindings } from '../../src/kubernetes/tell-findings.ts'
import { type ApiServer, startApiServer, until } from './api-server.ts'
import { connect } from './connect.ts'
import { findingOf } from './finding-of.ts'

type Test = Parameters<typeof connect>[0]

const written = ({ asked }: ApiServer) =>
  asked.map(({ body }) => body as NodeEvent).map(({ reason, message }) => `${reason} ${message}`)

async function telling(t: Test) {
  const server = await startApiServer(t)
  server.answer = () => ({ status: 201 })
  const troubles: string[] = []
  let now = 1_795_273_428
  const tell = tellFindings({ api: connect(t, server.address), now: () => now, onTrouble: (one) => troubles.push(one) })
  const look = (visible: Finding[], others: Finding[] = []) =>
    tell(visible, new Map([...visible, ...others].map((finding) => [finding.id, finding])))
  return {
    server,
    troubles,
    look,
    advance: (seconds: number) => {
      now += seconds
    },
  }
}

t.test('what opens and what ends, once each', async (t) => {
  const { server, look } = await telling(t)
  const old = findingOf('old', { story: 'Old.' })
  const fresh = findingOf('fresh', { story: 'Fresh.', title: 'Freshness' })
  look([old])
  look([old, fresh])
  look([old, { ...fresh, lastSeen: '2026-11-21T15:09:00.000Z' }])
  await until('the first is written', () => server.asked.length === 1)
  look([old], [{ ...fresh, ended: '2026-11-21T15:10:00.000Z' }])
  await until('the second is written', () => server.asked.length === 2)
  look([])
  await until('the third is written', () => server.asked.length === 3)
  t.match(written(server), [
    /^OddnodeFindingOpened Fresh/,
    /^OddnodeFindingEnded Ended: Freshness/,
    /^OddnodeFindingEnded/,
  ])
  t.equal(server.asked[0]?.path, '/api/v1/namespaces/default/events')
})

const scopeOf = (nodes: string[]): Finding['scope'] => ({ kind: 'group', nodes, shared: {}, subject: null })

t.test('a node that a finding comes to name is told, and one that it names no more', async (t) => {
  const { server, look } = await telling(t)
  const on = (...nodes: string[]) => findingOf('one', { story: 'Story.', title: 'Title', scope: scopeOf(nodes) })
  const told = () => server.asked.map(({ body }) => body as NodeEvent)
  const wait = (count: number) => until(`${count} are written`, () => server.asked.length === count)
  look([])
  look([on('a')])
  await wait(1)
  look([on('a', 'b')])
  await wait(2)
  look([on('b')])
  await wait(3)
  look([on(...Array.from({ length: 11 }, (_, i) => `node-${i}`))])
  look([])
  await wait(4)
  t.same(
    told().map(({ reason, involvedObject }) => `${reason.replace('OddnodeFinding', '')} ${involvedObject.name}`),
    ['Opened a', 'Opened b', 'Ended a', 'Ended b'],
  )
})

t.test('one that another one explains now has not ended', async (t) => {
  const { server, look } = await telling(t)
  const symptom = findingOf('symptom', { story: 'Symptom.' })
  look([])
  look([symptom])
  look([findingOf('cause', { story: 'Cause.' })], [symptom])
  await until('both are written', () => server.asked.length === 2)
  t.match(written(server).sort(), [/Cause/, /Symptom/], 'in whatever order they arrive')
})

t.test('never many at once', async (t) => {
  const { server, look, troubles, advance } = await telling(t)
  look([])
  look(Array.from({ length: 30 }, (_, i) => findingOf(`f${i}`)))
  await until('the first are written', () => server.asked.length === 20)
  t.equal(troubles.length, 10)
  t.match(troubles[0], /^left out, too many at once/)
  advance(10)
  look([])
  await until('one more', () => server.asked.length === 21)
})

t.test('an API that refuses is told of', async (t) => {
  const { server, look, troubles } = await telling(t)
  server.answer = () => ({ status: 403, body: { message: 'events is forbidden' } })
  look([])
  look([findingOf('one')])
  await until('it is told', () => troubles.length === 1)
  t.strictSame(troubles, ['403 events is forbidden'])
})

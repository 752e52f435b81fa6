import { defaultThresholds } from '@oddnode/diagnosis'
import t from 'tap'
import { createPastReader } from '../../../src/report/model/past-reader.ts'
import type { NoPast, Past } from '../../../src/store/store.ts'

const NOW = 1_795_251_600
const nothing: NoPast = { why: 'nothing-kept', before: null, after: null }

/** A moment of a cluster without nodes. */
const emptyPast = (at: number): Past => ({
  at,
  listeningSince: NOW - 3600,
  picture: { checks: [], hidden: [] },
  findings: [],
  nodes: function* () {},
  node: () => null,
  agentsOf: () => ({ plans: new Map(), agents: [] }),
})

function rig(past: (at: number) => Past | NoPast = () => nothing) {
  const state = { trouble: null as string | null, asked: [] as number[] }
  const reader = createPastReader({
    recorder: {
      past: (at) => {
        state.asked.push(at)
        return past(at)
      },
      trouble: () => state.trouble,
    },
    thresholds: defaultThresholds,
    cluster: 'prod-eu',
    version: '0.1.0',
    discovers: true,
    retentionDays: 1,
    now: () => NOW,
  })
  return { state, reader }
}

t.test('moments that nobody can tell', async (t) => {
  const { state, reader } = rig()
  t.match(await reader.moment(NOW + 1), { why: 'future', before: NOW })
  t.match(await reader.moment(NOW - 86_401), { why: 'forgotten', after: NOW - 86_400 })
  t.match(reader.nodes(NOW + 1), { why: 'future' })
  state.trouble = 'The disk is full.'
  t.match(await reader.moment(NOW - 1), { why: 'nothing-kept', trouble: 'The disk is full.' })
})

t.test('a moment that several ask for is made once; one that may not change any more is kept', async (t) => {
  const { state, reader } = rig(emptyPast)
  t.equal(reader.moment(NOW - 600), reader.moment(NOW - 600))
  t.match(await reader.moment(NOW - 600), { past: true, head: { cluster: 'prod-eu' } })
  await reader.moment(NOW - 600)
  t.strictSame(state.asked, [NOW - 600])
  await reader.moment(NOW - 1)
  await reader.moment(NOW - 1)
  t.equal(state.asked.length, 3)
})

t.test('an error of one moment harms no other', async (t) => {
  const { reader } = rig((at) => {
    if (at === NOW - 2) throw new Error('a bug')
    return nothing
  })
  const broken = reader.moment(NOW - 2)
  const next = reader.moment(NOW - 3)
  await t.rejects(broken, { message: 'a bug' })
  t.match(await next, { why: 'nothing-kept' })
})

t.test('nodes one by one', async (t) => {
  const { reader } = rig(emptyPast)
  const nodes = reader.nodes(NOW - 1)
  t.notOk('why' in nodes)
  if (!('why' in nodes)) t.equal(nodes.node('node-1'), null)
})

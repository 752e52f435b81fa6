import { createNode } from '@oddnode/diagnosis'
import t from 'tap'
import {
  agentIn,
  factsIn,
  findingIn,
  nodeIn,
  pictureIn,
  planIn,
  presenceIn,
  readingIn,
  stateIn,
} from '../../src/store/row-shapes.ts'
import { DamagedRow } from '../../src/store/store-error.ts'
import { AT, agentRow, finding, plan, presenceRow, reading, stateRow } from './fixtures.ts'

const tries = [{ takenAt: AT, outcome: 'answered' }]

const rows = [
  ['a plan', planIn, plan],
  ['a finding', findingIn, finding('aaaaaaaaaaaaaaaa', '2026-11-21T09:10:00.000Z')],
  ['a state', stateIn, stateRow(0).state],
  ['facts', factsIn, { localAddresses: ['10.0.0.1'] }],
  ['a clock reading', readingIn, { ...reading(AT), tries }],
  ['how an agent was heard', presenceIn, presenceRow(AT).presence],
  ['a node', nodeIn, createNode('node-1', ['host'])],
  ["the cluster's picture", pictureIn, { checks: [], hidden: ['Services'] }],
] as const

t.test('a row is what it says, or it is damaged', async (t) => {
  for (const [what, read, value] of rows) {
    t.strictSame(read(JSON.stringify(value)), value, what)
    for (const wrong of ['null', '5', '[]', '"text"'])
      t.throws(() => read(wrong), new DamagedRow(what), `${what}: ${wrong}`)
    t.throws(() => read('{'), SyntaxError, what)
  }
})

t.test('the columns of an agent', async (t) => {
  t.strictSame(agentIn(agentRow()), agentRow())
  for (const wrong of [{ vantage: 'hose' }, { node: '' }, { firstSeen: null }, { applied: { a: 1 } }])
    t.throws(() => agentIn({ ...agentRow(), ...wrong }), new DamagedRow('an agent'))
})

t.test('what no schema says: a probe asks a target of its plan, and a finding has times', async (t) => {
  const [probe] = plan.probes
  t.throws(() => planIn(JSON.stringify({ ...plan, probes: [{ ...probe, target: 99 }] })), new DamagedRow('a plan'))
  for (const wrong of [{ since: 'soon' }, { lastSeen: '' }, { ended: 'never' }])
    t.throws(() => findingIn(JSON.stringify({ ...finding('aaaaaaaaaaaaaaaa'), ...wrong })), new DamagedRow('a finding'))
})

import type { Finding, Scope } from '@oddnode/protocol'
import t from 'tap'
import { cellOf } from '../src/cell.ts'
import { evidenceRows } from '../src/evidence.ts'
import type { Candidate } from '../src/fault.ts'
import { isSameMatter, matchFindings, rowKey, sharesRow } from '../src/match-findings.ts'
import { createWorld, good, present, rounds } from './world.ts'

const scopeOf = (nodes: string[], kind: Scope['kind'] = nodes.length > 1 ? 'group' : 'node'): Scope => ({
  kind,
  nodes,
  shared: {},
  subject: null,
})
const candidateOf = (nodes: string[], kind?: Scope['kind']): Candidate => ({
  scope: scopeOf(nodes, kind),
  severity: 'warning',
  confidence: 'certain',
  title: '',
  story: '',
  since: 0,
  evidence: [],
  confirm: [],
  cause: '',
  remedy: '',
})
const findingOf = (id: string, nodes: string[], changes: Partial<Finding> = {}): Finding => ({
  ...candidateOf(nodes),
  id,
  fault: 'x',
  since: '2027-01-15T08:00:00.000Z',
  lastSeen: '2027-01-15T08:00:00.000Z',
  ended: null,
  reopened: 0,
  evidence: [],
  confirm: [],
  references: [],
  covers: [],
  ...changes,
})
const ids = (known: Finding[], candidates: Candidate[]) => {
  const { matched, unmatched } = matchFindings(known, candidates)
  return [matched.map(({ finding }) => finding?.id ?? null), unmatched.map(({ id }) => id)]
}

t.test('the same scope before a common node, open before ended, older before younger', async (t) => {
  t.same(ids([findingOf('1', ['a', 'b']), findingOf('2', ['a'])], [candidateOf(['a'])]), [['2'], ['1']])
  t.same(
    ids(
      [findingOf('1', ['a'], { ended: '2027-01-15T08:01:00.000Z' }), findingOf('2', ['a', 'b'])],
      [candidateOf(['a', 'c'])],
    ),
    [['2'], ['1']],
  )
  t.same(ids([findingOf('2', ['a']), findingOf('1', ['b'])], [candidateOf(['a', 'b'])]), [['1'], ['2']])
  t.same(ids([findingOf('1', ['a', 'b'])], [candidateOf(['a']), candidateOf(['b'])]), [['1', null], []])
  t.same(ids([findingOf('1', ['a'])], [candidateOf(['b'])]), [[null], ['1']])
})

t.test('a scope of nodes may become the cluster’s', async (t) => {
  t.ok(isSameMatter(candidateOf([], 'cluster'), findingOf('1', ['a'])))
  const subject = { role: null, address: null, pod: 'agent-pod', node: null }
  t.notOk(isSameMatter({ ...candidateOf(['a']), scope: { ...scopeOf(['a']), subject } }, findingOf('1', ['a'])))
})

t.test('without rows, what is about another server is another matter', async (t) => {
  const about = (address: string): Scope => ({
    ...scopeOf([], 'cluster'),
    subject: { role: null, address, pod: null, node: null },
  })
  const candidate = { ...candidateOf([], 'cluster'), scope: about('192.0.2.1') }
  t.ok(isSameMatter(candidate, findingOf('1', [], { scope: about('192.0.2.1') })))
  t.notOk(isSameMatter(candidate, findingOf('1', [], { scope: about('192.0.2.2') })))
})

const world = createWorld(['a', 'b'])
rounds(world, 5, () => good())
const rows = (node: string, ...probes: number[]): Candidate['evidence'] =>
  probes.map((probe) => ({ cell: cellOf(present(world.fleet.agents.get(`pod/${node}`)), probe), healthy: null }))
const shown = (...evidence: Candidate['evidence'][]) => ({ evidence: evidenceRows(evidence.flat()) })

t.test('about the same matter: common nodes, and a common server from a vantage', async (t) => {
  const candidate = { ...candidateOf(['a']), evidence: rows('a', 0) }
  t.ok(isSameMatter(candidate, findingOf('1', ['a', 'b'], shown(rows('a', 0)))))
  t.ok(isSameMatter(candidate, findingOf('1', ['a', 'b'], shown(rows('b', 1)))), 'over another transport')
  t.notOk(isSameMatter(candidate, findingOf('1', ['a', 'b'], shown(rows('b', 2)))), 'another server')
  t.notOk(isSameMatter(candidate, findingOf('1', ['b'], shown(rows('b', 0)))), 'other nodes')
})

t.test('a row stands in both: the same probe of the same node', async (t) => {
  const candidate = { ...candidateOf(['a']), evidence: rows('a', 0, 2) }
  t.ok(sharesRow(candidate, findingOf('1', ['a'], shown(rows('a', 2, 4)))))
  t.notOk(sharesRow(candidate, findingOf('1', ['a'], shown(rows('a', 1)))), 'over TCP')
  t.notOk(sharesRow(candidate, findingOf('1', ['b'], shown(rows('b', 0)))))
  t.notOk(sharesRow(candidate, findingOf('1', ['a'])))
  const keys = evidenceRows([...rows('a', 0, 1, 2, 3, 4), ...rows('b', 0)]).map(rowKey)
  t.equal(new Set(keys).size, 6)
})

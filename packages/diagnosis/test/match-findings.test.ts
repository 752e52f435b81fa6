import type { Finding, Scope } from '@oddnode/protocol'
import t from 'tap'
import type { Candidate } from '../src/fault.ts'
import { isSameMatter, matchFindings } from '../src/match-findings.ts'

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

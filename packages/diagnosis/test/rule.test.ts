import type { Target } from '@oddnode/protocol'
import t from 'tap'
import { dead, failingSince } from '../src/cell-truth.ts'
import type { View } from '../src/fault.ts'
import { type Case, fleetRule, type Match, nodeRule, type Statement, type Taken, targetRule } from '../src/rule.ts'
import { nodesScope } from '../src/scope.ts'
import { cellsOf, type Sight, sightOf } from '../src/sight.ts'
import type { Truth } from '../src/truth.ts'
import { faultWorld, type Sees } from './faults/fault-world.ts'
import { present, start } from './world.ts'

const lost: Sees = (node, { role, vantage }) =>
  node !== 'node-1' && role === 'cluster-dns-upstream' && vantage === 'pod' ? 'timeout' : null
const { world, run } = faultWorld()
run(6, lost)
const view: View = { fleet: world.fleet, at: world.at }
const sightOn = (node: string) => sightOf(world.fleet, present(world.fleet.nodes.get(node)), world.at)

const cases = (sight: Sight): Case[] => {
  const evidence = cellsOf(sight, { vantage: 'pod', role: 'cluster-dns-upstream' })
  return [{ since: failingSince(evidence), evidence }]
}
const statement: Statement<Sight, Case> = {
  cases,
  signature: { 'it is dead': ({ evidence }) => dead(evidence) },
  severity: 'warning',
  title: '{nodes}',
  story: 'On {nodes} since {since} in {domain}.',
  confirm: ['on {node}: {what}'],
  values: ({ cases, nodes }) => ({ what: `${cases.length} of ${nodes.length}` }),
}
/** A fault that says neither why nor what to do. */
const silent = { cause: '', remedy: '' }
const ruleWith = (changes: Partial<Statement<Sight, Case>> = {}) => nodeRule({ ...statement, ...changes })
const holding = (...truths: readonly Truth[]) =>
  Object.fromEntries(truths.map((truth, i) => [`condition ${i}`, () => truth]))
const matchesOf = (changes: Partial<Statement<Sight, Case>>, taken?: Taken) =>
  ruleWith(changes).match(sightOn('node-2'), 'node-2', taken)

t.test('a place where the signature holds is a match', async (t) => {
  const rule = ruleWith()
  t.equal(rule.looksAt, 'node')
  t.match(rule.match(sightOn('node-2'), 'node-2'), [{ place: 'node-2', sameness: '', confidence: 'certain' }])
  t.same(rule.match(sightOn('node-1'), 'node-1'), [])
})

t.test('all of the signature must hold, surely', async (t) => {
  t.equal(matchesOf({ signature: holding('yes', 'yes') }).length, 1)
  for (const other of ['no', 'wait', 'no-data'] as const) {
    t.same(matchesOf({ signature: holding('yes', other) }), [])
    t.same(matchesOf({ signature: holding(other, 'yes') }), [])
  }
})

t.test('conditions are asked in their order, up to the first that does not hold', async (t) => {
  const asked: string[] = []
  const says = (name: string, truth: Truth) => () => {
    asked.push(name)
    return truth
  }
  matchesOf({ signature: { a: says('a', 'yes'), b: says('b', 'no'), c: says('c', 'yes') } })
  t.same(asked, ['a', 'b'])
})

t.test('what supports it must not be known not to hold; without data it is only possible', async (t) => {
  const confidence = (...truths: readonly Truth[]) =>
    matchesOf({ supportedBy: holding(...truths) }).map((match) => match.confidence)
  t.same(confidence('yes'), ['certain'])
  t.same(confidence('yes', 'no-data'), ['possible'])
  t.same(confidence('wait'), [])
  t.same(confidence('no', 'no-data'), [])
  t.same(
    matchesOf({ isLikely: () => true }).map((match) => match.confidence),
    ['likely'],
  )
})

t.test('a condition can be taken for something else, whether it must hold or supports', async (t) => {
  const takenFor =
    (other: Truth): Taken =>
    (says, known) =>
      says === 'it is dead' ? other : known
  t.same(matchesOf({}, takenFor('no')), [])
  t.equal(matchesOf({ signature: { 'it is dead': () => 'wait' } }, takenFor('yes')).length, 1)
  t.same(matchesOf({ signature: {}, supportedBy: statement.signature }, takenFor('no')), [])
})

t.test('what never began is nothing, whatever else holds', async (t) => {
  t.same(matchesOf({ cases: () => [{ since: Infinity, evidence: [] }], signature: holding('yes') }), [])
})

t.test('several places are told as one, with their values and the rows of each', async (t) => {
  const rule = ruleWith()
  const matches = ['node-2', 'node-3'].flatMap((node) => rule.match(sightOn(node), node))
  const candidate = rule.tell(matches, view, { cause: 'Somebody at {nodes}.', remedy: 'Look at {nodes}.' })
  t.match(candidate, {
    scope: { kind: 'group', nodes: ['node-2', 'node-3'] },
    severity: 'warning',
    confidence: 'certain',
    title: 'node-2 and node-3',
    story: 'On node-2 and node-3 since 2027-01-15 08:01:30 UTC in cluster.local.',
    since: start + 90,
    confirm: ['on node-2: 2 of 2'],
    cause: 'Somebody at node-2 and node-3.',
    remedy: 'Look at node-2 and node-3.',
  })
  t.same(new Set(candidate.evidence.map(({ cell }) => cell.node)), new Set(['node-2', 'node-3']))
  t.ok(candidate.evidence.every(({ healthy }) => healthy?.node === 'node-1'))
  t.throws(() => rule.tell([], view, silent), RangeError)
})

t.test('a form may have a cause of its own', async (t) => {
  const rule = ruleWith({ cause: 'A filter on {node}.' })
  const candidate = rule.tell(rule.match(sightOn('node-2'), 'node-2'), view, { cause: 'Anything.', remedy: '' })
  t.equal(candidate.cause, 'A filter on node-2.')
  t.equal(rule.texts.cause, 'A filter on {node}.')
})

t.test('it is as sure as the least sure of its places, and began with the first', async (t) => {
  const rule = ruleWith()
  const [match] = rule.match(sightOn('node-2'), 'node-2')
  const one = present(match)
  const other: Match = { ...one, place: 'node-3', confidence: 'possible', one: { ...one.one, since: start } }
  t.match(rule.tell([one, other], view, silent), { confidence: 'possible', since: start })
  t.equal(rule.tell([one, { ...other, confidence: 'likely' }], view, silent).confidence, 'likely')
})

t.test('of very many places the first ones are told, and all are named', async (t) => {
  const rule = ruleWith({ values: ({ cases }) => ({ what: String(cases.length) }) })
  const [match] = rule.match(sightOn('node-2'), 'node-2')
  const many = Array.from({ length: 80 }, (_, i): Match => ({ ...present(match), place: `n${i}` }))
  const candidate = rule.tell(many, view, silent)
  t.same(candidate.confirm, ['on n0: 50'])
  t.ok(candidate.evidence.length <= 60)
})

t.test('how bad it is may hang on what is told', async (t) => {
  const rule = ruleWith({ severity: ({ nodes }) => (nodes.length > 1 ? 'critical' : 'info') })
  const matches = ['node-2', 'node-3'].flatMap((node) => rule.match(sightOn(node), node))
  t.equal(rule.tell(matches, view, silent).severity, 'critical')
  t.equal(rule.tell(matches.slice(0, 1), view, silent).severity, 'info')
})

t.test('what is the same and its scope are the fault’s own words', async (t) => {
  const rule = ruleWith({
    sameness: () => 'udp',
    scope: (_, nodes, { fleet }) =>
      nodesScope(fleet, nodes, { role: null, address: '192.0.2.9', pod: null, node: null }),
  })
  const matches = rule.match(sightOn('node-2'), 'node-2')
  t.match(matches, [{ sameness: 'udp' }])
  t.match(rule.tell(matches, view, silent).scope, { kind: 'node', subject: { address: '192.0.2.9' } })
})

t.test('a rule about a server has it as its scope, one about the whole the cluster', async (t) => {
  const target: Target = { role: 'endpoint', address: '10.244.1.2', port: 53, learnedFrom: 'kubernetes' }
  const common = { signature: {}, severity: 'info', title: '', story: '{nodes} {node}', confirm: [] } as const
  const server = targetRule({ ...common, cases: (sight) => [{ since: start, evidence: [], target: sight.target }] })
  const told = server.tell(server.match({ ...view, target }, 'endpoint 10.244.1.2 53'), view, silent)
  t.equal(server.looksAt, 'target')
  t.match(told, { scope: { kind: 'endpoint', nodes: [], subject: { address: '10.244.1.2' } }, story: ' NODE' })
  const whole = fleetRule({ ...common, cases: () => [{ since: start, evidence: [] }] })
  t.equal(whole.looksAt, 'fleet')
  t.match(whole.tell(whole.match(view, ''), view, silent), { scope: { kind: 'cluster' }, story: 'every node NODE' })
})

t.test('the cluster’s domain is the API’s, else that of a plan', async (t) => {
  const rule = fleetRule({
    cases: () => [{ since: start, evidence: [] }],
    signature: {},
    severity: 'info',
    title: '{domain}',
    story: '',
    confirm: [],
  })
  const domainIn = (setting: Parameters<typeof faultWorld>[0]) => {
    const { fleet, at } = faultWorld(setting).world
    return rule.tell(rule.match({ fleet, at }, ''), { fleet, at }, silent).title
  }
  t.equal(domainIn({ cluster: null }), 'cluster.local')
  t.equal(domainIn({ cluster: null, nodes: [] }), 'CLUSTER-DOMAIN')
})

t.test('where nobody tells what the cluster is no command is for kubectl', async (t) => {
  const rule = ruleWith({ confirm: ['kubectl get node {node}', 'on {node}: ss -lun', 'with Cilium: kubectl get pod'] })
  const commandsIn = (cluster: View['fleet']['cluster']) => {
    const told = { ...view, fleet: { ...view.fleet, cluster } }
    return rule.tell(rule.match(sightOn('node-2'), 'node-2'), told, silent).confirm
  }
  t.same(commandsIn(present(view.fleet.cluster)), [
    'kubectl get node node-2',
    'on node-2: ss -lun',
    'with Cilium: kubectl get pod',
  ])
  t.same(commandsIn(null), ['on node-2: ss -lun'])
})

t.test('a case of which a condition waits, and none fails, is undecided', async (t) => {
  const undecidedOf = (changes: Partial<Statement<Sight, Case>>) => {
    const undecided: Case[] = []
    ruleWith(changes).match(sightOn('node-2'), 'node-2', undefined, undecided)
    return undecided.length
  }
  t.equal(undecidedOf({ signature: holding('wait', 'yes') }), 1)
  t.equal(undecidedOf({ signature: holding('yes'), supportedBy: holding('wait') }), 1)
  t.equal(undecidedOf({ signature: holding('yes') }), 0, 'a match is decided')
  t.equal(undecidedOf({ signature: holding('wait', 'no') }), 0)
  t.equal(undecidedOf({ signature: holding('wait', 'no-data') }), 0)
  t.equal(undecidedOf({ signature: holding('wait'), supportedBy: holding('no') }), 0)
})

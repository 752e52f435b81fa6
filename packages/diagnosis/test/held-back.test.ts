import type { Finding, Role } from '@oddnode/protocol'
import t from 'tap'
import type { Candidate } from '../src/fault.ts'
import { newNodeDnsNotReady } from '../src/faults/new-node-dns-not-ready.ts'
import { nodeDnsSlow } from '../src/faults/node-dns-slow.ts'
import { nodeLocalDnsNotRunning as other } from '../src/faults/node-local-dns-not-running.ts'
import { ntpServersUnreachable } from '../src/faults/ntp-servers-unreachable.ts'
import { podsCannotReachNodeLocalDns as named } from '../src/faults/pods-cannot-reach-node-local-dns.ts'
import { unexplainedDifference } from '../src/faults/unexplained-difference.ts'
import { isHeldBack } from '../src/held-back.ts'
import { nodesScope } from '../src/scope.ts'
import { allCells, sightOf } from '../src/sight.ts'
import { faultWorld, type Sees } from './faults/fault-world.ts'
import { present } from './world.ts'

const cut: Sees = (node, { vantage, role }) =>
  node === 'node-2' && vantage === 'pod' && role === 'node-local' ? 'timeout' : null

/** A finding of node-2 that stands open, and what else might be told of the same rows, or of another node's. */
function standing(rounds = 8, well = 0) {
  const { world, run } = faultWorld()
  const [finding] = run(rounds, cut)
  run(well, () => null)
  const { fleet, at } = world
  const candidateOf = (node: string, role: Role = 'node-local'): Candidate => {
    const sight = sightOf(fleet, present(fleet.nodes.get(node)), at)
    const cells = allCells(sight, 'pod').filter(({ target }) => target.role === role)
    return {
      scope: nodesScope(fleet, [node]),
      severity: 'warning',
      confidence: 'certain',
      title: '',
      story: '',
      since: at,
      evidence: cells.map((cell) => ({ cell, healthy: null })),
      confirm: [],
      cause: '',
      remedy: '',
    }
  }
  const tell = (changes: Partial<Finding>) =>
    fleet.findings.set(present(finding).id, { ...present(finding), ...changes })
  return { fleet, at, candidateOf, tell }
}
const instant = (seconds: number) => new Date(seconds * 1000).toISOString()

t.test('another fault told of these rows a moment ago: its name stands for two rounds', async (t) => {
  const { fleet, at, candidateOf, tell } = standing()
  tell({ lastSeen: instant(at - 20) })
  t.ok(isHeldBack(candidateOf('node-2'), other, { fleet, at }))
  t.notOk(isHeldBack(candidateOf('node-2'), named, { fleet, at }), 'it does not wait for itself')
  t.notOk(isHeldBack(candidateOf('node-3'), other, { fleet, at }), 'other rows')
  t.notOk(isHeldBack(candidateOf('node-2'), other, { fleet, at: at + 11 }), 'too long ago')
  t.ok(isHeldBack(candidateOf('node-2'), unexplainedDifference, { fleet, at: at + 300 }), 'no name is no better one')
  tell({ lastSeen: instant(at - 20), ended: instant(at - 5) })
  t.notOk(isHeldBack(candidateOf('node-2'), other, { fleet, at }), 'it has ended')
})

t.test('what began while it was open is the rest of it for two rounds after its end', async (t) => {
  const { fleet, at, candidateOf, tell } = standing()
  tell({ lastSeen: instant(at - 20), ended: instant(at - 5) })
  const rest = { ...candidateOf('node-2'), since: at - 60 }
  t.ok(isHeldBack(rest, other, { fleet, at }))
  t.notOk(isHeldBack({ ...rest, since: at - 1 }, other, { fleet, at }), 'it began afterwards')
  t.notOk(isHeldBack(rest, other, { fleet, at: at + 26 }), 'too long ago')
  t.notOk(isHeldBack({ ...candidateOf('node-2', 'upstream'), since: at - 60 }, other, { fleet, at }), 'another server')
  t.notOk(isHeldBack({ ...rest, evidence: [] }, other, { fleet, at }), 'it shows nowhere')
})

t.test('what was measured while another fault of the node lasted makes it not slow', async (t) => {
  const { fleet, at, candidateOf, tell } = standing()
  tell({ lastSeen: instant(at - 45), ended: instant(at - 40) })
  const slow = { ...candidateOf('node-2', 'upstream'), since: at - 60 }
  t.ok(isHeldBack(slow, nodeDnsSlow, { fleet, at }))
  t.notOk(isHeldBack({ ...slow, since: at - 39 }, nodeDnsSlow, { fleet, at }), 'all was measured after it')
  t.notOk(isHeldBack({ ...candidateOf('node-3'), since: at - 60 }, nodeDnsSlow, { fleet, at }), 'another node')
  tell({ lastSeen: instant(at - 45), ended: instant(at - 40), severity: 'info' })
  t.notOk(isHeldBack(slow, nodeDnsSlow, { fleet, at }), 'no fault that delays answers')
})

t.test('while node-local DNS of a node is replaced, what it serves is no fault there', async (t) => {
  const { fleet, at, candidateOf } = standing()
  fleet.findings.clear()
  const candidate = candidateOf('node-2')
  const replacedAt = (node: string, seconds: number) => {
    const { dns, ...cluster } = present(fleet.cluster)
    return {
      fleet: { ...fleet, cluster: { ...cluster, dns: { ...dns, nodeLocalReplaced: [{ node, at: seconds }] } } },
      at,
    }
  }
  t.notOk(isHeldBack(candidate, other, { fleet, at }))
  t.ok(isHeldBack(candidate, other, replacedAt('node-2', at - 40)))
  t.ok(isHeldBack(candidate, other, replacedAt('node-2', at + 30)), 'it ends')
  t.notOk(isHeldBack(candidate, other, replacedAt('node-2', at - 91)), 'it has had its time')
  t.notOk(isHeldBack(candidate, other, replacedAt('node-3', at - 40)), 'another node')
  t.notOk(isHeldBack(candidate, newNodeDnsNotReady, replacedAt('node-2', at - 40)), 'what has just that name')
})

t.test('what fails and was answered well last is recovering: nothing new is told of it', async (t) => {
  const { fleet, at, candidateOf } = standing(8, 1)
  fleet.findings.clear()
  t.ok(isHeldBack(candidateOf('node-2'), other, { fleet, at }))
})

t.test(
  'what nothing explains waits where something named has just left off, though it goes on elsewhere',
  async (t) => {
    const { fleet, at, candidateOf } = standing()
    t.notOk(isHeldBack(candidateOf('node-3'), unexplainedDifference, { fleet, at: at + 300 }))
    fleet.leftAt.set('node-3', at + 200)
    t.ok(isHeldBack(candidateOf('node-3'), unexplainedDifference, { fleet, at: at + 300 }))
    t.notOk(isHeldBack(candidateOf('node-3'), unexplainedDifference, { fleet, at: at + 321 }), 'two minutes later')
  },
)

t.test('a node is back of which nothing was heard: what it saw meanwhile is not told anew', async (t) => {
  const { fleet, at, candidateOf, tell } = standing()
  tell({ fault: 'node-not-observed', ended: instant(at + 1) })
  t.ok(isHeldBack(candidateOf('node-2'), other, { fleet, at: at + 1 }))
  t.notOk(isHeldBack(candidateOf('node-2'), other, { fleet, at: at + 32 }), 'two rounds later')
  t.notOk(isHeldBack(candidateOf('node-3'), other, { fleet, at: at + 1 }), 'another node')
  const clock = { ...candidateOf('node-2'), evidence: [], since: at - 5 }
  t.ok(isHeldBack(clock, ntpServersUnreachable, { fleet, at: at + 100 }), 'time servers are asked less often')
  t.notOk(isHeldBack(clock, ntpServersUnreachable, { fleet, at: at + 122 }))
  t.notOk(isHeldBack({ ...clock, since: at + 2 }, ntpServersUnreachable, { fleet, at: at + 3 }), 'begun since')
  t.notOk(isHeldBack(clock, other, { fleet, at: at + 1 }), 'silence of one agent shows in no cell, and goes on')
  tell({ fault: 'node-not-observed', ended: instant(at - 20) })
  t.notOk(isHeldBack(candidateOf('node-2'), other, { fleet, at }), 'asked since it is back')
})

t.test('what nothing explains waits while something named has just begun there, and not for ever', async (t) => {
  const { fleet, at, candidateOf, tell } = standing()
  const of = (node: string, later = 0) =>
    isHeldBack(candidateOf(node), unexplainedDifference, { fleet, at: at + later })
  tell({ since: instant(at - 60), lastSeen: instant(at) })
  t.ok(of('node-2'))
  t.notOk(of('node-3'), 'nothing began there')
  tell({ since: instant(at - 200), lastSeen: instant(at) })
  t.notOk(of('node-2'), 'it began long ago')
  tell({ since: instant(at - 200), ended: instant(at - 30) })
  t.ok(of('node-2'), 'it has just ended: caches take a while')
  tell({ since: instant(at - 60), lastSeen: instant(at), severity: 'info' })
  t.notOk(of('node-2'), 'advice explains nothing')
  tell({
    since: instant(at - 60),
    lastSeen: instant(at),
    scope: { kind: 'cluster', nodes: [], shared: {}, subject: null },
  })
  t.ok(of('node-3'), 'what is about the cluster may show anywhere')
})

t.test('a node with a CoreDNS pod that is in trouble is missed by those who ask that pod', async (t) => {
  const { fleet, at, candidateOf, tell } = standing()
  const of = (role: Role) => isHeldBack(candidateOf('node-2', role), unexplainedDifference, { fleet, at })
  tell({ since: instant(at - 60), lastSeen: instant(at), scope: nodesScope(fleet, ['node-3']), evidence: [] })
  t.ok(of('endpoint'))
  t.notOk(of('node-local'))
})

t.test('what leads to the pods of a node that is gone fails in part, for as long as it is', async (t) => {
  const { fleet, at, candidateOf, tell } = standing()
  const of = (role: Role) => isHeldBack(candidateOf('node-2', role), unexplainedDifference, { fleet, at })
  const gone = { fault: 'node-not-observed', since: instant(at - 500), lastSeen: instant(at), evidence: [] }
  tell({ ...gone, scope: nodesScope(fleet, ['node-3']) })
  t.ok(of('cluster-dns'))
  t.notOk(of('upstream'))
  tell({ ...gone, scope: nodesScope(fleet, ['node-3']), ended: instant(at - 60) })
  t.ok(of('cluster-dns'), 'it has just come back')
  tell({ ...gone, scope: nodesScope(fleet, ['node-3']), ended: instant(at - 130) })
  t.notOk(of('cluster-dns'))
  tell({ ...gone, scope: nodesScope(fleet, ['node-2']) })
  t.notOk(isHeldBack(candidateOf('node-1', 'cluster-dns'), unexplainedDifference, { fleet, at }), 'no pod ran there')
})

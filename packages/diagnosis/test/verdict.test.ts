import type { Finding } from '@oddnode/protocol'
import t from 'tap'
import { applyCluster, applyTick } from '../src/apply.ts'
import { createNode } from '../src/fleet.ts'
import { verdictOf } from '../src/verdict.ts'
import {
  aggregatorClock,
  clusterNode,
  clusterOf,
  createWorld,
  good,
  planOf,
  rounds,
  servfail,
  timeout,
  type World,
} from './world.ts'

const verdict = (world: World) => {
  applyTick(world.fleet, world.at)
  return verdictOf(world.fleet)
}

t.test('never well without data', async (t) => {
  const world = createWorld(['node-1'])
  t.match(verdict(world), { state: 'no-data', sentence: 'Nothing is known yet: no agent has reported.' })
  rounds(world, 1, () => good())
  t.match(verdict(world), {
    state: 'no-data',
    sentence:
      /^Nothing is known yet: 1 of 1 node and 2 of 2 agents report, and no probe has enough samples that tell well from broken\.$/,
  })
})

t.test('well, with what was and what was not looked at', async (t) => {
  const world = createWorld(['node-1', 'node-2'])
  rounds(world, 5, (_, __, probe) => (probe === 4 ? null : good()))
  t.match(verdict(world), {
    state: 'ok',
    sentence:
      'No finding: 2 of 2 nodes and 4 of 4 agents report, 16 of 16 probes with data are well. 4 probes have no data.',
    probes: { ok: 16, noData: 4 },
  })
})

t.test('what is wrong, with its denominator', async (t) => {
  const world = createWorld(['node-1', 'node-2', 'node-3'])
  rounds(world, 6, (node) => (node === 'node-2' ? timeout : good()))
  t.match(verdict(world), {
    state: 'failing',
    sentence: /^1 of 3 nodes differs: node-2 differs from 2 comparable nodes: /,
    nodes: { odd: 1, expected: 3 },
  })
})

t.test('one machine needs no denominator', async (t) => {
  const world = createWorld(['host'], planOf([{ role: 'resolv-conf', address: '192.0.2.53' }]), ['host'])
  rounds(world, 6, () => timeout)
  t.match(verdict(world).sentence, /^node host gets no answer \(timeout\)/)
})

t.test('failing probes without a finding yet are not well', async (t) => {
  const world = createWorld(['node-1', 'node-2', 'node-3'])
  rounds(world, 4, (node) => (node === 'node-2' ? timeout : good()))
  t.match(verdict(world), {
    state: 'degraded',
    sentence: /^10 of 30 probes fail on node-2, and are asked again until it is decided\./,
  })
})

t.test('what fails on a cordoned node is told, and does not make the cluster worse', async (t) => {
  const world = createWorld(['node-1', 'node-2', 'node-3'])
  const cordoned = (name: string) => clusterNode(name, { cordoned: name === 'node-2' })
  applyCluster(world.fleet, world.at, clusterOf(world.nodes.map(cordoned)))
  rounds(world, 4, (node) => (node === 'node-2' ? timeout : good()))
  t.match(verdict(world), { state: 'ok', probes: { failing: 10 } })
  rounds(world, 12, (node) => (node === 'node-2' ? timeout : good()))
  t.match(verdict(world), { state: 'ok', sentence: /^1 of 3 nodes differs: .* node-2 is cordoned/ })
  applyCluster(world.fleet, world.at, clusterOf(world.nodes.map((name) => clusterNode(name))))
  t.match(verdict(world), { state: 'failing' }, 'when it is uncordoned it is told as ever')
})

t.test('a silent node is named as not reporting', async (t) => {
  const world = createWorld(['node-1', 'node-2', 'node-3'])
  rounds(world, 5, () => good())
  rounds(world, 6, (node) => (node === 'node-2' ? null : good()))
  t.match(verdict(world), {
    state: 'failing',
    sentence: /1 node does not report, 10 probes have no data\.$/,
    nodes: { reporting: 2 },
  })
})

t.test('several odd nodes: the sentence counts all of them, and says what else there is', async (t) => {
  const world = createWorld(['node-1', 'node-2', 'node-3', 'node-4'])
  rounds(world, 5, () => good())
  rounds(world, 6, (node, _, probe) => {
    if (node === 'node-2' && probe < 2) return timeout
    return node === 'node-3' && probe === 4 ? servfail : good()
  })
  t.match(verdict(world), {
    sentence: /^2 of 4 nodes differ: node-[23] .* Also: 1 more finding\.$/,
    nodes: { odd: 2, expected: 4 },
  })
})

t.test('the worst is told, not the oldest: what all nodes have comes before one clock', async (t) => {
  const names = Array.from({ length: 20 }, (_, place) => `node-${place + 1}`)
  const world = createWorld(names)
  const clock = (node: string) => [aggregatorClock(node === 'node-20' ? -94 : 0)]
  rounds(world, 8, () => good(), { clock })
  t.match(verdict(world).sentence, /^1 of 20 nodes differs: node-20's clock is 94 s behind/)
  rounds(world, 8, (_, vantage, probe) => (vantage === 'pod' && probe < 2 ? timeout : good()), { clock })
  verdict(world)
  const { sentence } = verdict(world)
  t.match(sentence, /node-local DNS/)
  t.notMatch(sentence, /^\d+ of 20/, 'a story of the cluster is about no part of the nodes')
  t.match(sentence, / Also: node-20's clock is 94 s behind the other nodes; 1 of 20 nodes differs\.$/)
})

const found = (changes: Partial<Finding> & { id: string; nodes: string[] }): Finding => {
  const { nodes, ...rest } = changes
  return {
    fault: 'unexplained-difference',
    severity: 'critical',
    scope: { kind: nodes.length === 1 ? 'node' : 'group', nodes, shared: {}, subject: null },
    title: 'Odd',
    story: `${nodes.join(' and ')} differ.`,
    since: '2027-01-15T08:00:00.000Z',
    lastSeen: '2027-01-15T08:00:00.000Z',
    ended: null,
    confidence: 'certain',
    reopened: 0,
    evidence: [],
    confirm: [],
    cause: '',
    remedy: '',
    references: [],
    covers: [],
    ...rest,
  }
}

/** The sentence over these findings, in a fleet of five nodes. */
function sentenceOver(...findings: Finding[]): string {
  const { fleet } = createWorld([])
  for (const name of ['a', 'b', 'c', 'd', 'e']) fleet.nodes.set(name, createNode(name, []))
  for (const one of findings) fleet.findings.set(one.id, one)
  return verdictOf(fleet).sentence
}

t.test('each odd node is counted once, whichever findings name it', async (t) => {
  const worst = found({ id: 'x', nodes: ['a', 'b'] })
  t.match(sentenceOver(worst, found({ id: 'y', nodes: ['b'] })), /^2 of 5 nodes differ: .* Also: 1 more finding\. /)
  const two = [found({ id: 'y', nodes: ['b', 'c'] }), found({ id: 'z', nodes: ['c', 'd'] })]
  t.match(sentenceOver(worst, ...two), /^4 of 5 nodes differ: .* Also: 2 more findings\. /)
  t.match(sentenceOver(found({ id: 'y', nodes: ['gone'] })), /^gone differ\./, 'a node that is gone is no part')
})

t.test('who came for the other kind sees it: time beside DNS before more of DNS', async (t) => {
  const worst = found({ id: 'v', nodes: ['a'], fault: 'dns-blocked-on-node' })
  const alike = found({ id: 'w', nodes: ['b'], fault: 'dns-blocked-on-node', severity: 'warning', title: 'Alike' })
  const dns = found({ id: 'x', nodes: ['c'], fault: 'tcp-53-blocked', severity: 'warning', title: 'TCP is blocked' })
  const time = found({ id: 'y', nodes: ['d'], fault: 'node-clock-wrong', severity: 'warning', title: 'd is behind' })
  t.match(sentenceOver(worst, alike, dns, time), /^4 of 5 nodes differ: .* Also: d is behind; and 2 more findings\. /)
  t.match(sentenceOver(worst, alike, dns), / Also: TCP is blocked; and 1 more finding\. /)
  t.match(sentenceOver(worst, alike), / Also: 1 more finding\. /)
  const clock = { ...time, severity: 'critical' as const }
  t.match(sentenceOver(clock, { ...worst, severity: 'warning', title: 'No DNS' }), /^2 of 5 .* Also: No DNS\. /)
})

t.test('one failing probe, and more nodes than are named', async (t) => {
  const one = createWorld(['node-1', 'node-2', 'node-3'])
  rounds(one, 4, (node, vantage, probe) => (node === 'node-2' && vantage === 'pod' && probe === 0 ? timeout : good()))
  t.match(verdict(one).sentence, /^1 of 30 probes fails on node-2, and is asked again until it is decided\.$/)
  const many = createWorld(['a', 'b', 'c', 'd', 'e', 'f'])
  rounds(many, 4, (node, vantage, probe) => (node < 'e' && vantage === 'pod' && probe === 4 ? servfail : good()))
  t.match(verdict(many).sentence, /^4 of 60 probes fail on a, b, c and 1 more, and are asked again/)
})

t.test('degraded probes are counted beside those that are well', async (t) => {
  const world = createWorld(['node-1', 'node-2'])
  rounds(world, 5, () => good())
  rounds(world, 1, (node, vantage, probe) => (node === 'node-1' && vantage === 'pod' && probe === 0 ? timeout : good()))
  t.match(verdict(world), {
    state: 'ok',
    sentence: 'No finding: 2 of 2 nodes and 4 of 4 agents report, 19 of 20 probes with data are well, 1 degraded.',
  })
})

t.test('one probe that is well, and one without data', async (t) => {
  const world = createWorld(['host'], planOf([{ role: 'resolv-conf', address: '192.0.2.53' }]), ['host'])
  rounds(world, 5, () => good())
  t.match(verdict(world).sentence, /, 1 of 1 probe with data is well\.$/)
  const two = createWorld(
    ['host'],
    planOf([
      { role: 'resolv-conf', address: '192.0.2.53' },
      { role: 'resolv-conf', address: '192.0.2.54' },
    ]),
    ['host'],
  )
  rounds(two, 5, (_, __, probe) => (probe === 0 ? good() : null))
  t.match(verdict(two).sentence, / 1 probe has no data\.$/)
})

t.test('nodes that the API knows, and of which no agent was ever heard', async (t) => {
  const world = createWorld(['node-1'])
  applyCluster(world.fleet, world.at, clusterOf(['node-1', 'node-2', 'node-3'].map((name) => clusterNode(name))))
  rounds(world, 3, () => good())
  t.match(verdict(world), {
    sentence: / 2 nodes do not report\.$/,
    nodes: { expected: 3, reporting: 1 },
    agents: { expected: 6, reporting: 2 },
  })
})

t.test('a warning alone is degraded', async (t) => {
  const world = createWorld(['node-1', 'node-2', 'node-3'])
  rounds(world, 5, () => good(), { clock: (node) => [aggregatorClock(node === 'node-2' ? 0.7 : 0)] })
  t.match(verdict(world), { state: 'degraded', sentence: /^1 of 3 nodes differs: / })
})

import t from 'tap'
import { notLookedAt } from '../../../src/report/model/not-looked-at.ts'
import { agentOf, nodeOf, probeOf } from '../sample-report.ts'

const unasked = probeOf({ state: 'no-data', reason: 'not-looked-at' })
const both = (probes = [probeOf()]) => [agentOf(probes, { vantage: 'host' }), agentOf(probes)]

t.test('nothing is left out', async (t) => t.strictSame(notLookedAt({ hidden: [], nodes: [nodeOf('a', both())] }), []))

t.test('each kind of ignorance by its name', async (t) => {
  const unmeasured = nodeOf('b', both()).clock
  const lines = notLookedAt({
    hidden: ['Events cannot be read (403).'],
    nodes: [
      nodeOf('a', [agentOf([unasked, unasked])]),
      nodeOf('b', both(), { clock: { ...unmeasured, offsetSeconds: null } }),
      nodeOf('c', [agentOf([], { vantage: 'host' }), agentOf([unasked], { status: 'silent' })]),
    ],
  })
  t.strictSame(lines, [
    'Events cannot be read (403).',
    'node-local 169.254.20.10 udp (not looked at): a pod',
    'the host network (no agent there): a',
    'the clock (no reference was asked: targets.ntp, or oddnode start --ntp, names one): b',
    'everything (agent silent): c pod',
  ])
})

t.test('a further nameserver that nobody asks, beside one that is asked', async (t) => {
  const resolvConf = {
    path: '/etc/resolv.conf',
    nameservers: ['169.254.20.10', '192.0.2.9'],
    usedNameservers: ['169.254.20.10', '192.0.2.9'],
    search: [],
    options: [],
    limits: [],
    modifiedAt: null,
    unread: [],
    error: null,
  }
  const agents = both().map((agent) => ({ ...agent, facts: { resolvConf } }))
  t.strictSame(notLookedAt({ hidden: [], nodes: [nodeOf('a', agents)] }), [
    'nameserver 192.0.2.9 of resolv.conf (not asked): a host, a pod',
  ])
})

t.test('many nodes are counted', async (t) => {
  const nodes = Array.from({ length: 20 }, (_, i) => nodeOf(`n${i}`, both([unasked]).slice(1)))
  t.match(notLookedAt({ hidden: [], nodes })[0], /n4 pod and 15 more rows$/)
})

t.test('a silent node was not left unanswered by a reference', async (t) => {
  const clock = { ...nodeOf('a', []).clock, offsetSeconds: null }
  const silent = both().map((agent) => ({ ...agent, status: 'silent' as const }))
  t.match(notLookedAt({ hidden: [], nodes: [nodeOf('a', silent, { clock })] }), [
    'everything (agent silent): a host, a pod',
    'the clock (no fresh data: its agents are silent): a',
  ])
})

t.test('agents that were never heard did not fall silent', async (t) => {
  const clock = { ...nodeOf('a', []).clock, offsetSeconds: null }
  const expected = both().map((agent) => ({ ...agent, status: 'expected' as const }))
  t.strictSame(notLookedAt({ hidden: [], nodes: [nodeOf('a', expected, { clock })] }), [
    'everything (agent never heard of): a host, a pod',
    'the clock (its agents were never heard of): a',
  ])
})

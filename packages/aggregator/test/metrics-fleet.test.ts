import fc from 'fast-check'
import t from 'tap'
import { type FleetReading, fleetFamilies, fleetMetrics } from '../src/metrics-fleet.ts'
import { findingOf } from './report/sample-report.ts'
import { momentOf, summaryOf } from './sample-moment.ts'

const textOf = (reading: Partial<FleetReading>) =>
  [...fleetMetrics({ moment: momentOf([]), agents: [], now: 1000, rejected: () => 0, ...reading })].join('')
const linesOf = (text: string) => text.split('\n').slice(0, -1)

t.test('the promised series of a node', async (t) => {
  const silent = summaryOf('node-2', {
    state: 'failing',
    agents: [
      { vantage: 'host', state: 'ok', status: 'reporting' },
      { vantage: 'pod', state: 'no-data', status: 'silent' },
    ],
    clock: { offsetSeconds: null, uncertaintySeconds: null, state: 'no-data' },
  })
  const lines = linesOf(
    textOf({
      moment: momentOf([silent, summaryOf('node-1')]),
      agents: [{ node: 'node-2', vantage: 'pod', lastSeen: 910 }],
      rejected: (vantage) => (vantage === 'host' ? 2 : 0),
    }),
  )
  for (const line of [
    'oddnode_node_state{node="node-2",state="failing"} 1',
    'oddnode_node_state{node="node-2",state="ok"} 0',
    'oddnode_node_clock_offset_seconds{node="node-1"} -0.002',
    'oddnode_node_clock_uncertainty_seconds{node="node-1"} 0.0005',
    'oddnode_agent_last_push_age_seconds{node="node-2",vantage="pod"} 90',
    'oddnode_agents{vantage="pod",status="expected"} 2',
    'oddnode_agents{vantage="pod",status="reporting"} 1',
    'oddnode_agents{vantage="pod",status="silent"} 1',
    'oddnode_agents{vantage="pod",status="stopped"} 0',
    'oddnode_agents{vantage="host",status="expected"} 1',
    'oddnode_agents{vantage="host",status="rejected"} 2',
  ]) {
    t.ok(lines.includes(line), line)
  }
  t.notOk(lines.some((line) => line.startsWith('oddnode_node_clock_offset_seconds{node="node-2"')))
})

t.test('a finding is told for each node that it names, once, and without a node where it names none', async (t) => {
  const subject = { role: 'endpoint', address: '10.244.1.7', pod: null, node: null } as const
  const ofServer = findingOf({ scope: { kind: 'endpoint', nodes: [], shared: {}, subject } })
  const ofNodes = findingOf({ scope: { kind: 'group', nodes: ['node-1', 'node-2'], shared: {}, subject: null } })
  const ended = findingOf({ fault: 'tcp-53-blocked', ended: '2026-11-21T09:25:00.000Z' })
  const lines = linesOf(textOf({ moment: momentOf([], [ofServer, ofServer, ofNodes, ended]) }))
  t.strictSame(
    lines.filter((line) => line.startsWith('oddnode_finding_active{')),
    [
      'oddnode_finding_active{fault="unexplained-difference",severity="critical",scope="endpoint",node=""} 1',
      'oddnode_finding_active{fault="unexplained-difference",severity="critical",scope="group",node="node-1"} 1',
      'oddnode_finding_active{fault="unexplained-difference",severity="critical",scope="group",node="node-2"} 1',
    ],
  )
})

t.test('every fault is told in a sentence', async (t) =>
  t.match(
    textOf({}),
    '\noddnode_fault_info{fault="tcp-53-blocked",about="DNS over TCP is cut while UDP works: by a firewall, a security group, a policy, or a Service without the TCP port."} 1\n',
  ),
)

t.test('each family is one block with its own labels, whatever names say', async (t) => {
  const name = fc.string({ unit: 'binary', maxLength: 20 })
  const property = fc.property(fc.array(name, { maxLength: 5 }), (names) => {
    const nodes = names.map((node) => summaryOf(node))
    const finding = findingOf({ scope: { kind: 'group', nodes: names, shared: {}, subject: null } })
    const agents = names.map((node) => ({ node, vantage: 'pod' as const, lastSeen: 990 }))
    const text = textOf({ moment: momentOf(nodes, [finding]), agents })
    const read = linesOf(text).filter((line) => !line.startsWith('# HELP'))
    let family = fleetFamilies[0]
    return read.every((line) => {
      if (line.startsWith('# TYPE ')) {
        family = fleetFamilies.find(({ name }) => line === `# TYPE ${name} gauge`)
        return family !== undefined
      }
      const labels = family?.labels.map((label) => `${label}="(?:[^"\\\\\\n]|\\\\["\\\\n])*"`).join(',')
      return new RegExp(`^${family?.name}\\{${labels}\\} -?[\\d.e-]+$`, 'u').test(line)
    })
  })
  fc.assert(property, { numRuns: 100 })
  t.pass()
})

t.test('of 10,000 nodes no piece is a large one', async (t) => {
  const nodes = Array.from({ length: 10_000 }, (_, i) => summaryOf(`node-${i}`))
  const pieces = [...fleetMetrics({ moment: momentOf(nodes), agents: [], now: 0, rejected: () => 0 })]
  t.ok(pieces.length > 50_000)
  t.ok(pieces.every((piece) => piece.length < 20_000))
})

import t from 'tap'
import { faultsOf, isFound, namesOf } from './fault-names.ts'
import { faultWorld, named, type Sees, worldOf } from './fault-world.ts'

const name = 'reply-from-unexpected-source'

/** Every second answer to pods is the local CoreDNS pod's, from its own address: each probe in its own turn. */
const strays =
  (...odd: string[]): Sees =>
  (node, { vantage, role, transport, question, sourcePort }, round) => {
    if (!odd.includes(node) || vantage !== 'pod' || role !== 'cluster-dns') return null
    if (sourcePort === 'fixed' || question === 'pair') return null
    const isLocal = (round + question.length) % 2 === 0
    return isLocal ? (transport === 'udp' ? 'wrong-source' : 'timeout') : null
  }

t.test('answers of the CoreDNS pod on the same node come from its own address', async (t) => {
  const [finding, ...others] = named(worldOf(strays('node-3')))
  t.same(others, [])
  t.match(finding, {
    fault: name,
    confidence: 'certain',
    scope: { kind: 'node', nodes: ['node-3'] },
    story:
      'On node-3 answers of the CoreDNS pod on the same node come from 10.244.3.2 instead of 10.96.0.10 and are thrown away.',
    confirm: [/oddnode check/, 'on node-3: sysctl net.bridge.bridge-nf-call-iptables'],
  })
})

t.test('a flow that keeps its port, and the ClusterIP that caches ask, stray as well', async (t) => {
  const all: Sees = (node, { vantage, role, transport, question, sourcePort }, round) => {
    if (node !== 'node-3' || vantage !== 'pod' || !role.startsWith('cluster-dns')) return null
    if (question === 'pair') return null
    const isLocal = sourcePort === 'fixed' || (round + question.length) % 2 === 0
    return isLocal ? (transport === 'udp' ? 'wrong-source' : 'timeout') : null
  }
  const [finding, ...others] = named(worldOf(all))
  t.same(others, [])
  t.match(finding, {
    fault: name,
    confidence: 'certain',
    story: / come from 10\.244\.3\.2 instead of 10\.96\.0\.10 and 10\.96\.0\.11 and are thrown away\.$/,
  })
})

t.test('half or more is critical, less a warning', async (t) => {
  const rarely: Sees = (node, probe, round) => (round % 6 < 4 ? strays('node-3')(node, probe, round) : null)
  const world = faultWorld()
  const severities = new Set<string>()
  for (let round = 0; round < 12; round++) {
    for (const { fault, severity } of world.run(1, rarely)) if (fault === name) severities.add(severity)
  }
  t.ok(severities.has('warning'))
  const often: Sees = (node, probe, round) =>
    strays('node-3')(node, probe, round) ?? strays('node-3')(node, probe, round % 5 === 0 ? round + 1 : round)
  t.match(named(worldOf(often)), [{ fault: name, severity: 'critical' }])
})

t.test('it ends', async (t) => {
  const world = faultWorld()
  t.same(faultsOf(world.run(8, strays('node-3'))), [name])
  t.same(
    world.run(4, () => null),
    [],
  )
})

t.test('not where no CoreDNS pod runs on the node', async (t) => {
  t.notOk(namesOf(strays('node-2')).includes(name))
})

t.test('not where no answer comes at all', async (t) => {
  const sees: Sees = (node, probe, round) => (strays('node-3')(node, probe, round) === null ? null : 'timeout')
  t.notOk(namesOf(sees).includes(name))
})

t.test('not where hosts lose answers, too', async (t) => {
  const sees: Sees = (node, probe, round) => strays('node-3')(node, { ...probe, vantage: 'pod' }, round)
  t.notOk(namesOf(sees).includes(name))
})

t.test('not where the CoreDNS pod does not answer pods of its node directly', async (t) => {
  const sees: Sees = (node, probe, round) =>
    node === 'node-3' && probe.address === '10.244.3.2' && probe.vantage === 'pod'
      ? 'timeout'
      : strays('node-3')(node, probe, round)
  t.notOk(namesOf(sees).includes(name))
})

t.test('not where all answers stray: then it is not the local pod’s only', async (t) => {
  const sees: Sees = (node, { vantage, role, transport }) =>
    node === 'node-3' && vantage === 'pod' && role === 'cluster-dns' && transport === 'udp' ? 'wrong-source' : null
  t.notOk(namesOf(sees).includes(name))
})

t.test('two stray answers among lost ones are none', async (t) => {
  const few: Sees = (node, { vantage, role, transport, question, sourcePort }, round) => {
    if (
      node !== 'node-3' ||
      vantage !== 'pod' ||
      role !== 'cluster-dns' ||
      transport !== 'udp' ||
      sourcePort === 'fixed'
    )
      return null
    if (question === 'kubernetes') return round < 7 ? 'wrong-source' : null
    return question === 'version' || question === 'missing' ? 'timeout' : null
  }
  t.notOk(isFound(name, few, {}, 3))
})

import { observationOf, type Vantage } from '@oddnode/protocol'
import t from 'tap'
import { planWith } from './fault-plan.ts'
import { faultWorld, named, type Sees, worldOf } from './fault-world.ts'

const plan = planWith({ asksForGroup: true })
const lowered = observationOf('answered', { rcode: 0, seconds: 0.0005, answers: ['10.96.0.1'], echoed: false })

const caseOn =
  (isMeant: (node: string) => boolean): Sees =>
  (node, { question, role }) =>
    question === 'case' && role === 'cluster-dns' && isMeant(node) ? lowered : null

t.test('the case of the question changes between one node and cluster DNS', async (t) => {
  const [finding, ...others] = named(
    worldOf(
      caseOn((node) => node === 'node-2'),
      { plan },
    ),
  )
  t.same(others, [])
  t.match(finding, {
    fault: 'question-changed-on-the-way',
    severity: 'info',
    confidence: 'certain',
    scope: { kind: 'node', nodes: ['node-2'] },
    story: 'Something between node-2 and cluster DNS 10.96.0.10 changes the case of the question, or its id.',
  })
  t.match(
    named(
      worldOf(
        caseOn(() => true),
        { plan },
      ),
    ),
    [{ scope: { kind: 'cluster' }, story: /^Something between every node and cluster DNS/ }],
  )
})

t.test('the one who asks for its group sees it', async (t) => {
  const plan = (vantage: Vantage, node: string) => planWith({ asksForGroup: node === 'node-1' })(vantage)
  t.match(
    named(
      worldOf(
        caseOn(() => true),
        { plan },
      ),
    ),
    [{ scope: { kind: 'cluster' }, confidence: 'likely' }],
  )
})

t.test('or answers come back with another id', async (t) => {
  const mismatch: Sees = (node, { role, transport }) =>
    node === 'node-2' && role === 'endpoint' && transport === 'udp' ? 'mismatch' : null
  t.match(named(worldOf(mismatch, { plan })), [
    {
      fault: 'question-changed-on-the-way',
      story: /CoreDNS endpoint 10\.244\.1\.2 and CoreDNS endpoint 10\.244\.3\.2/,
    },
  ])
})

t.test('not where other things happen to the same queries', async (t) => {
  const mixed: Sees = (node, { role, transport }, round) =>
    node === 'node-2' && role === 'endpoint' && transport === 'udp' ? (round % 2 === 0 ? 'mismatch' : 'timeout') : null
  t.notOk(named(worldOf(mixed, { plan })).some(isIt))
})

t.test('not where the answer to it is an error, or its source is another', async (t) => {
  for (const wrong of ['SERVFAIL', 'wrong-source', 'timeout'] as const) {
    const other: Sees = (node, { question }) => (node === 'node-2' && question === 'case' ? wrong : null)
    t.notOk(named(worldOf(other, { plan })).some(isIt))
  }
})

t.test('it ends', async (t) => {
  const world = faultWorld({ plan })
  t.equal(
    world.run(
      8,
      caseOn((node) => node === 'node-2'),
    ).length,
    1,
  )
  t.same(
    world.run(3, () => null),
    [],
  )
})

const isIt = ({ fault }: { fault: string }): boolean => fault === 'question-changed-on-the-way'

import t from 'tap'
import { cellsOf } from '../src/sight.ts'
import { areSparedSomewhere, isAnsweredSomewhere } from '../src/spared.ts'
import type { ProbeOf, Sees } from './faults/fault-world.ts'
import { isControl } from './faults/random-loss.ts'
import { sightAfter } from './faults/sight-of.ts'

const isTcp = (probe: ProbeOf) => probe.transport === 'tcp' && !isControl(probe) && probe.role !== 'node-local'
/** Of TCP on node-2. */
function asked(sees: Sees, address?: string): Parameters<typeof areSparedSomewhere> {
  const sight = sightAfter(sees)
  const cells = (['cluster-dns', 'endpoint'] as const).flatMap((role) =>
    cellsOf(sight, { vantage: 'pod', role, transport: 'tcp', ...(address !== undefined && { address }) }),
  )
  return [sight.fleet, cells, sight.at - 60]
}
const spares = (sees: Sees, address?: string) => areSparedSomewhere(...asked(sees, address))
const answers = (sees: Sees, address?: string) => isAnsweredSomewhere(...asked(sees, address))
const except =
  (...spared: string[]): Sees =>
  (node, probe) =>
    isTcp(probe) && !spared.includes(node) ? 'timeout' : null

t.test('another node is answered by all of the servers', async (t) => {
  t.equal(spares(except('node-1')), true)
  t.equal(spares(except()), false)
  t.equal(
    spares(() => null),
    true,
  )
})

t.test('by some of them only is the servers’ own matter', async (t) => {
  const own: Sees = (node, probe) =>
    isTcp(probe) && !(node === 'node-3' && probe.address === '10.244.3.2') ? 'timeout' : null
  t.equal(spares(own), false)
  t.equal(answers(own), true)
})

t.test('a single server tells nothing of the way', async (t) => {
  t.equal(spares(except('node-1'), '10.244.3.2'), false)
})

t.test('what was answered before says nothing of now', async (t) => {
  const [fleet, cells] = asked(except('node-1'))
  t.equal(areSparedSomewhere(fleet, cells, Number.MAX_SAFE_INTEGER), false)
  t.equal(isAnsweredSomewhere(fleet, cells, Number.MAX_SAFE_INTEGER), false)
})

t.test('now and then is an answer', async (t) => {
  t.equal(
    answers((node, probe, round) => (isTcp(probe) && (node !== 'node-1' || round % 3 > 0) ? 'timeout' : null)),
    true,
  )
  t.equal(answers(except()), false)
})

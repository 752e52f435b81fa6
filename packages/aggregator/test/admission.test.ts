import fc from 'fast-check'
import t from 'tap'
import { type Asking, createAdmission } from '../src/admission.ts'
import { suspicionLoadOf } from '../src/plans/suspicion-load.ts'
import { clusterPlan } from './pushing.ts'

const plans = [clusterPlan('host'), clusterPlan('pod')]
const [plan = clusterPlan('host')] = plans

/** A node on which so many probes are odd. */
const asking = (node: string, odd: number): Asking => ({
  node,
  plan,
  plans,
  probes: Array.from({ length: odd }, (_, i) => i),
})
const fault = (node: string) => asking(node, 8)
const lostPacket = (node: string) => asking(node, 1)

/** What one node of these adds to one of two CoreDNS pods. */
const ofNode = plans
  .map((one) => suspicionLoadOf(one))
  .reduce((sum, { through, direct }) => sum + through / 2 + (direct.get('10.244.1.7') ?? 0), 0)
const spareFor = (nodes: number) => ({ endpoints: 2, queriesPerSecond: nodes * ofNode + 1e-6 })

t.test('as many nodes at once as CoreDNS bears, in the order in which they come', async (t) => {
  const { admit } = createAdmission()
  const admitted = ['a', 'b', 'c', 'd'].filter((node) => admit(fault(node), 0, spareFor(2)))
  t.strictSame(admitted, ['a', 'b'])
  t.ok(admit(lostPacket('a'), 5, spareFor(2)), 'who is among them goes on, with all of it')
  t.notOk(admit(fault('c'), 11, spareFor(2)))
  t.ok(admit(fault('c'), 13, spareFor(2)), 'b has not asked again for twelve seconds')
  t.notOk(admit(fault('b'), 13, spareFor(2)))
})

t.test('lost packets here and there take no room from a fault', async (t) => {
  const { admit } = createAdmission()
  for (let i = 0; i < 4; i++) t.ok(admit(lostPacket(`node-${i}`), 0, spareFor(2)))
  t.ok(admit(fault('a'), 0, spareFor(2)))
  t.notOk(admit(fault('node-0'), 1, spareFor(2)), 'one of them becomes a fault, and there is no room')
  t.ok(admit(lostPacket('node-4'), 1, spareFor(2)), 'what it took is free again')
})

t.test('where no CoreDNS pod is known everybody may', async (t) => {
  const { admit } = createAdmission()
  for (let i = 0; i < 50; i++) t.ok(admit(fault(`node-${i}`), 0, null))
})

t.test('a budget that is used up leaves nothing', async (t) => {
  t.notOk(createAdmission().admit(lostPacket('a'), 0, { endpoints: 2, queriesPerSecond: 0 }))
})

t.test('whoever asks when: what is admitted together never adds more than there is', async () => {
  const push = fc.record({
    node: fc.integer({ min: 0, max: 30 }),
    after: fc.double({ min: 0, max: 6, noNaN: true }),
    odd: fc.integer({ min: 1, max: 5 }),
  })
  fc.assert(
    fc.property(fc.array(push, { maxLength: 200 }), fc.integer({ min: 0, max: 6 }), (pushes, room) => {
      const { admit } = createAdmission()
      /** Nodes with a fault, by when they were heard of. */
      const heard = new Map<number, number>()
      let at = 0
      return pushes.every(({ node, after, odd }) => {
        at += after
        const isKnown = at - (heard.get(node) ?? -Infinity) < 12
        if (admit(asking(`node-${node}`, odd), at, spareFor(room)) && (odd >= 3 || isKnown)) heard.set(node, at)
        return [...heard.values()].filter((time) => at - time < 12).length <= room
      })
    }),
  )
})

import t from 'tap'
import { hasNodeLocal, isAskedByNodeLocal, lateServiceCases, serviceCases } from '../src/service-cases.ts'
import { planWithout } from './faults/fault-plan.ts'
import type { Sees } from './faults/fault-world.ts'
import { sightAfter } from './faults/sight-of.ts'

const dead: Sees = (_, { role }) => (role === 'cluster-dns' ? 'timeout' : null)

t.test('each ClusterIP of a node on which something fails', async (t) => {
  t.same(serviceCases(sightAfter(() => null)), [])
  const cases = serviceCases(sightAfter(dead))
  t.same(
    cases.map(({ target, host, pod }) => [target.address, host.length, pod.length]),
    [
      ['10.96.0.10', 4, 4],
      ['10.96.0.11', 3, 3],
    ],
  )
  t.equal(cases[1]?.since, Infinity)
})

t.test('only late answers', async (t) => {
  const late = sightAfter((_, { role }) => (role === 'cluster-dns' ? 'late' : null))
  t.same(serviceCases(late), [])
  t.equal(lateServiceCases(late).length, 2)
  t.same(lateServiceCases(sightAfter(() => null)), [])
})

t.test(
  'node-local DNS asks by the second ClusterIP, by the first where there is no second, and hangs on it',
  async (t) => {
    const explainsNodeLocal = (sees: Sees, ...without: ('cluster-dns-upstream' | 'node-local')[]) =>
      serviceCases(sightAfter(sees, { plan: planWithout(...without) })).map(({ explains = [] }) =>
        explains.some(({ target }) => target.role === 'node-local'),
      )
    t.same(explainsNodeLocal(dead), [false, true])
    t.same(explainsNodeLocal(dead, 'cluster-dns-upstream'), [true])
    t.same(explainsNodeLocal(dead, 'node-local'), [false, false])
    const without = sightAfter(dead, { plan: planWithout('node-local') })
    t.notOk(hasNodeLocal(without))
    t.notOk(isAskedByNodeLocal(without, { role: 'cluster-dns-upstream' }))
  },
)

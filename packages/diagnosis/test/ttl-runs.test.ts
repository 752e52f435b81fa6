import type { PlannedProbe, Role } from '@oddnode/protocol'
import t from 'tap'
import { stayingRun, stays, type TtlRun, tellsOfCache, withTtl } from '../src/ttl-runs.ts'

/** TTLs of answers 15 s apart. */
const after = (...ttls: readonly (number | null)[]): TtlRun | undefined =>
  ttls.reduce<TtlRun | undefined>((run, ttl, i) => withTtl(run, ttl, i * 15), undefined)

t.test('a cache counts down, and begins anew when it has asked again', async (t) => {
  t.notOk(stays(after(30, 15, 30, 15, 30, 15, 30)))
  t.notOk(stays(after(30, 14, 29, 14, 30, 16)), 'a second more or less')
})

t.test('three answers in a row that should have less and have not', async (t) => {
  t.notOk(stays(after(30, 30, 30)))
  t.ok(stays(after(30, 30, 30, 30)))
  t.notOk(stays(after(30, 30, 30, 30, 15)), 'until one counts down')
})

t.test('what was gone from a cache by then tells nothing', async (t) => {
  t.notOk(stays(after(5, 5, 5, 5, 5, 5, 5)))
  t.notOk(stays(after(0, 0, 0, 0, 0)))
  t.ok(stays(withTtl(after(30, 30, 30, 30), 5, 400)), 'nor does it change what is known')
  t.notOk(stays(after(null, null)))
  t.same(after(30, null), after(30))
})

t.test('answers that follow each other closely are held against an older one', async (t) => {
  const each = (seconds: number, ttl: (at: number) => number) =>
    Array.from({ length: 12 }, (_, i) => i * seconds).reduce<TtlRun | undefined>(
      (run, at) => withTtl(run, ttl(at), at),
      undefined,
    )
  t.ok(stays(each(1, () => 10)))
  t.notOk(stays(each(1, (at) => 30 - at)))
})

t.test('the order in which answers come does not matter to the last one', async (t) => {
  const run = after(30, 30, 30, 30)
  t.same(withTtl(run, 5, 10), run)
})

t.test('what is known from before a restart stands until an answer tells otherwise', async (t) => {
  t.ok(stays(stayingRun))
  t.ok(stays(withTtl(stayingRun, 30, 15)))
  t.notOk(stays(withTtl(withTtl(stayingRun, 30, 15), 15, 30)))
})

t.test('only what every client of a node asks of one process tells of a cache', async (t) => {
  const plain: PlannedProbe = {
    target: 0,
    transport: 'udp',
    question: 'kubernetes',
    everySeconds: 0,
    sourcePort: 'fresh',
  }
  const tells = (changes: Partial<PlannedProbe>, role: Role | undefined = 'node-local') =>
    tellsOfCache({ ...plain, ...changes }, role)
  t.ok(tells({}))
  t.notOk(tells({ transport: 'tcp' }))
  t.notOk(tells({ question: 'version' }))
  t.notOk(tells({ sourcePort: 'fixed' }))
  t.notOk(tells({}, 'cluster-dns'))
})

import t from 'tap'
import { clockConsequence } from '../src/clock-consequence.ts'

t.test('the strongest line that the offset reaches, for its sign', async (t) => {
  const cases: [number, RegExp | null][] = [
    [0.03, null],
    [-0.06, /Ceph/],
    [0.45, /CockroachDB/],
    [2, /etcd/],
    [-6, /not yet valid/],
    [6, /etcd/],
    [40, /^tokens it issues are refused: issued in the future$/],
    [-45, /certificates/],
    [-70, /fresh tokens/],
    [-94, /^tokens it issues are refused as expired$/],
    [94, /issued in the future/],
    [-301, /expired.*Kerberos/],
    [32_400, /future.*Kerberos/],
  ]
  for (const [offset, wanted] of cases) {
    const told = clockConsequence(offset)
    if (wanted === null) t.equal(told, null, `${offset} s`)
    else t.match(told, wanted, `${offset} s`)
  }
})

t.test('of several nodes it is said in the plural', async (t) => {
  t.equal(clockConsequence(-94, 2), 'tokens they issue are refused as expired')
  t.equal(clockConsequence(-70, 2), 'they refuse fresh tokens: not yet valid there')
  t.match(clockConsequence(2, 3), /the order of their logs/)
  t.match(clockConsequence(301, 3), /so are their Kerberos tickets/)
})

import t from 'tap'
import type { WrongClock } from '../src/clock-verdict.ts'
import { doubtWords, offWords } from '../src/wrong-clock-words.ts'

const clock = (
  node: string,
  offsetSeconds: number,
  changes: Partial<WrongClock> = {},
  reference = 'the other nodes',
) => ({
  ...{ node, severity: 'warning' as const, onOneWordOf: null, contradictedBy: null, isOfMost: false },
  offset: { offsetSeconds, uncertaintySeconds: 0.001, reference, takenAt: 0 },
  ...changes,
})

t.test('how far, to which side, and against whom', async (t) => {
  t.equal(offWords([clock('a', -94)], ['a']), "a's clock is 94 s behind the other nodes")
  t.equal(
    offWords([clock('a', 3), clock('b', 3.01)], ['a', 'b']),
    'the clocks of a and b are 3 s ahead of the other nodes',
  )
  t.equal(
    offWords([clock('a', 2.9), clock('b', 3.1)], ['a', 'b', 'c']),
    'the clocks of a, b and c are about 3 s ahead of the other nodes',
  )
  t.equal(
    offWords([clock('a', 3, {}, 'ntp 192.0.2.1 192.0.2.2')], ['a']),
    "a's clock is 3 s ahead of NTP servers 192.0.2.1 and 192.0.2.2",
  )
  const by = (server: string) => clock('a', 3, {}, `ntp ${server}`)
  t.equal(offWords([by('192.0.2.1')], ['a']), "a's clock is 3 s ahead of NTP server 192.0.2.1")
  t.match(
    offWords([by('192.0.2.2'), by('192.0.2.1'), by('192.0.2.1')], ['a', 'b']),
    / NTP servers 192\.0\.2\.1 and 192\.0\.2\.2$/,
  )
})

t.test('what it breaks, of one and of several', async (t) => {
  t.equal(doubtWords([clock('a', -94)], 1), ': tokens it issues are refused as expired')
  t.equal(doubtWords([clock('a', -94)], 2), ': tokens they issue are refused as expired')
  t.equal(doubtWords([clock('a', 0.04)], 1), '')
})

t.test('how sure it is', async (t) => {
  t.match(
    doubtWords([clock('a', 3, { onOneWordOf: 'server' })], 1),
    /; no second server was asked, so it may be that one which is off$/,
  )
  t.match(
    doubtWords([clock('a', 3, { onOneWordOf: 'implementation' })], 1),
    /; only one implementation of NTP could read it$/,
  )
  t.match(
    doubtWords([clock('a', 3, { isOfMost: true })], 2),
    /; most of the nodes are off, and NTP says that the others are right$/,
  )
  const contradictedBy = { offsetSeconds: -0.01, uncertaintySeconds: 0.001, reference: 'ntp 192.0.2.1', takenAt: 0 }
  t.equal(
    doubtWords([clock('a', 3, { contradictedBy })], 1),
    ', but 10 ms behind NTP server 192.0.2.1; which of them is wrong cannot be told',
  )
})

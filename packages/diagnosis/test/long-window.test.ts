import type { Outcome } from '@oddnode/protocol'
import t from 'tap'
import {
  addToLongWindow,
  carryLongWindow,
  createLongWindow,
  directPairsOf,
  isLossy,
  type LongWindow,
  lossesOf,
  pairsOf,
} from '../src/long-window.ts'
import { clusterDns, endpoint, planOf } from './world.ts'

const plan = planOf([
  { role: 'cluster-dns', address: clusterDns },
  { role: 'cluster-dns', address: clusterDns, question: 'version' },
  { role: 'cluster-dns', address: clusterDns, transport: 'tcp' },
  { role: 'cluster-dns', address: clusterDns, question: 'pair' },
  { role: 'endpoint', address: endpoint, question: 'trap' },
  { role: 'endpoint', address: endpoint, question: 'large' },
  { role: 'endpoint', address: endpoint, transport: 'tcp', question: 'connect' },
  { role: 'endpoint', address: endpoint, question: 'pair' },
])
const UDP = 0
const PAIR = 3
const DIRECT_PAIR = 7
const start = 6000

/** Samples of one probe, 15 s apart. */
function addAll(
  window: LongWindow,
  outcomes: readonly Outcome[],
  { probe = UDP, at = start, seconds = 15 } = {},
): number {
  for (const [i, outcome] of outcomes.entries())
    addToLongWindow(window, probe, probe === PAIR || probe === DIRECT_PAIR, outcome, at + i * seconds)
  return at + (outcomes.length - 1) * seconds
}
const after = (outcomes: readonly Outcome[], options?: Parameters<typeof addAll>[2]) => {
  const window = createLongWindow(plan)
  const at = addAll(window, outcomes, options)
  return { window, at }
}
const times = (count: number, outcome: Outcome): Outcome[] => Array.from({ length: count }, () => outcome)
/** Each followed by an answer: lost one by one. */
const apart = (count: number, outcome: Outcome): Outcome[] =>
  times(count, outcome).flatMap((one): Outcome[] => [one, 'answered'])
/** One of so many is lost. */
const oneOf = (share: number, count: number): Outcome[] =>
  Array.from({ length: count }, (_, i) => (i % share === 0 ? 'timeout' : 'answered'))

t.test('a line is a server over one transport; what is no DNS, or lost for another reason, is in none', async (t) => {
  const { lines, lineOf } = createLongWindow(plan)
  t.same(
    lines.map(({ role, transport }) => `${role} ${transport}`),
    ['cluster-dns udp', 'cluster-dns tcp', 'endpoint udp'],
  )
  t.same([...lineOf], [0, 0, 1, 0, -1, -1, -1, 2])
  const { window } = after(times(9, 'timeout'), { probe: 4 })
  t.notOk(isLossy(window))
  t.equal(lossesOf(window, 0, start).asked, 0)
})

t.test('20 % loss reads as 20 %', async (t) => {
  const { window, at } = after([...times(30, 'answered'), ...oneOf(5, 36)])
  const { asked, counted } = lossesOf(window, 0, at)
  t.equal(counted, 6, 'the last one waits for an answer')
  t.ok(Math.abs(counted / asked - 0.2) < 0.03, 'the loss that begins it is not counted, nor the good time before')
  t.ok(isLossy(window))
  t.equal(window.lostSince, start + 30 * 15)
})

t.test('what counts as lost, and what says nothing', async (t) => {
  for (const outcome of ['timeout', 'denied', 'unreachable', 'closed', 'wrong-source'] as const)
    t.ok(isLossy(after(apart(5, outcome)).window), outcome)
  for (const outcome of ['answered', 'late', 'truncated', 'refused', 'malformed', 'mismatch'] as const)
    t.notOk(isLossy(after(apart(9, outcome)).window), outcome)
  const { window, at } = after([...times(5, 'local-error'), 'answered'])
  t.equal(lossesOf(window, 0, at).asked, 1)
})

t.test('what was answered before the first loss, and is pushed after it, does not dilute the share', async (t) => {
  const { window, at } = after(apart(6, 'timeout'))
  addAll(window, times(20, 'answered'), { at: start - 600 })
  t.strictSame(lossesOf(window, 0, at), { asked: 11, counted: 5 })
  t.equal(window.asked, 12)
})

t.test('four lost ones are no rate', async (t) => {
  t.notOk(isLossy(after(apart(4, 'timeout')).window))
  t.ok(isLossy(after(apart(5, 'timeout')).window))
})

t.test('a server that gives nothing for a while is no share, also of what was lost before', async (t) => {
  const { window, at } = after([...apart(3, 'timeout'), ...times(40, 'timeout')], { seconds: 1 })
  t.notOk(isLossy(window))
  t.equal(lossesOf(window, 0, at).counted, 2)
  const back = addAll(window, times(3, 'answered'), { at: at + 1, seconds: 1 })
  t.equal(lossesOf(window, 0, back).counted, 2)
  const few = after([...apart(2, 'timeout'), ...times(4, 'timeout')])
  const carried = carryLongWindow(few.window, plan)
  addAll(carried, ['answered'], { at: few.at + 15 })
  t.equal(lossesOf(carried, 0, few.at + 15).counted, 5, 'four in a row happen; a changed plan does not forget them')
})

t.test('a few in some thousand are forgiven', async (t) => {
  const { window } = after([...oneOf(1100, 6601), ...times(1001, 'answered')])
  t.notOk(isLossy(window))
  t.equal(window.lostSince, Infinity)
})

t.test('a loss that ends is over after as many answers as its rate would hardly allow, and counted anew', async (t) => {
  const { window, at } = after(oneOf(5, 50))
  addAll(window, times(20, 'answered'), { at: at + 15 })
  t.ok(isLossy(window), 'twenty in a row happen')
  const end = addAll(window, times(30, 'answered'), { at: at + 315 })
  t.notOk(isLossy(window))
  t.equal(lossesOf(window, 0, end).counted, 0)
})

t.test('TCP is counted, and is no reason to look', async (t) => {
  const { window, at } = after(times(9, 'timeout'), { probe: 2 })
  t.same(lossesOf(window, 1, at), { asked: 9, counted: 9 })
  t.notOk(isLossy(window))
})

t.test('pairs of which one half is lost are counted for an hour, apart from single losses', async (t) => {
  const outcomes = times(60, 'answered').map((good, i): Outcome => (i % 20 === 0 ? 'partial' : good))
  const { window, at } = after(outcomes, { probe: PAIR })
  t.same(pairsOf(window, at), { asked: 60, counted: 3 })
  t.ok(isLossy(window))
  t.equal(lossesOf(window, 0, at).asked, 0)
  const later = addAll(window, times(240, 'answered'), { probe: PAIR, at: at + 15 })
  t.equal(pairsOf(window, later).counted, 0)
  t.notOk(isLossy(window), 'an hour later they are forgotten')
})

t.test('pairs straight to a CoreDNS pod are counted apart, and are no reason to look', async (t) => {
  const { window, at } = after(times(5, 'partial'), { probe: DIRECT_PAIR })
  t.same(directPairsOf(window, at), { asked: 5, counted: 5 })
  t.same(pairsOf(window, at), { asked: 0, counted: 0 })
  t.notOk(isLossy(window))
  t.same(directPairsOf(carryLongWindow(window, planOf([{ role: 'endpoint', address: endpoint }], 'b3')), at).counted, 5)
})

t.test('a changed plan keeps what was counted of the servers that both ask', async (t) => {
  const { window, at } = after([...oneOf(5, 30)])
  addAll(window, ['partial'], { probe: PAIR, at })
  const next = planOf(
    [
      { role: 'endpoint', address: endpoint },
      { role: 'cluster-dns', address: clusterDns },
    ],
    'b2',
  )
  const carried = carryLongWindow(window, next)
  t.same(lossesOf(carried, 1, at), lossesOf(window, 0, at))
  t.equal(lossesOf(carried, 0, at).asked, 0)
  t.equal(pairsOf(carried, at).counted, 1)
  t.equal(carried.lostSince, window.lostSince)
  t.ok(isLossy(carried))
})

t.test(
  'one-sided pairs are over after so many with two answers that they would be a chance in a thousand',
  async (t) => {
    const { window, at } = after(times(5, 'partial'), { probe: PAIR })
    t.ok(isLossy(window))
    const soon = addAll(window, times(6, 'answered'), { probe: PAIR, at: at + 15 })
    t.equal(pairsOf(window, soon).counted, 5)
    const over = addAll(window, times(2, 'answered'), { probe: PAIR, at: soon + 15 })
    t.equal(pairsOf(window, over).counted, 0)
    t.notOk(isLossy(window))
  },
)

t.test('a single one-sided pair is kept for its hour', async (t) => {
  const { window, at } = after(['partial', ...times(30, 'answered' as const)], { probe: PAIR })
  t.equal(pairsOf(window, at).counted, 1)
})

t.test('a few in a thousand are no share, however many they come to; what is lost later is one soon', async (t) => {
  const { window, at } = after(oneOf(300, 3001), { seconds: 1 })
  t.equal(window.lost, 11)
  t.notOk(isLossy(window))
  const end = addAll(window, oneOf(30, 301), { at: at + 1, seconds: 1 })
  t.ok(isLossy(window))
  addAll(window, oneOf(300, 901), { at: end + 1, seconds: 1 })
  t.notOk(isLossy(window), 'ten minutes later it is none any more, though the spell goes on')
  t.ok(window.lost > 20)
})

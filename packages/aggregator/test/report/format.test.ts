import t from 'tap'
import * as format from '../../src/report/format.ts'
import { failing, nodeOf, probeOf } from './sample-report.ts'

t.test('durations', async (t) => {
  const cases = [
    [0, '0 µs'],
    [0.00002, '20 µs'],
    [0.0003, '0.3 ms'],
    [0.00043, '0.43 ms'],
    [0.0045, '4.5 ms'],
    [0.045, '45 ms'],
    [0.9994, '999 ms'],
    [0.9999, '1 s'],
    [1.23, '1.2 s'],
    [94.2, '94 s'],
  ] as const
  for (const [seconds, expected] of cases) t.equal(format.durationText(seconds), expected)
  t.equal(format.medianText(0.045), '45 ms')
  t.equal(format.medianText(null), '–')
})

t.test('trap 15: + is ahead, − is behind', async (t) => {
  t.equal(format.offsetText(94), '+94 s')
  t.equal(format.offsetText(-94), '−94 s')
  t.equal(format.offsetText(0), '+0 µs')
})

t.test('times and spans', async (t) => {
  t.equal(format.timeText('2026-11-21T09:29:12.646Z'), '2026-11-21 09:29:12 UTC')
  const span = (seconds: number) =>
    format.spanText('2026-11-21T00:00:00.000Z', new Date(Date.UTC(2026, 10, 21, 0, 0, seconds)).toISOString())
  t.strictSame([-5, 99, 600, 7200, 400_000].map(span), ['0 s', '99 s', '10 min', '2 h', '5 d'])
})

t.test('what a probe saw', async (t) => {
  t.equal(format.seenText(probeOf()), '0.4 ms')
  t.equal(format.seenText(probeOf({ medianSeconds: null })), '5/5')
  t.equal(format.seenText(probeOf(failing)), 'timeout 0/5')
  t.equal(format.seenText(probeOf({ state: 'failing', rcode: 'SERVFAIL' })), 'SERVFAIL 5/5')
  t.equal(
    format.seenText(probeOf({ state: 'failing', rcode: 'SERVFAIL', outcomes: { answered: 4, late: 1 } })),
    'SERVFAIL 5/5',
    'what most of them were, as the evidence says',
  )
  t.equal(
    format.seenText(probeOf({ state: 'failing', rcode: 'NOERROR', outcomes: { answered: 3, late: 2 } })),
    'late 5/5',
  )
  t.equal(
    format.seenText(probeOf({ state: 'degraded', outcomes: { answered: 3, timeout: 1, refused: 2 }, answered: 3 })),
    'refused 3/5',
  )
  t.equal(format.seenText(probeOf({ state: 'degraded', outcomes: {}, outcome: null, rcode: null })), 'unknown 5/5')
  for (const [reason, text] of [
    ['too-few', 'too few samples'],
    ['stale', 'no fresh data'],
    ['not-looked-at', 'not looked at'],
    [null, 'not looked at'],
  ] as const) {
    t.equal(format.seenText(probeOf({ state: 'no-data', reason })), text)
  }
  const says = { state: 'no-data', reason: 'inconclusive', rcode: 'SERVFAIL' } as const
  t.equal(format.seenText(probeOf(says)), 'SERVFAIL 5/5, settles nothing')
})

t.test('evidence and scopes', async (t) => {
  t.equal(format.gotText({ outcome: 'answered', rcode: 'SERVFAIL', error: null }), 'SERVFAIL')
  t.equal(format.gotText({ outcome: 'refused', rcode: null, error: 'ECONNREFUSED' }), 'refused (ECONNREFUSED)')
  t.equal(format.gotText({ outcome: 'refused', rcode: null, error: 'x'.repeat(1000) }), `refused (${'x'.repeat(200)}…)`)
  t.equal(format.gotText({ outcome: null, rcode: null, error: null }), 'no data')
  const scope = { kind: 'node', nodes: ['a', 'b'], shared: {}, subject: null } as const
  t.equal(format.whereText({ ...scope, nodes: ['a', 'b'] }), 'a, b')
  const many = Array.from({ length: 10 }, (_, i) => `n${i}`)
  t.match(format.whereText({ ...scope, kind: 'group', nodes: many }), / and 2 more$/)
  t.match(format.whereText({ ...scope, nodes: ['n10', 'n9'] }), 'n9, n10')
  const subject = { role: 'endpoint', address: '10.244.1.7', pod: null, node: null } as const
  t.equal(format.whereText({ ...scope, kind: 'endpoint', nodes: ['a'], subject }), 'endpoint 10.244.1.7, seen from a')
  t.equal(
    format.whereText({ ...scope, kind: 'endpoint', nodes: [], subject }),
    'endpoint 10.244.1.7, seen from every node that asks it',
  )
  t.equal(format.whereText({ ...scope, kind: 'cluster', nodes: [] }), 'the whole cluster')
  t.equal(format.countText(1, 'node'), '1 node')
})

t.test('two implementations that disagree about a server', async (t) => {
  const { name, clock } = nodeOf('a', [])
  const agreeing = { offsetSeconds: 0.01, uncertaintySeconds: 0.002, agrees: true }
  const sample = {
    vantage: 'host' as const,
    reference: 'ntp 192.0.2.1',
    outcome: 'answered',
    measuredAt: clock.measuredAt ?? '',
  }
  const told = (
    second: Partial<typeof agreeing> | null,
    reading: { offsetSeconds: number | null; uncertaintySeconds: number | null },
  ) =>
    format.disagreements({
      name,
      clock: { ...clock, samples: [{ ...sample, ...reading, secondOpinion: second && { ...agreeing, ...second } }] },
    })
  const reading = { offsetSeconds: -5, uncertaintySeconds: 0.001 }
  t.strictSame([told(null, reading), told({}, reading)], [[], []])
  t.strictSame(told({ agrees: false }, reading), [
    'a: two implementations disagree about ntp 192.0.2.1: −5 s ± 1 ms and +10 ms ± 2 ms, so neither counts',
  ])
  t.strictSame(told({ agrees: false }, { offsetSeconds: null, uncertaintySeconds: null }), [])
})

t.test('a check that people make by hand, answered', async (t) => {
  const check = { id: 'dns-service-exists', detail: 'kube-system/kube-dns at 10.96.0.10.' }
  t.equal(format.checkText({ ...check, passed: true }), '✓ dns-service-exists: kube-system/kube-dns at 10.96.0.10.')
  t.match(format.checkText({ ...check, passed: false }), /^✕ /)
  t.match(format.checkText({ ...check, passed: null }), /^· /)
})

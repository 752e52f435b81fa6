import t from 'tap'
import * as words from '../src/words.ts'

t.test('durations', async (t) => {
  const cases: [number, string][] = [
    [0.0000004, '0.4 µs'],
    [0.00041, '410 µs'],
    [0.0021, '2.1 ms'],
    [0.25, '250 ms'],
    [-94, '94 s'],
    [1.26, '1.3 s'],
    [599, '599 s'],
    [1200, '20 min'],
    [32_400, '9 h'],
    [900_000, '10 d'],
  ]
  for (const [seconds, wanted] of cases) t.equal(words.durationWords(seconds), wanted)
})

t.test('lists and counts', async (t) => {
  t.equal(words.listWords([]), '')
  t.equal(words.listWords(['a']), 'a')
  t.equal(words.listWords(['a', 'b']), 'a and b')
  t.equal(words.listWords(['a', 'b', 'c']), 'a, b and c')
  t.equal(words.listWords(['a', 'b', 'c', 'd'], 3), 'a, b and 2 more')
  t.equal(words.countWords(1, 'node'), '1 node')
  t.equal(words.ofWords(1, 3, 'node'), '1 of 3 nodes')
})

t.test('who, how and when', async (t) => {
  t.equal(words.targetWords({ role: 'node-local', address: '169.254.20.10' }), 'node-local DNS 169.254.20.10')
  t.equal(words.vantageWords('pod'), 'pods')
  t.equal(words.vantageWords('host'), 'host processes')
  t.equal(words.transportWords(['tcp', 'udp']), 'UDP and TCP')
  t.equal(words.transportWords(['tcp']), 'TCP')
  t.equal(words.instant(1_800_000_000.1234), '2027-01-15T08:00:00.123Z')
  t.equal(words.instantWords(1_800_000_000), '2027-01-15 08:00:00 UTC')
})

t.test('trap 15: the sign, + is ahead', async (t) => {
  t.equal(words.directionWords(-94), 'behind')
  t.equal(words.directionWords(94), 'ahead of')
})

t.test('failures', async (t) => {
  t.equal(words.failureWords({ outcomes: { answered: 3, refused: 2 }, rcode: 0 }), 'refused')
  t.equal(words.failureWords({ outcomes: { answered: 5 }, rcode: 2 }), 'SERVFAIL')
  t.equal(words.failureWords({ outcomes: { late: 1, 'local-error': 4 }, rcode: null }), 'no answer')
  t.equal(words.plainFailureWords('timeout', 'NOERROR'), 'no answer (timeout)')
  t.equal(words.plainFailureWords('SERVFAIL', 'NOERROR'), 'SERVFAIL instead of NOERROR')
  t.equal(words.expectedWords('kubernetes'), 'NOERROR')
  t.equal(words.expectedWords('missing'), 'NXDOMAIN')
  t.equal(words.expectedWords('trap'), 'no answer')
  t.equal(words.expectedWords('identity'), 'an answer')
})

t.test('nothing came, or something that is no answer', async (t) => {
  for (const failure of ['timeout', 'refused', 'unreachable', 'denied', 'closed'])
    t.ok(words.isSilence(failure), failure)
  for (const failure of ['SERVFAIL', 'mismatch', 'wrong-source', 'malformed'])
    t.notOk(words.isSilence(failure), failure)
})

t.test('shares, and what an agent is called in Kubernetes', async (t) => {
  t.equal(words.percentWords(0), 'none')
  t.equal(words.percentWords(0.2), '20 %')
  t.equal(words.percentWords(0.0042), '0.42 %')
  t.equal(words.agentComponent('pod'), 'agent-pod')
})

t.test('of several failures the commonest', async (t) => {
  t.equal(words.failureWords({ outcomes: { refused: 1, timeout: 3, answered: 9 }, rcode: 0 }), 'timeout')
})

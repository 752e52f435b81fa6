import t from 'tap'
import { verdictOf } from '../../src/check/verdict.ts'
import { cache, dead, probe, seen, service } from './seen.ts'

const trap = { role: 'upstream', address: '192.0.2.53', port: 53, learnedFrom: 'configuration' } as const

t.test('a dead cache beside a Service that answers: the difference is the sentence', async (t) => {
  const probes = [dead(), dead({ transport: 'tcp' }), probe({ target: service })]
  t.strictSame(verdictOf(seen({ probes })), {
    state: 'failing',
    sentence: 'Node-local DNS 169.254.20.10: no answer in 5 s over UDP and TCP; cluster DNS 10.96.0.10 answers.',
  })
})

t.test('one transport, or one question, of a server that answers otherwise', async (t) => {
  const sentence = (...probes: Parameters<typeof verdictOf>[0]['probes']) => verdictOf(seen({ probes })).sentence
  t.equal(
    sentence(dead({ transport: 'tcp' }), probe()),
    'Node-local DNS 169.254.20.10: no answer in 5 s over TCP, over UDP it answers.',
  )
  t.equal(
    sentence(dead({ question: 'external', words: 'SERVFAIL instead of NOERROR' }), probe()),
    'Node-local DNS 169.254.20.10: SERVFAIL instead of NOERROR over UDP (external).',
  )
})

t.test('lost packets have their share', async (t) => {
  const lossy = dead({ state: 'degraded', outcomes: { timeout: 1, answered: 2 }, answered: 2 })
  t.match(verdictOf(seen({ probes: [lossy] })), {
    state: 'degraded',
    sentence: 'Node-local DNS 169.254.20.10: no answer in 5 s over UDP, 1 of 3 times.',
  })
})

t.test('what fails comes before what is degraded, and the rest is counted', async (t) => {
  const checks = [{ id: 'x', passed: false, detail: 'A check failed.' }]
  const clocks = [
    {
      server: '192.0.2.123',
      state: 'failing',
      outcome: 'answered',
      offsetSeconds: -94,
      uncertaintySeconds: 0,
      words: '94 s behind',
    } as const,
  ]
  t.match(verdictOf(seen({ probes: [probe()], checks, clocks: [...clocks] })), {
    state: 'failing',
    sentence: 'This clock against 192.0.2.123: 94 s behind; node-local DNS 169.254.20.10 answers. And 1 more above.',
  })
  t.match(verdictOf(seen({ probes: [probe()], checks })), { state: 'degraded', sentence: /^A check failed;/ })
})

t.test('answers that settle nothing are not the same as nobody asked', async (t) => {
  const unsettled = probe({ question: 'invalid', state: 'no-data', rcode: 'SERVFAIL' })
  t.strictSame(verdictOf(seen({ probes: [unsettled, { ...unsettled, transport: 'tcp' }] })), {
    state: 'no-data',
    sentence:
      'It cannot be told: node-local DNS 169.254.20.10 answers SERVFAIL for a name that does not exist, as one does that cannot ask further. Name one that must exist (--name NAME).',
  })
})

t.test('well is said of what was looked at, with what was not', async (t) => {
  const told = verdictOf(seen({ probes: [probe(), probe({ target: service })], notLookedAt: ['a', 'b'] }))
  t.strictSame(told, {
    state: 'ok',
    sentence:
      'As far as was looked at: node-local DNS 169.254.20.10 and cluster DNS 10.96.0.10 answer well, 2 of 2 probes. Not looked at: 2 things, listed above.',
  })
})

t.test('nothing is well that nobody answered', async (t) => {
  const silence = probe({ target: trap, question: 'trap', outcome: 'timeout', answered: 0 })
  const unasked = probe({ target: cache, state: 'no-data', outcome: 'local-error', answered: 0 })
  for (const probes of [[], [silence], [unasked]])
    t.match(verdictOf(seen({ probes })), { state: 'no-data', sentence: /^Nothing is known/ })
})

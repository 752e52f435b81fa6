import t from 'tap'
import { CHECK_SCHEMA, type CheckReport } from '../../src/check/check-report.ts'
import { checkText } from '../../src/check/check-text.ts'
import { dead, probe, seen, service } from './seen.ts'

const report = (some: Partial<CheckReport>): CheckReport => ({
  schema: CHECK_SCHEMA,
  at: '2026-11-21T09:29:12.646Z',
  version: '0.1.0',
  hostname: 'shop-1',
  vantage: 'pod',
  verdict: { state: 'failing', sentence: 'It fails.' },
  ...seen({}),
  ...some,
})

t.test('a table in words, what was not looked at, and the verdict as the last line', async (t) => {
  const probes = [
    dead(),
    dead({ question: 'version' }),
    probe({ target: service }),
    probe({ target: service, variant: 'fixed-port', medianSeconds: 0.0006 }),
    probe({ target: service, question: 'missing', medianSeconds: 0.0006 }),
  ]
  const checks = [
    { id: 'ndots', passed: true, detail: 'ndots is 5.' },
    { id: 'dns-loop', passed: null, detail: 'Nobody knows.' },
    { id: 'search-list', passed: false, detail: 'It lacks one.' },
  ]
  const clocks = [
    {
      server: '192.0.2.123',
      state: 'ok',
      outcome: 'answered',
      offsetSeconds: 0,
      uncertaintySeconds: 0,
      words: '300 µs ahead',
    } as const,
  ]
  t.equal(
    checkText(report({ probes, checks, clocks: [...clocks], notLookedAt: ['Other nodes.'] })),
    `oddnode 0.1.0 from a pod, shop-1, 2026-11-21 09:29:12 UTC by its own clock

WHAT WAS ASKED
  ✕ node-local DNS 169.254.20.10  udp  kubernetes, version     no answer in 5 s  0/6  –
  ✓ cluster DNS 10.96.0.10        udp  kubernetes ×2, missing  answered          3/3  600 µs

THIS CLOCK
  ✓ 192.0.2.123  300 µs ahead

CHECKED BY HAND OTHERWISE
  ✓ ndots: ndots is 5.
  ✕ search-list: It lacks one.

NOT LOOKED AT
  Other nodes.

✕ FAILING  It fails.
`,
  )
})

t.test('a host that knows no server', async (t) => {
  const text = checkText(report({ vantage: 'host' }))
  t.match(text, /^oddnode 0\.1\.0 from the host shop-1/)
  t.match(text, /Nothing: no server is known here\./)
})

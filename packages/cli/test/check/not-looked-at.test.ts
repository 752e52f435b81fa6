import t from 'tap'
import { notLookedAt } from '../../src/check/not-looked-at.ts'
import { dead, probe } from './seen.ts'
import { clusterPlan } from './servers.ts'

const nothing = { plan: clusterPlan([]), vantage: 'pod', probes: [], clocks: [], checks: [] } as const

t.test('one place never says that it saw all', async (t) => {
  const told = notLookedAt(nothing).join('\n')
  for (const what of [
    /This clock/,
    /outside the cluster/,
    /Node-local DNS/,
    /ClusterIP/,
    /512 octets/,
    /node's own network/,
    /Other nodes/,
  ])
    t.match(told, what)
  t.match(notLookedAt({ ...nothing, vantage: 'host' }).join('\n'), /The network of pods/)
})

t.test('what could not be asked or answered is named', async (t) => {
  const unasked = dead({ state: 'no-data', words: 'not asked: this machine could not (EMFILE)' })
  const checks = [{ id: 'time-daemon', passed: null, detail: 'Who keeps this clock right does not show here.' }]
  const clocks = [
    {
      server: '192.0.2.123',
      state: 'no-data',
      outcome: 'local-error',
      offsetSeconds: null,
      uncertaintySeconds: null,
      words: 'not asked',
    } as const,
  ]
  const told = notLookedAt({ ...nothing, probes: [unasked, probe()], checks, clocks }).join('\n')
  t.match(told, 'node-local DNS 169.254.20.10 over UDP (kubernetes): not asked: this machine could not (EMFILE).')
  t.match(told, 'This clock against 192.0.2.123: not asked.')
  t.match(told, 'Who keeps this clock right does not show here.')
  t.notMatch(told, '--ntp')
})

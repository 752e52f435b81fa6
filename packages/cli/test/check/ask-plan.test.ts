import { createFixedPorts, probePlanned } from '@oddnode/agent'
import { type Observation, observationOf, type Plan } from '@oddnode/protocol'
import t from 'tap'
import { dnsServer } from '../../../agent/test/dns-server.ts'
import { askPlan, isUnwell, type Progress } from '../../src/check/ask-plan.ts'
import { clusterPlan } from './servers.ts'

t.setTimeout(120_000)

const NXDOMAIN = 3
const SERVFAIL = 2
/** Names of a cluster are there, those that should be missing are not. */
const good = ({ name }: { name: string }) => (/^p\d+\./.test(name) ? NXDOMAIN : 0)

async function ask(plan: Plan, signal = new AbortController().signal) {
  const progress: Progress[] = []
  const fixedPorts = createFixedPorts(50_000)
  const asked = await askPlan(plan, {
    ask: (_, probe, turn, socket) => {
      const planned = plan.probes[probe]
      if (!planned) throw new RangeError(`probe ${probe}`)
      return probePlanned(plan, planned, { turn, socket, fixedPorts, signal })
    },
    onProgress: (now) => progress.push({ ...now }),
    signal,
  })
  const outcomes = asked.map(({ probe, observations }) => ({
    probe: `${plan.probes[probe]?.question}/${plan.probes[probe]?.transport}`,
    outcomes: observations.map(({ outcome }) => outcome),
  }))
  return { outcomes, progress }
}

t.test('what answers well is asked once', async (t) => {
  const server = await dnsServer(t, good)
  const { outcomes, progress } = await ask(clusterPlan([server.port], 5))
  t.strictSame(outcomes, [
    { probe: 'kubernetes/udp', outcomes: ['answered'] },
    { probe: 'version/udp', outcomes: ['answered'] },
    { probe: 'missing/udp', outcomes: ['answered'] },
    { probe: 'kubernetes/tcp', outcomes: ['answered'] },
  ])
  t.equal(server.queries.length, 4)
  t.match(progress.at(-1), { done: 4, all: 4, again: 0 })
})

t.test('a silent server is asked three times, on the other kind of socket too, and what answers is not', async (t) => {
  const server = await dnsServer(t, (query) => (query.transport === 'udp' ? 'silent' : 0))
  const { outcomes, progress } = await ask(clusterPlan([server.port]))
  t.strictSame(outcomes[0]?.outcomes, ['timeout', 'timeout', 'timeout'])
  t.strictSame(outcomes[3], { probe: 'kubernetes/tcp', outcomes: ['answered'] })
  t.ok(progress.some(({ again }) => again === 3))
  t.match(progress.at(-1), { done: 4, again: 0 })
})

t.test('a SERVFAIL is asked again only when a cache has forgotten it', async (t) => {
  const server = await dnsServer(t, SERVFAIL)
  await ask(clusterPlan([server.port], 0.2))
  const times = server.queries.filter(({ name }) => name.startsWith('dns-version')).map(({ at }) => at)
  t.equal(times.length, 3)
  const [first = 0, second = 0, third = 0] = times
  t.ok(second - first > 0.4 && third - second > 0.4, `after ${second - first} and ${third - second} s`)
})

t.test('one lost packet is one of three', async (t) => {
  let lost = 0
  const server = await dnsServer(t, (query) =>
    query.name.startsWith('dns-version') && lost++ === 0 ? 'silent' : good(query),
  )
  const { outcomes } = await ask(clusterPlan([server.port]))
  t.strictSame(outcomes[1]?.outcomes, ['timeout', 'answered', 'answered'])
})

t.test('an answer that is cut is asked for over TCP', async (t) => {
  const server = await dnsServer(t, (query) =>
    query.transport === 'udp' && query.name.startsWith('dns-version') ? 'truncated' : good(query),
  )
  const { outcomes } = await ask(clusterPlan([server.port], 1))
  t.ok(outcomes.some(({ probe, outcomes: [first] }) => probe === 'version/tcp' && first === 'answered'))
})

t.test('an interrupted check ends at once', async (t) => {
  const server = await dnsServer(t, 'silent')
  const ending = new AbortController()
  setTimeout(() => ending.abort(), 100)
  const startedAt = performance.now()
  await ask(clusterPlan([server.port], 20), ending.signal)
  t.ok(performance.now() - startedAt < 5000)
})

t.test('what is unwell', async (t) => {
  const [planned] = clusterPlan([53]).probes
  if (planned === undefined) throw new Error('no probe')
  const seen = (outcome: Observation['outcome'], rcode: number | null = null) => observationOf(outcome, { rcode })
  t.equal(isUnwell(planned, seen('answered', 0)), false)
  t.equal(isUnwell(planned, seen('answered', SERVFAIL)), true)
  t.equal(isUnwell(planned, seen('late', 0)), true)
  t.equal(isUnwell(planned, seen('local-error')), false)
})

import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makePlan, outcomes, type Plan, type PlanInput, type Round, type Target, UNKNOWN_PLAN } from '@oddnode/protocol'
import { Round as RoundSchema } from '@oddnode/protocol/schema'
import t, { type Test } from 'tap'
import { Value } from 'typebox/value'
import { type RunningAgent, startAgent } from '../src/app.ts'
import { createLog } from '../src/log.ts'
import { type Aggregator, type Push, startAggregator } from './aggregator.ts'
import { configOf } from './configuration.ts'
import { dnsServer, healthy } from './dns-server.ts'
import { loadedFiles, loadedModules } from './loaded-modules.ts'
import { until } from './until.ts'

/** Everything that waits is short, so that a test sees several rounds. */
const hurried = ['--intervalSeconds=0.4', '--deadlineSeconds=0.1', '--closeSeconds=0.15', '--suspicionSeconds=0.2']
const inCluster = ['--node=node-1', '--vantage=pod', '--names.clusterDomain=cluster.local', '--names.namespace=oddnode']

async function start(t: Test, ...flags: string[]): Promise<{ agent: RunningAgent; log: string[] }> {
  const log: string[] = []
  const etc = t.testdir({ 'resolv.conf': 'nameserver 127.0.0.1\n', token: 'first' })
  const config = configOf(...hurried, ...inCluster, `--paths.etc=${etc}`, ...flags)
  const agent = await startAgent({
    config: { ...config, targets: { ...config.targets } },
    version: '0.1.0',
    environment: {},
    log: createLog('info', (line) => log.push(line)),
  })
  let stopped: Promise<void> | undefined
  const stop = () => {
    stopped ??= agent.stop()
    return stopped
  }
  t.teardown(stop)
  return { agent: { ...agent, stop }, log }
}

const rounds = ({ pushes }: Aggregator): Round[] => pushes.map(({ round }) => round)
const outcomesOf = ({ samples }: Round) => samples.outcome.map((index) => outcomes[index])
const counterOf = ({ path }: Push) => Number(path.split('-').at(-1))

async function metric(agent: RunningAgent, pattern: RegExp): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${agent.port}/metrics`)).text()
  const lines = text.split('\n').filter((line) => pattern.test(line))
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
}

const endpoint = (port: number): Target => ({ role: 'endpoint', address: '127.0.0.1', port, learnedFrom: 'kubernetes' })

const planOf = (targets: Target[], changed: Partial<PlanInput> = {}): Plan =>
  makePlan({
    vantage: 'pod',
    targets,
    names: { clusterDomain: 'cluster.local', namespace: 'oddnode', external: null, canary: null },
    intervalSeconds: 0.4,
    deadlineSeconds: 0.1,
    closeSeconds: 0.15,
    suspicionSeconds: 0.2,
    ntp: [],
    aggregators: [],
    ...changed,
  })

t.test('probes, and pushes rounds of the schema under its node and vantage', async (t) => {
  const dns = await dnsServer(t, healthy)
  const aggregator = await startAggregator(t, ({ round }) =>
    round.planBody ? 'accept' : { status: 409, body: UNKNOWN_PLAN },
  )
  await start(t, `--targets.clusterDns=127.0.0.1:${dns.port}`, `--aggregator=${aggregator.url}`)
  await until('three rounds', () => aggregator.pushes.filter(({ round }) => round.planBody).length >= 3)
  for (const { path, round } of aggregator.pushes) {
    t.match(path, /^\/v1\/agents\/node-1\/pod\/rounds\/[0-9a-f]{16}-\d+$/)
    t.ok(Value.Check(RoundSchema, round))
  }
  const [first] = rounds(aggregator).filter(({ planBody }) => planBody)
  const plan = first?.planBody
  const ofClusterDns = rounds(aggregator).flatMap((round) =>
    outcomesOf(round).filter((_outcome, i) => plan?.probes[round.samples.probe[i] ?? -1]?.target === 0),
  )
  // A busy machine may answer the odd one late.
  t.ok(ofClusterDns.filter((outcome) => outcome === 'answered').length > 10)
  t.match(first?.planBody?.targets, [{ role: 'cluster-dns' }])
  const facts = rounds(aggregator).flatMap(({ facts }) => facts ?? [])
  t.match(facts[0]?.resolvConf, { nameservers: ['127.0.0.1'] })
  const clock = rounds(aggregator).flatMap((round) => round.clock ?? [])
  t.ok(
    clock.length > 0 &&
      clock.every(
        ({ reference, offsetSeconds, uncertaintySeconds }) =>
          reference.kind === 'aggregator' && Math.abs(offsetSeconds ?? 9) <= (uncertaintySeconds ?? 0) + 0.05,
      ),
  )
})

t.test('ready when a round has ended, live from the start, and the aggregator is no matter of either', async (t) => {
  const dns = await dnsServer(t, 'silent')
  const { agent } = await start(
    t,
    `--targets.upstream=127.0.0.1:${dns.port}`,
    '--names.external=example.net',
    '--aggregator=http://127.0.0.1:1',
  )
  const status = async (path: string) => (await fetch(`http://127.0.0.1:${agent.port}${path}`)).status
  t.strictSame([await status('/livez'), await status('/readyz')], [200, 503])
  await until('ready', async () => (await status('/readyz')) === 200)
})

t.test(
  'trap 24: findings survive the outage: rounds wait, bounded and counted, and arrive oldest first with their true age',
  async (t) => {
    const dns = await dnsServer(t, healthy)
    const down = await startAggregator(t)
    const port = Number(new URL(down.url).port)
    await down.close()
    const kept = 6
    const { agent, log } = await start(
      t,
      `--targets.clusterDns=127.0.0.1:${dns.port}`,
      `--aggregator=${down.url}`,
      `--bufferRounds=${kept}`,
    )
    const dropped = () => metric(agent, /^oddnode_dropped_rounds_total/)
    await until('a full buffer that dropped some', async () => (await dropped()) >= 2, 40)
    const newestThen = (await dropped()) + kept
    const fullAt = performance.now()
    t.equal(await metric(agent, /^oddnode_buffered_rounds/), kept)
    t.ok((await metric(agent, /^oddnode_probe_outcomes_total.*answered/)) > 10, 'it goes on probing and serving')
    t.ok((await metric(agent, /^oddnode_pushes_total.*failed/)) > 0)
    t.equal(log.filter((line) => line.includes('push failed')).length, 1, 'said once')

    const up = await startAggregator(t, 'accept', port)
    const upAt = performance.now()
    await until('the flush', () => up.pushes.length > kept, 40)
    const flushed = up.pushes.slice(0, kept)
    const counters = flushed.map(counterOf)
    t.strictSame(
      counters,
      counters.toSorted((a, b) => a - b),
    )
    const ends = flushed.map(({ at, round }) => at - round.ageSeconds)
    t.strictSame(
      ends,
      ends.toSorted((a, b) => a - b),
    )
    const waiting = flushed.filter((push) => counterOf(push) < newestThen)
    t.not(waiting.length, 0)
    for (const { round } of waiting) t.ok(round.ageSeconds > (upAt - fullAt) / 1000, 'as old as it is')
    t.ok((flushed[0]?.round.droppedRounds ?? 0) >= 2)
    t.ok(flushed.every(({ round }) => round.samples.probe.length > 0))
  },
)

t.test('a round that is pushed again is the same round: a repeat is harmless', async (t) => {
  const dns = await dnsServer(t, healthy)
  const aggregator = await startAggregator(t, (_push, count) => (count < 2 ? { status: 503 } : 'accept'))
  await start(t, `--targets.clusterDns=127.0.0.1:${dns.port}`, `--aggregator=${aggregator.url}`)
  await until('the third try', () => aggregator.pushes.length >= 3)
  const [first, second, third] = aggregator.pushes
  t.strictSame([second?.path, third?.path], [first?.path, first?.path])
  t.strictSame(third?.round.samples, first?.round.samples)
  t.ok((third?.round.ageSeconds ?? 0) > (first?.round.ageSeconds ?? 0))
})

t.test('a wrong round is dropped and counted, and the next one arrives', async (t) => {
  const dns = await dnsServer(t, healthy)
  let refused = 0
  const aggregator = await startAggregator(t, ({ round }) =>
    round.facts && refused++ === 0 ? { status: 400, body: '{"pointer":"/samples"}' } : 'accept',
  )
  const { agent, log } = await start(t, `--targets.clusterDns=127.0.0.1:${dns.port}`, `--aggregator=${aggregator.url}`)
  await until('the facts that it carried, again', () => refused === 2)
  t.equal(await metric(agent, /^oddnode_pushes_total.*rejected/), 1)
  t.ok(log.some((line) => line.includes('/samples')))
  const paths = aggregator.pushes.map(({ path }) => path)
  t.equal(new Set(paths).size, paths.length, 'it is not pushed again')
})

t.test('an aggregator that refuses the facts still gets the samples, and the log says so once', async (t) => {
  const dns = await dnsServer(t, healthy)
  const aggregator = await startAggregator(t, ({ round }) =>
    round.facts ? { status: 400, body: '{"pointer":"/facts/hosts/0/address"}' } : { answer: { wantFacts: true } },
  )
  const empty = t.testdirName
  const { log } = await start(
    t,
    `--targets.clusterDns=127.0.0.1:${dns.port}`,
    `--aggregator=${aggregator.url}`,
    `--paths.proc=${empty}`,
    `--paths.sys=${empty}`,
    `--paths.run=${empty}`,
  )
  const taken = () => rounds(aggregator).filter(({ facts, samples }) => !facts && samples.probe.length > 0)
  await until('samples', () => taken().length >= 4)
  // The machine's addresses may change meanwhile, and are sent then.
  const sent = rounds(aggregator).flatMap(({ facts }) => (facts ? JSON.stringify(facts) : []))
  t.not(sent.length, 0)
  t.equal(new Set(sent).size, sent.length, 'they are not sent again, though asked for')
  const said = log.filter((line) => line.includes('facts refused')).length
  t.ok(said > 0 && said <= sent.length, `said ${said} times`)
  t.equal(log.filter((line) => line.includes('push rejected')).length, 0)
})

t.test('a clock is not measured against itself', async (t) => {
  const dns = await dnsServer(t, healthy)
  const aggregator = await startAggregator(t)
  const flags = [`--targets.clusterDns=127.0.0.1:${dns.port}`, `--aggregator=${aggregator.url}`]
  const agent = await startAgent({
    config: configOf(...hurried, ...inCluster, `--paths.etc=${t.testdir({})}`, ...flags),
    version: '0.1.0',
    environment: {},
    log: createLog('info', () => {}),
    sharesAggregatorsClock: true,
  })
  t.teardown(agent.stop)
  await until('four rounds', () => aggregator.pushes.length >= 4)
  t.strictSame(
    rounds(aggregator).flatMap(({ clock }) => clock ?? []),
    [],
  )
})

t.test('server found by DNS: with all DNS dead pushes still arrive', async (t) => {
  const dns = await dnsServer(t, 'silent')
  const aggregator = await startAggregator(t)
  await start(
    t,
    `--targets.clusterDns=127.0.0.1:${dns.port}`,
    '--aggregator=http://oddnode.invalid:8530',
    `--aggregator=http://oddnode.invalid:8530,${aggregator.url}`,
  )
  await until('bad samples', () => rounds(aggregator).some((round) => outcomesOf(round).includes('timeout')))
  t.ok(rounds(aggregator).every((round) => !outcomesOf(round).includes('answered')))
})

t.test('a resolver that fails only costs the address that needs it', async (t) => {
  const dns = await dnsServer(t, healthy)
  const { agent, log } = await start(
    t,
    `--targets.clusterDns=127.0.0.1:${dns.port}`,
    '--aggregator=http://oddnode.invalid:8530',
  )
  await until('failures', async () => (await metric(agent, /^oddnode_pushes_total.*failed/)) >= 1)
  t.ok(log.some((line) => /ENOTFOUND|EAI_AGAIN|no answer/.test(line)))
  t.ok((await metric(agent, /^oddnode_probe_outcomes_total.*answered/)) > 0)
})

t.test('the token is read again for each push', async (t) => {
  const dns = await dnsServer(t, healthy)
  const aggregator = await startAggregator(t)
  const file = join(t.testdir({ token: 'first' }), 'token')
  const etc = t.testdirName
  await start(
    t,
    `--targets.clusterDns=127.0.0.1:${dns.port}`,
    `--aggregator=${aggregator.url}`,
    `--tokenFile=${etc}/token`,
  )
  await until('a push', () => aggregator.pushes.some(({ authorization }) => authorization === 'Bearer first'))
  writeFileSync(file, 'second')
  await until('the other token', () => aggregator.pushes.some(({ authorization }) => authorization === 'Bearer second'))
})

t.test('trap 12: endpoints are read again: what the new plan lacks is not asked, nor shown', async (t) => {
  const [old, fresh] = [await dnsServer(t, healthy), await dnsServer(t, healthy)]
  const plan = planOf([endpoint(fresh.port)])
  const aggregator = await startAggregator(t)
  const { agent } = await start(t, `--targets.endpoint=127.0.0.1:${old.port}`, `--aggregator=${aggregator.url}`)
  await until('rounds of the own plan', () => aggregator.pushes.length >= 2)
  aggregator.react({ answer: { plan } })
  await until('a round of the new plan', () => rounds(aggregator).some((round) => round.plan === plan.id))
  const asked = old.queries.length
  await until('three more', () => rounds(aggregator).filter((round) => round.plan === plan.id).length >= 4)
  t.equal(old.queries.length, asked)
  t.equal(await metric(agent, new RegExp(`^oddnode_probe_outcomes_total.*:${old.port}"`)), 0)
  t.ok((await metric(agent, new RegExp(`^oddnode_probe_outcomes_total.*:${fresh.port}"`))) > 0)
})

t.test('a plan change in the middle of a suspicion asks no probe of the old plan', async (t) => {
  const [old, fresh] = [await dnsServer(t, 'silent'), await dnsServer(t, healthy)]
  const plan = planOf([endpoint(fresh.port)])
  const aggregator = await startAggregator(t)
  await start(
    t,
    `--targets.endpoint=127.0.0.1:${old.port}`,
    `--targets.clusterDns=127.0.0.1:${old.port}`,
    `--aggregator=${aggregator.url}`,
  )
  await until('a suspicion', () => rounds(aggregator).some(({ kind }) => kind === 'suspicion'))
  aggregator.react({ answer: { plan } })
  const ofNew = () => rounds(aggregator).filter((round) => round.plan === plan.id)
  await until('a round of the new plan', () => ofNew().length > 0)
  const asked = old.queries.length
  await until('three more', () => ofNew().length >= 4)
  t.equal(old.queries.length, asked)
  t.ok(ofNew().flatMap(outcomesOf).includes('answered'))
})

t.test('trap 22: a failed discovery is no data: without a newer plan the old one stays', async (t) => {
  const dns = await dnsServer(t, healthy)
  const plan = planOf([endpoint(dns.port)])
  const aggregator = await startAggregator(t, { answer: { plan } })
  await start(t, `--aggregator=${aggregator.url}`)
  await until('the plan', () => rounds(aggregator).some((round) => round.plan === plan.id))
  aggregator.react((_push, count) => (count % 2 === 0 ? 'accept' : { status: 503 }))
  const from = aggregator.pushes.length
  await until('more rounds', () => aggregator.pushes.length >= from + 4)
  t.ok(
    rounds(aggregator)
      .slice(from)
      .every((round) => round.plan === plan.id),
  )
})

t.test('a plan that cannot be asked is refused, and the old one stays', async (t) => {
  const dns = await dnsServer(t, healthy)
  const plan = planOf([{ ...endpoint(dns.port), address: 'coredns.kube-system' }])
  const aggregator = await startAggregator(t, { answer: { plan } })
  const { log } = await start(t, `--targets.endpoint=127.0.0.1:${dns.port}`, `--aggregator=${aggregator.url}`)
  await until('three rounds', () => aggregator.pushes.length >= 3)
  t.ok(log.some((line) => line.includes('plan refused') && line.includes('is no address')))
  t.ok(rounds(aggregator).every((round) => round.plan !== plan.id))
})

t.test('trap 20: TC is not success: truncated, then the same question over TCP', async (t) => {
  const dns = await dnsServer(t, (query) => (query.transport === 'udp' ? 'truncated' : healthy(query)))
  const aggregator = await startAggregator(t)
  await start(t, `--targets.clusterDns=127.0.0.1:${dns.port}`, `--aggregator=${aggregator.url}`)
  await until('both', () => {
    const all = rounds(aggregator).flatMap(outcomesOf)
    return (
      all.includes('truncated') &&
      dns.queries.some(({ transport, name }) => transport === 'tcp' && name.startsWith('dns-version'))
    )
  })
  t.pass()
})

t.test('dial errors count: one target refuses, one is silent, and the counters of both move', async (t) => {
  const [silent, healthyOne] = [await dnsServer(t, 'silent'), await dnsServer(t, healthy)]
  const closed = createServer().listen(0, '127.0.0.1')
  await once(closed, 'listening')
  const { port: nobody } = closed.address() as AddressInfo
  closed.close()
  const { agent } = await start(
    t,
    `--targets.clusterDns=127.0.0.1:${healthyOne.port}`,
    `--targets.endpoint=127.0.0.1:${nobody},127.0.0.1:${silent.port}`,
  )
  const counted = (port: number, transport: string, outcome: string) =>
    metric(agent, new RegExp(`^oddnode_probe_outcomes_total.*:${port}",transport="${transport}".*outcome="${outcome}"`))
  for (const transport of ['udp', 'tcp']) {
    await until(`refused over ${transport}`, async () => (await counted(nobody, transport, 'refused')) >= 2)
    await until(`timeout over ${transport}`, async () => (await counted(silent.port, transport, 'timeout')) >= 2)
    t.ok((await counted(healthyOne.port, transport, 'answered')) > 0, 'others are as they are')
    t.equal(await counted(healthyOne.port, transport, 'timeout'), 0)
  }
})

t.test('trap 11: ndots:5 and five search domains: what is asked is the absolute name, and nothing else', async (t) => {
  const dns = await dnsServer(t, 3)
  const aggregator = await startAggregator(t)
  const search = ['a', 'b', 'c', 'd', 'e'].map((label) => `${label}.example.org`)
  const etc = mkdtempSync(join(tmpdir(), 'oddnode-etc-'))
  t.teardown(() => rmSync(etc, { recursive: true }))
  writeFileSync(join(etc, 'resolv.conf'), `nameserver 127.0.0.1\nsearch ${search.join(' ')}\noptions ndots:5\n`)
  await start(
    t,
    `--targets.upstream=127.0.0.1:${dns.port}`,
    '--names.external=example.net',
    `--aggregator=${aggregator.url}`,
    `--paths.etc=${etc}`,
    '--vantage=host',
  )
  await until('three rounds', () => aggregator.pushes.filter(({ round }) => round.samples.probe.length > 0).length >= 3)
  t.match(rounds(aggregator).find(({ facts }) => facts)?.facts?.resolvConf, { search, options: ['ndots:5'] })
  const names = new Set(dns.queries.map(({ name }) => name))
  t.ok(names.has('example.net'))
  t.notOk(
    [...names].some((name) => name.includes('example.org')),
    `${[...names]}`,
  )
})

t.test('what the twin vantage suspects is asked at once', async (t) => {
  const dns = await dnsServer(t, healthy)
  const aggregator = await startAggregator(t, (_push, count) =>
    count === 0 ? { answer: { suspects: [0] } } : 'accept',
  )
  await start(t, `--targets.clusterDns=127.0.0.1:${dns.port}`, `--aggregator=${aggregator.url}`, '--intervalSeconds=4')
  await until('a round of suspicion', () => rounds(aggregator).some(({ kind }) => kind === 'suspicion'))
  const suspicion = rounds(aggregator).find(({ kind }) => kind === 'suspicion')
  t.ok((suspicion?.samples.probe.length ?? 0) > 0)
})

t.test('what it suspects by an older plan is not asked: its targets are others', async (t) => {
  const dns = await dnsServer(t, healthy)
  const other = await dnsServer(t, healthy)
  const aggregator = await startAggregator(t, (_push, count) =>
    count === 0
      ? { answer: { plan: planOf([endpoint(other.port)], { intervalSeconds: 4 }) } }
      : { answer: { suspects: [0] } },
  )
  const { agent } = await start(t, `--targets.clusterDns=127.0.0.1:${dns.port}`, `--aggregator=${aggregator.url}`)
  await until('rounds of both plans', () => new Set(rounds(aggregator).map(({ plan }) => plan)).size === 2)
  await agent.stop()
  const [first] = rounds(aggregator)
  const answered = rounds(aggregator).findIndex(({ plan }) => plan !== first?.plan)
  const ofOlder = rounds(aggregator)
    .slice(1, answered)
    .filter(({ plan }) => plan === first?.plan)
  t.ok(ofOlder.length > 0, 'what was under way when the plan came')
  t.not(rounds(aggregator)[answered]?.kind, 'suspicion')
})

t.test('nothing is asked out of turn where the aggregator holds it back', async (t) => {
  const dns = await dnsServer(t, 'silent')
  const aggregator = await startAggregator(t, { answer: { holdBack: true } })
  await start(t, `--targets.clusterDns=127.0.0.1:${dns.port}`, `--aggregator=${aggregator.url}`)
  const regular = () => rounds(aggregator).filter(({ kind }) => kind === 'regular').length
  await until('six rounds', () => regular() >= 6)
  const [often] = Map.groupBy(
    rounds(aggregator).flatMap(({ samples }) => samples.probe),
    (probe) => probe,
  ).values()
  t.ok((often?.length ?? 0) > 3, 'what failed is told')
  t.ok((often?.length ?? 99) <= regular() + 2, 'and asked once a round')
})

t.test('facts again when the aggregator has none', async (t) => {
  const dns = await dnsServer(t, healthy)
  const aggregator = await startAggregator(t, { answer: { wantFacts: true } })
  await start(t, `--targets.clusterDns=127.0.0.1:${dns.port}`, `--aggregator=${aggregator.url}`)
  await until('facts three times', () => rounds(aggregator).filter(({ facts }) => facts).length >= 3)
  t.pass()
})

t.test('the last round is a goodbye', async (t) => {
  const dns = await dnsServer(t, healthy)
  const aggregator = await startAggregator(t)
  const { agent } = await start(t, `--targets.clusterDns=127.0.0.1:${dns.port}`, `--aggregator=${aggregator.url}`)
  await until('a push', () => aggregator.pushes.length >= 1)
  await agent.stop()
  t.equal(rounds(aggregator).at(-1)?.kind, 'goodbye')
  const counters = aggregator.pushes.map(counterOf)
  t.strictSame(
    counters,
    counters.map((_, i) => i),
    'each round once, in order',
  )
  await t.rejects(fetch(`http://127.0.0.1:${agent.port}/livez`))
  const { length } = dns.queries
  await new Promise((resolve) => setTimeout(resolve, 600))
  t.equal(dns.queries.length, length, 'and then it asks nothing more')
})

t.test('a port in use is an error of the start', async (t) => {
  const { agent } = await start(t)
  await t.rejects(start(t, `--listen.port=${agent.port}`), { code: 'EADDRINUSE' })
})

t.test('without metrics', async (t) => {
  const { agent } = await start(t, '--metrics=false')
  t.equal((await fetch(`http://127.0.0.1:${agent.port}/metrics`)).status, 404)
})

t.test('an agent loads nothing that it does not use', async (t) => {
  const loaded = loadedModules(new URL('../src/app.ts', import.meta.url))
  for (const module of ['https', 'tls', 'cluster', 'zlib', 'internal/deps/undici/undici'])
    t.notOk(loaded.includes(module), module)
  const files = loadedFiles(new URL('../src/app.ts', import.meta.url))
  t.ok(files.some((url) => url.includes('/probes/src/')))
  t.notOk(files.find((url) => /node_modules\/(typebox|ajv|undici|ntp-time-sync|prom-client)\//.test(url)))
})

// A simulated cluster with everything that is normal and looks like trouble, for a day, evaluated each second as the aggregator does:
//
//   npm run bench -- noise [--nodes 1000] [--hours 24] [--lossy node-00007] [--loss 0.03] [--seed 1]
//
// 0.1 % random loss on every path with suspicion asking again, tails of latency, roll-outs of CoreDNS, of the node-local cache and of
// oddnode itself, nodes that come and go, NTP jitter. Wanted: no finding; with --lossy exactly that node.
import { availableParallelism, cpus } from 'node:os'
import { parseArgs } from 'node:util'
import {
  applyCluster,
  applyRound,
  applyTick,
  createFleet,
  defaultThresholds,
  type Fleet,
  visibleFindings,
} from '@oddnode/diagnosis'
import {
  type ClockSample,
  judge,
  type Observation,
  observationOf,
  type Plan,
  type Sample,
  type Vantage,
} from '@oddnode/protocol'
import { healthy, INTERVAL_SECONDS, planFor, START, simulatedCluster } from './diagnosis-fleet.ts'
import { createRandom } from './random.ts'

const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: '1000' },
    hours: { type: 'string', default: '24' },
    lossy: { type: 'string', default: '' },
    loss: { type: 'string', default: '0.03' },
    seed: { type: 'string', default: '1' },
  },
})
const nodeCount = Number(values.nodes)
const endsAt = START + Number(values.hours) * 3600
const random = createRandom(Number(values.seed))

const USUAL_LOSS = 0.001
const SUSPICION_SECONDS = 5.25
const MOST_REPEATS = 5
const HOUR = 3600

/** One agent, as far as the simulation needs it. */
type Agent = {
  node: string
  vantage: Vantage
  /** What it was told in the answer to its last push. */
  plan: Plan
  boot: string
  counter: number
  nextAt: number
  offsetSeconds: number
  silentUntil: number
}
type Gap = { from: number; until: number }
type Repeat = { agent: Agent; plan: Plan; probe: number; at: number; left: number }

const timeout = observationOf('timeout', { error: 'no answer within 6 s' })
const fleet: Fleet = createFleet(START, defaultThresholds)
const agents = new Map<string, Agent>()
let endpoints = ['10.244.1.2', '10.244.2.2']
let endpointsChangedAt = START - 86_400
let plans: Record<Vantage, Plan> = plansOf(endpoints)
let repeats: Repeat[] = []
/** Node-local DNS is being replaced there until then; so is the CoreDNS pod at this address. */
const cacheDown = new Map<string, Gap>()
const endpointDown = new Map<string, Gap>()
let nextNode = 0
const createdAt = new Map<string, number>()

function plansOf(addresses: readonly string[]): Record<Vantage, Plan> {
  return { host: planFor('host', addresses), pod: planFor('pod', addresses) }
}

/** Rounds of healthy samples, with latencies drawn once: most below a millisecond, some a hundred times that. */
const variants = new WeakMap<Plan, Sample[][]>()
function healthySamples(plan: Plan): Sample[] {
  const known = variants.get(plan) ?? Array.from({ length: 64 }, () => drawSamples(plan))
  variants.set(plan, known)
  return known[Math.floor(random() * known.length)] as Sample[]
}

function drawSamples(plan: Plan): Sample[] {
  return plan.probes.flatMap((planned, probe) => {
    if (planned.onlyAfterTruncation) return []
    const observation = healthy(planned)
    const slower = random() < 0.02 ? 20 + 200 * random() : 0.7 + random()
    const seconds = observation.seconds === null ? null : Math.min(1.9, observation.seconds * slower)
    return [{ probe, ageSeconds: random() * INTERVAL_SECONDS, observation: { ...observation, seconds } }]
  })
}

function isLost(agent: Agent, plan: Plan, probe: number, at: number): boolean {
  const planned = plan.probes[probe]
  const target = plan.targets[planned?.target ?? -1]
  if (planned === undefined || target === undefined || planned.question === 'trap') return false
  if (target.role === 'node-local' && isIn(cacheDown.get(agent.node), at)) return true
  if (isIn(endpointDown.get(target.address), at)) return true
  const loss = agent.node === values.lossy && planned.transport === 'udp' ? Number(values.loss) : USUAL_LOSS
  return random() < loss
}

const isIn = (gap: Gap | undefined, at: number): boolean => gap !== undefined && at >= gap.from && at < gap.until

function observe(agent: Agent, plan: Plan, sample: Sample, at: number): Sample {
  const lost = isLost(agent, plan, sample.probe, at - sample.ageSeconds)
  return lost ? { ...sample, observation: timeout } : sample
}

function push(
  agent: Agent,
  at: number,
  samples: readonly Sample[],
  plan: Plan,
  kind: 'regular' | 'suspicion' | 'goodbye',
): void {
  applyRound(fleet, {
    node: agent.node,
    vantage: agent.vantage,
    boot: agent.boot,
    counter: agent.counter++,
    receivedAt: at,
    round: {
      version: '0.1.0',
      kind,
      ageSeconds: 0.01,
      droppedRounds: 0,
      ...(kind === 'regular' ? { clock: clockOf(agent) } : {}),
    },
    samples,
    plan,
  })
}

/** Slow wander of some milliseconds and the jitter of a network; the uncertainty is half the delay. */
function clockOf(agent: Agent): ClockSample[] {
  agent.offsetSeconds = 0.999 * agent.offsetSeconds + 0.0004 * (random() - 0.5)
  const delaySeconds = 0.0005 + (random() < 0.01 ? 0.08 * random() : 0.001 * random())
  const error = (random() - 0.5) * delaySeconds
  const sample = (kind: 'ntp' | 'aggregator', address: string): ClockSample => ({
    reference: { kind, address },
    outcome: 'answered',
    offsetSeconds: agent.offsetSeconds + error,
    uncertaintySeconds: delaySeconds / 2,
    delaySeconds,
  })
  return agent.vantage === 'host' && random() < 0.25
    ? [sample('aggregator', '10.0.0.1'), sample('ntp', '192.0.2.123')]
    : [sample('aggregator', '10.0.0.1')]
}

function round(agent: Agent, at: number): void {
  const { plan } = agent
  const samples = healthySamples(plan).map((sample) => observe(agent, plan, sample, at))
  for (const { probe, observation } of samples) suspect(agent, plan, probe, observation, at)
  push(agent, at, samples, plan, 'regular')
  agent.plan = plans[agent.vantage]
}

function suspect(agent: Agent, plan: Plan, probe: number, observation: Observation, at: number): void {
  const planned = plan.probes[probe]
  if (planned !== undefined && judge(planned, observation) === 'bad')
    repeats.push({ agent, plan, probe, at: at + SUSPICION_SECONDS, left: MOST_REPEATS })
}

function askAgain(at: number): void {
  const due = repeats.filter((repeat) => repeat.at <= at)
  repeats = repeats.filter((repeat) => repeat.at > at)
  for (const { agent, plan, probe, left } of due) {
    const planned = plan.probes[probe]
    const isGone = !agents.has(`${agent.vantage}/${agent.node}`) || agent.silentUntil > at
    if (planned === undefined || isGone || agent.plan !== plan) continue
    const sample = observe(agent, plan, { probe, ageSeconds: 0, observation: healthy(planned) }, at)
    push(agent, at, [sample], plan, 'suspicion')
    if (judge(planned, sample.observation) === 'bad' && left > 1)
      repeats.push({ agent, plan, probe, at: at + SUSPICION_SECONDS, left: left - 1 })
  }
}

function addNode(at: number): void {
  const node = `node-${String(nextNode++).padStart(5, '0')}`
  createdAt.set(node, at === START ? START - 86_400 : at)
  for (const vantage of ['host', 'pod'] as const) {
    const nextAt = at + random() * INTERVAL_SECONDS
    agents.set(`${vantage}/${node}`, {
      node,
      vantage,
      plan: plans[vantage],
      boot: bootId(),
      counter: 0,
      nextAt,
      offsetSeconds: 0.002 * (random() - 0.5),
      silentUntil: 0,
    })
  }
}

const bootId = () => Array.from({ length: 16 }, () => Math.floor(random() * 16).toString(16)).join('')
const nodeNames = () => [...new Set([...agents.values()].map(({ node }) => node))]

function tellCluster(at: number): void {
  const cluster = simulatedCluster(nodeNames(), endpoints)
  const nodes = cluster.nodes.map((node) => ({ ...node, createdAt: createdAt.get(node.name) ?? START }))
  applyCluster(fleet, at, { ...cluster, nodes, dns: { ...cluster.dns, endpointsChangedAt } })
}

/** What a day of a cluster brings, by the second. */
const events: { everySeconds: number; firstAt: number; happen: (at: number) => void }[] = [
  // CoreDNS is rolled out: its pods are gone, there are others, and each agent learns of them with its next push.
  { everySeconds: 4 * HOUR, firstAt: 3960, happen: (at) => rollCoreDns(at) },
  // Node-local DNS is rolled out: on every node in turn it is gone for some seconds.
  { everySeconds: 6 * HOUR, firstAt: 8280, happen: (at) => rollCaches(at) },
  // Oddnode is rolled out: every agent says goodbye, and another one comes.
  { everySeconds: 8 * HOUR, firstAt: 13_320, happen: (at) => rollAgents(at) },
  { everySeconds: HOUR, firstAt: 1440, happen: (at) => churn(at) },
]

function rollCoreDns(at: number): void {
  const fresh = endpoints.map((_, i) => `10.244.${10 + Math.floor(random() * 200)}.${3 + i}`)
  for (const old of endpoints) endpointDown.set(old, { from: at, until: Infinity })
  endpoints = fresh
  endpointsChangedAt = at
  plans = plansOf(endpoints)
  tellCluster(at)
}

function rollCaches(at: number): void {
  for (const [i, node] of nodeNames().entries()) {
    const downAt = at + i * 0.5
    schedule(downAt, () => cacheDown.set(node, { from: downAt, until: downAt + 3 + 6 * random() }))
  }
}

function rollAgents(at: number): void {
  for (const [i, agent] of [...agents.values()].entries()) {
    schedule(at + i * 0.3, (now) => {
      if (!agents.has(`${agent.vantage}/${agent.node}`)) return
      push(agent, now, [], plans[agent.vantage], 'goodbye')
      agent.boot = bootId()
      agent.counter = 0
      agent.silentUntil = now + 5 + 25 * random()
      agent.nextAt = agent.silentUntil + random() * 3
    })
  }
}

function churn(at: number): void {
  const names = nodeNames()
  for (let i = 0; i < Math.ceil(names.length / 200); i++) {
    const name = names[Math.floor(random() * names.length)] as string
    if (name === values.lossy) continue
    for (const vantage of ['host', 'pod'] as const) {
      const agent = agents.get(`${vantage}/${name}`)
      if (agent !== undefined) push(agent, at, [], plans[vantage], 'goodbye')
      agents.delete(`${vantage}/${name}`)
    }
    addNode(at + 20 + 60 * random())
  }
  tellCluster(at)
}

const later: { at: number; happen: (at: number) => void }[] = []
function schedule(at: number, happen: (at: number) => void): void {
  later.push({ at, happen })
}

for (let i = 0; i < nodeCount; i++) addNode(START)
tellCluster(START)
process.stdout.write(
  `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} threads, Node ${process.version}; seed ${values.seed}\n`,
)

const seen = new Map<string, { opened: number; story: string }>()
let rounds = 0
let longest = 0
const started = performance.now()
for (let at = START + 1; at < endsAt; at++) {
  for (const event of events)
    if (at - START >= event.firstAt && (at - START - event.firstAt) % event.everySeconds === 0) event.happen(at)
  for (let i = later.length - 1; i >= 0; i--) if ((later[i]?.at ?? 0) <= at) later.splice(i, 1)[0]?.happen(at)
  for (const agent of agents.values()) {
    if (agent.nextAt > at) continue
    round(agent, at)
    rounds++
    agent.nextAt = at + INTERVAL_SECONDS * (0.8 + 0.4 * random())
  }
  askAgain(at)
  const before = process.cpuUsage()
  const { opened } = applyTick(fleet, at).findings
  const { user, system } = process.cpuUsage(before)
  longest = Math.max(longest, (user + system) / 1000)
  for (const { fault, scope, story } of opened) {
    const key = `${fault} ${scope.kind} ${scope.nodes.slice(0, 3).join(',')}`
    const known = seen.get(key)
    if (known === undefined) process.stdout.write(`${((at - START) / HOUR).toFixed(2)} h: ${key}: ${story}\n`)
    seen.set(key, { opened: (known?.opened ?? 0) + 1, story })
  }
  if ((at - START) % (2 * HOUR) === 0) {
    const minutes = ((performance.now() - started) / 60_000).toFixed(1)
    process.stdout.write(
      `${(at - START) / HOUR} h simulated in ${minutes} min, ${rounds} rounds, ${visibleFindings(fleet).length} findings now\n`,
    )
  }
}
process.stdout.write(
  `${rounds} rounds of ${nodeCount} nodes over ${values.hours} h: ${seen.size} findings; the longest evaluation ${longest.toFixed(0)} ms\n`,
)
for (const [key, { opened }] of seen) process.stdout.write(`${opened} × ${key}\n`)
const wanted = [...seen.keys()].every((key) => values.lossy !== '' && key.includes(values.lossy))
process.exitCode = wanted && seen.size > 0 === (values.lossy !== '') ? 0 : 1

// A loader process of the ingest and report benchmarks: some hundreds or thousands of agents on kept-alive connections.
import { connect, type Socket } from 'node:net'
import {
  encodeSamples,
  makePlan,
  type Observation,
  observationOf,
  type Plan,
  type PlannedProbe,
  ROUND_SCHEMA,
} from '@oddnode/protocol'

/** What a loader stands for. */
export type LoadStart = {
  port: number
  firstAgent: number
  agents: number
  intervalSeconds: number
  samples: number
  /** On each so-many-th node pods get no answer from node-local DNS; 0: all is well everywhere. */
  oddEvery: number
  /** Agents whose pushes go over one connection in turn: 1 as in life, 2 where the machine has fewer files than there are agents. */
  agentsPerConnection: number
}

/** What the parent asks of a loader. */
export type LoadOrder =
  | ({ kind: 'start' } & LoadStart)
  | { kind: 'interval'; seconds: number }
  /** Forget the latencies and failures so far: a server that 20,000 agents find at once is late for a while. */
  | { kind: 'reset' }
  | { kind: 'report' }
  | { kind: 'stop' }

export type LoadReport = { latenciesMilliseconds: number[]; failures: Record<string, number> }

type Agent = { path: string; plan: Plan; bodies: readonly string[]; counter: number; isKnown: boolean }

type Connection = {
  agents: readonly Agent[]
  socket: Socket
  pushes: number
  /** Whose push is answered next. */
  pushing: Agent | null
  sentAt: number
  waiting: boolean
}

/** Bodies that are sent in turn: making each one afresh would cost the machine more than taking it. */
const BODIES = 64
const RECONNECT_MILLISECONDS = 1000

const latencies: number[] = []
const failures: Record<string, number> = {}
let intervalSeconds = 15
let host = ''

process.on('disconnect', () => process.exit(0))
process.on('message', (order: LoadOrder) => {
  switch (order.kind) {
    case 'start':
      intervalSeconds = order.intervalSeconds
      host = `127.0.0.1:${order.port}`
      start(order)
      return
    case 'interval':
      intervalSeconds = order.seconds
      return
    case 'reset':
      latencies.length = 0
      for (const reason of Object.keys(failures)) delete failures[reason]
      return
    case 'report':
      process.send?.({ latenciesMilliseconds: latencies, failures } satisfies LoadReport)
      return
    case 'stop':
      process.exit(0)
  }
})

function start(order: LoadStart): void {
  const { port, firstAgent, agents: count, agentsPerConnection } = order
  const agentOf = agentsLike(order)
  for (let i = 0; i < count; i += agentsPerConnection) {
    const agents = Array.from({ length: agentsPerConnection }, (_, j) => agentOf(firstAgent + i + j))
    // Spread evenly over an interval, as agents are that start at random.
    setTimeout(() => open(port, agents), (i / count) * intervalSeconds * 1000)
  }
}

/** Makes the agent of a number: two of them are a node's. */
function agentsLike({ samples, oddEvery }: LoadStart): (number: number) => Agent {
  const plans = { host: planOf('host', samples), pod: planOf('pod', samples) }
  const well = { host: bodiesOf(plans.host, samples), pod: bodiesOf(plans.pod, samples) }
  const odd = { host: well.host, pod: bodiesOf(plans.pod, samples, true) }
  return (number) => {
    const vantage = number % 2 === 0 ? 'host' : 'pod'
    const node = number >> 1
    const bodies = oddEvery > 0 && node % oddEvery === 0 ? odd : well
    return {
      path: `/v1/agents/${nodeName(node)}/${vantage}/rounds/0123456789abcdef-`,
      plan: plans[vantage],
      bodies: bodies[vantage],
      counter: 0,
      isKnown: false,
    }
  }
}

/** The name of a node by its number. */
export const nodeName = (node: number): string => `node-${String(node).padStart(5, '0')}`

function open(port: number, agents: readonly Agent[]): void {
  const connection: Connection = {
    agents,
    socket: connectTo(port),
    pushes: 0,
    pushing: null,
    sentAt: 0,
    waiting: false,
  }
  follow(connection, port)
  run(connection)
}

const connectTo = (port: number) => connect({ port, host: '127.0.0.1', noDelay: true })

/** Connects anew when the connection ends, as agents do. */
function follow(connection: Connection, port: number): void {
  const { socket } = connection
  socket.on('data', (data) => receive(connection, data))
  socket.on('error', (error) => fail(error.message))
  socket.on('close', () => {
    fail('closed')
    connection.waiting = false
    setTimeout(() => {
      connection.socket = connectTo(port)
      follow(connection, port)
    }, RECONNECT_MILLISECONDS)
  })
}

function run(connection: Connection): void {
  const push = () => {
    send(connection)
    setTimeout(push, (intervalSeconds / connection.agents.length) * 1000 * (0.9 + Math.random() * 0.2))
  }
  push()
}

function send(connection: Connection): void {
  const { agents, socket } = connection
  const agent = agents[connection.pushes++ % agents.length] as Agent
  const body = agent.bodies[agent.counter % agent.bodies.length] ?? ''
  // The first push, or one after the first was lost, brings the plan.
  const full = agent.isKnown ? body : `${body.slice(0, -1)},"planBody":${JSON.stringify(agent.plan)}}`
  const head = `PUT ${agent.path}${agent.counter++} HTTP/1.1\r\nhost: ${host}\r\nuser-agent: oddnode-agent/0.1.0\r\ncontent-type: application/json\r\naccept: application/json\r\nconnection: keep-alive\r\ncontent-length: ${Buffer.byteLength(full)}\r\n\r\n`
  if (connection.waiting) fail('unanswered')
  connection.pushing = agent
  connection.waiting = true
  connection.sentAt = performance.now()
  socket.write(head + full)
}

function receive(connection: Connection, data: Buffer): void {
  if (!connection.waiting) return
  connection.waiting = false
  latencies.push(performance.now() - connection.sentAt)
  const isTaken = data.subarray(0, 12).equals(OK)
  if (connection.pushing !== null) connection.pushing.isKnown = isTaken
  if (!isTaken) fail(data.toString('latin1', 0, 12))
}

const OK = Buffer.from('HTTP/1.1 200')

function fail(reason: string): void {
  failures[reason] = (failures[reason] ?? 0) + 1
}

/** As many probes as there shall be samples: four endpoints, two upstreams, and more endpoints while that is not enough. */
export function planOf(vantage: 'host' | 'pod', samples: number): Plan {
  const target = (role: 'node-local' | 'cluster-dns' | 'endpoint', address: string) => ({
    role,
    address,
    port: 53,
    learnedFrom: 'kubernetes' as const,
  })
  const endpoints = Array.from({ length: Math.ceil(samples / 5) }, (_, i) => target('endpoint', `10.244.${i}.53`))
  const plan = makePlan({
    vantage,
    targets: [target('node-local', '169.254.20.10'), target('cluster-dns', '10.96.0.10'), ...endpoints],
    names: {
      clusterDomain: 'cluster.local',
      namespace: 'oddnode',
      external: 'example.com',
      canary: 'oddnode-agents.oddnode',
    },
    intervalSeconds: 15,
    deadlineSeconds: 2,
    closeSeconds: 6,
    suspicionSeconds: 5,
    ntp: [],
    aggregators: [],
  })
  return { ...plan, probes: plan.probes.filter((probe) => !probe.onlyAfterTruncation).slice(0, samples) }
}

function bodiesOf(plan: Plan, count: number, odd = false): string[] {
  return Array.from({ length: BODIES }, () => JSON.stringify(roundOf(plan, count, odd)))
}

/** A round whose times differ. @param odd node-local DNS does not answer */
export function roundOf(plan: Plan, count: number, odd = false) {
  const samples = plan.probes.slice(0, count).map((planned, probe) => ({
    probe,
    ageSeconds: Math.random() * 12,
    observation:
      odd && plan.targets[planned.target]?.role === 'node-local'
        ? observationOf('timeout', { error: 'no answer within 6 s' })
        : answerTo(planned, probe),
  }))
  return {
    schema: ROUND_SCHEMA,
    version: '0.1.0',
    plan: plan.id,
    kind: 'regular' as const,
    ageSeconds: Math.random() * 0.05,
    droppedRounds: 0,
    ...encodeSamples(samples),
    clock: [
      {
        reference: { kind: 'aggregator' as const, address: '10.96.12.34' },
        outcome: 'answered' as const,
        offsetSeconds: Math.random() * 1e-3,
        uncertaintySeconds: 0.0004,
        delaySeconds: 0.0008,
      },
    ],
  }
}

function answerTo({ question, transport }: PlannedProbe, probe: number): Observation {
  return observationOf('answered', {
    rcode: question === 'missing' ? 3 : 0,
    seconds: 0.0002 + Math.random() * 0.002,
    connectSeconds: transport === 'tcp' ? 0.0001 + Math.random() * 0.001 : null,
    size: 80 + probe,
    flags: 0x8500,
    ttl: 5 + Math.floor(Math.random() * 25),
    records: 2,
    answers: question === 'kubernetes' ? ['10.96.0.1'] : question === 'version' ? ['1.1.0'] : [],
    socket: transport === 'udp' ? 'connected' : null,
    echoed: true,
  })
}

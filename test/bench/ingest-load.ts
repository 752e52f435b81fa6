// A loader process of the ingest benchmark: some hundreds or thousands of agents, each with its own kept-alive connection.
import { connect, type Socket } from 'node:net'
import { encodeSamples, makePlan, observationOf, type Plan, ROUND_SCHEMA } from '@oddnode/protocol'

/** What the parent asks of a loader. */
export type LoadOrder =
  | { kind: 'start'; port: number; firstAgent: number; agents: number; intervalSeconds: number; samples: number }
  | { kind: 'interval'; seconds: number }
  /** Forget the latencies so far. */
  | { kind: 'reset' }
  | { kind: 'report' }
  | { kind: 'stop' }

export type LoadReport = { latenciesMilliseconds: number[]; failures: Record<string, number> }

type Agent = {
  path: string
  host: string
  socket: Socket
  counter: number
  sentAt: number
  plan: Plan
  waiting: boolean
}

/** Bodies that are sent in turn: making each one afresh would cost the machine more than taking it. */
const BODIES = 64

const latencies: number[] = []
const failures: Record<string, number> = {}
const agents: Agent[] = []
let intervalSeconds = 15

process.on('disconnect', () => process.exit(0))
process.on('message', (order: LoadOrder) => {
  switch (order.kind) {
    case 'start':
      intervalSeconds = order.intervalSeconds
      start(order)
      return
    case 'interval':
      intervalSeconds = order.seconds
      return
    case 'reset':
      latencies.length = 0
      return
    case 'report':
      process.send?.({ latenciesMilliseconds: latencies, failures } satisfies LoadReport)
      return
    case 'stop':
      process.exit(0)
  }
})

function start({ port, firstAgent, agents: count, samples }: Extract<LoadOrder, { kind: 'start' }>): void {
  const plans = { host: planOf('host', samples), pod: planOf('pod', samples) }
  const bodies = { host: bodiesOf(plans.host, samples), pod: bodiesOf(plans.pod, samples) }
  for (let i = 0; i < count; i++) {
    const vantage = (firstAgent + i) % 2 === 0 ? 'host' : 'pod'
    const node = `node-${String((firstAgent + i) >> 1).padStart(5, '0')}`
    // Spread evenly over an interval, as agents are that start at random.
    setTimeout(
      () => {
        const socket = connect({ port, host: '127.0.0.1', noDelay: true })
        const agent = {
          path: `/v1/agents/${node}/${vantage}/rounds/0123456789abcdef-`,
          host: `127.0.0.1:${port}`,
          socket,
          counter: 0,
          sentAt: 0,
          plan: plans[vantage],
          waiting: false,
        }
        agents.push(agent)
        socket.on('data', (data) => receive(agent, data))
        socket.on('error', (error) => fail(error.message))
        socket.on('close', () => fail('closed'))
        run(agent, bodies[vantage])
      },
      (i / count) * intervalSeconds * 1000,
    )
  }
}

function run(agent: Agent, bodies: readonly string[]): void {
  const push = () => {
    send(agent, bodies[agent.counter % bodies.length] ?? '')
    setTimeout(push, intervalSeconds * 1000 * (0.9 + Math.random() * 0.2))
  }
  push()
}

function send(agent: Agent, body: string): void {
  const full = agent.counter === 0 ? `${body.slice(0, -1)},"planBody":${JSON.stringify(agent.plan)}}` : body
  const head = `PUT ${agent.path}${agent.counter++} HTTP/1.1\r\nhost: ${agent.host}\r\nuser-agent: oddnode-agent/0.1.0\r\ncontent-type: application/json\r\naccept: application/json\r\nconnection: keep-alive\r\ncontent-length: ${Buffer.byteLength(full)}\r\n\r\n`
  if (agent.waiting) fail('unanswered')
  agent.waiting = true
  agent.sentAt = performance.now()
  agent.socket.write(head + full)
}

function receive(agent: Agent, data: Buffer): void {
  if (!agent.waiting) return
  agent.waiting = false
  latencies.push(performance.now() - agent.sentAt)
  if (!data.subarray(0, 12).equals(OK)) fail(data.toString('latin1').slice(0, 300))
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

function bodiesOf(plan: Plan, count: number): string[] {
  return Array.from({ length: BODIES }, () => JSON.stringify(roundOf(plan, count)))
}

/** A healthy round: times differ, one answer in forty is lost. */
export function roundOf(plan: Plan, count: number) {
  const samples = plan.probes.slice(0, count).map((planned, probe) => ({
    probe,
    ageSeconds: Math.random() * 12,
    observation: observationOf('answered', {
      rcode: planned.question === 'missing' ? 3 : 0,
      seconds: 0.0002 + Math.random() * 0.002,
      connectSeconds: planned.transport === 'tcp' ? 0.0001 + Math.random() * 0.001 : null,
      size: 80 + probe,
      flags: 0x8500,
      ttl: 5 + Math.floor(Math.random() * 25),
      records: 2,
      answers: planned.question === 'kubernetes' ? ['10.96.0.1'] : planned.question === 'version' ? ['1.1.0'] : [],
      socket: planned.transport === 'udp' ? 'connected' : null,
      echoed: true,
    }),
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

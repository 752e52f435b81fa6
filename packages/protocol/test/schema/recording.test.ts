import t from 'tap'
import { Compile } from 'typebox/compile'
import { makePlan } from '../../src/make-plan.ts'
import { encodeSamples, observationOf } from '../../src/samples.ts'
import { RecordedLine } from '../../src/schema/index.ts'
import { CLUSTER_SCHEMA, MAX_COUNT, RECORDING_SCHEMA, ROUND_SCHEMA } from '../../src/wire.ts'
import { planInput } from '../plan-input.ts'

const check = Compile(RecordedLine)
const plan = makePlan(planInput())

const start = { kind: 'start', schema: RECORDING_SCHEMA, at: 1000, thresholds: { windowSamples: 5 }, isCut: false }
const round = {
  kind: 'round',
  at: 1015.25,
  node: 'node-1',
  vantage: 'pod',
  boot: '0123456789abcdef',
  counter: 0,
  round: {
    schema: ROUND_SCHEMA,
    version: '0.1.0',
    plan: plan.id,
    kind: 'regular',
    ageSeconds: 0,
    droppedRounds: 0,
    ...encodeSamples([{ probe: 0, ageSeconds: 0, observation: observationOf('timeout') }]),
  },
}
const cluster = {
  schema: CLUSTER_SCHEMA,
  source: 'kubernetes',
  nodes: [],
  dns: {
    service: null,
    addresses: [],
    upstreamServiceAddresses: [],
    nodeLocalAddresses: [],
    nodeLocalOwns: [],
    endpoints: null,
    endpointsChangedAt: null,
    prefersNearEndpoints: false,
    clusterDomain: null,
    zones: null,
    forwards: [],
    upstreams: [],
  },
  apiServer: null,
  canary: null,
  troubles: [],
  events: [],
  checks: [],
  hidden: [],
}

t.test('a line is one input of the diagnosis, or what it told', async (t) => {
  for (const line of [
    start,
    { kind: 'plan', plan },
    round,
    { kind: 'cluster', at: 1000, cluster },
    { kind: 'tick', at: 1000 },
    { kind: 'pause', at: 1000 },
    { kind: 'clock-set', at: 1000 },
    { kind: 'memory', plans: [plan], agents: [{ whatever: 'a version keeps' }], findings: [] },
    { kind: 'findings', opened: [], ended: [] },
  ])
    t.ok(check.Check(line), line.kind)
})

t.test('anything else is none', async (t) => {
  for (const line of [
    null,
    {},
    { kind: 'tick' },
    { kind: 'tick', at: '1000' },
    { kind: 'tick', at: 1000, more: 1 },
    { kind: 'tock', at: 1000 },
    { ...start, schema: 'oddnode.recording/0' },
    { ...round, node: '../node-1' },
    { ...round, vantage: 'vm' },
    { ...round, boot: 'x' },
    { ...round, counter: -1 },
    { ...round, counter: MAX_COUNT + 1 },
    { ...round, round: { ...round.round, planBody: plan } },
  ])
    t.notOk(check.Check(line), JSON.stringify(line))
})

// Mutated pushes against everything that reads them: the schema, the decoder, windows, evaluation and the faces of the report.
// node --conditions=@oddnode/source test/fuzz/push.ts [cases] [seed]
import { applyRound, applyTick, createFleet, defaultThresholds } from '@oddnode/diagnosis'
import type { Plan, Round, Vantage } from '@oddnode/protocol'
import { Round as RoundSchema } from '@oddnode/protocol/schema'
import { Ajv } from 'ajv'
import fc from 'fast-check'
import { RequestRefused } from '../../packages/aggregator/src/http/problem.ts'
import { createPlanPool } from '../../packages/aggregator/src/plan-pool.ts'
import { type ReadRound, readRound } from '../../packages/aggregator/src/read-round.ts'
import { reportHtml } from '../../packages/aggregator/src/report/html/report-page.ts'
import { momentOfFleet } from '../../packages/aggregator/src/report/model/fleet-moment.ts'
import { type Moment, reportOf } from '../../packages/aggregator/src/report/model/moment.ts'
import { createSummaries } from '../../packages/aggregator/src/report/model/node-summary.ts'
import { reportText } from '../../packages/aggregator/src/report/text/report.ts'
import { clockSample, clusterPlan, roundOf, samplesOf } from '../../packages/aggregator/test/pushing.ts'
import { fuzz } from './run.ts'

const isRound = new Ajv({ strict: false }).compile<Round>(RoundSchema)
const plans: Record<Vantage, Plan> = { host: clusterPlan('host'), pod: clusterPlan('pod') }
const good = { host: textOf(plans.host), pod: textOf(plans.pod) }
/** Pushes of one case: from the third on a probe has a state. */
const PUSHES = 4

type Mutation = { path: number[]; value: unknown }

/** What takes the place of some part of a round. */
const value: fc.Arbitrary<unknown> = fc.oneof(
  fc.integer({ min: -2, max: 2 ** 33 }),
  fc.constantFrom(0, -1, 1, 12, 13, 1023, 2047, 4095, 65535, 1e308, 0.5),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.constantFrom(
    '__proto__',
    'constructor',
    '"><script>alert(1)</script>',
    '\u202e',
    '\u001b[2J',
    '\ud800',
    ' onload=x ',
  ),
  fc.constantFrom(null, true, [], {}, [[]], undefined),
  fc.array(fc.integer({ min: -1, max: 2000 }), { maxLength: 60 }),
)
const mutation: fc.Arbitrary<Mutation> = fc.record({
  path: fc.array(fc.nat({ max: 60 }), { minLength: 1, maxLength: 6 }),
  value,
})

const inputs = fc.record({
  node: fc.constantFrom('node-1', '"><script>', '__proto__', '\u202e'),
  vantage: fc.constantFrom<Vantage>('host', 'pod'),
  gapSeconds: fc.double({ min: 0, max: 100, noNaN: true }),
  mutations: fc.array(mutation, { maxLength: 3 }),
  /** Rendering costs ten times what the rest does: one case in eight. */
  rendered: fc.nat({ max: 7 }).map((choice) => choice === 0),
})
type Input = typeof inputs extends fc.Arbitrary<infer T> ? T : never

// A case that is rendered makes a whole page of it.
fuzz({ name: 'push', inputs, holds: isTakenWell, mostMilliseconds: 50 })

function isTakenWell({ node, vantage, gapSeconds, mutations, rendered }: Input): boolean {
  const round: unknown = JSON.parse(good[vantage])
  for (const one of mutations) mutate(round, one)
  // As it comes over the wire: undefined is gone.
  const body: unknown = JSON.parse(JSON.stringify(round))
  if (!isRound(body)) return true
  const read = readOrRefused(body, plans[vantage])
  if (read === null) return true
  const fleet = createFleet(1e9, defaultThresholds)
  let now = 1e9
  for (let counter = 0; counter < PUSHES; counter++) {
    applyRound(fleet, { node, vantage, boot: '0123456789abcdef', counter, receivedAt: now, round: body, ...read })
    now += gapSeconds
  }
  applyTick(fleet, now)
  return !rendered || isHarmless(fleet)
}

function readOrRefused(body: Round, own: Plan): ReadRound | null {
  try {
    return readRound(body, own, { plans: createPlanPool(() => []), planner: { byId: () => undefined } })
  } catch (error) {
    if (error instanceof RequestRefused) return null
    throw error
  }
}

function isHarmless(fleet: ReturnType<typeof createFleet>): boolean {
  const moment = momentOf(fleet)
  const report = reportOf(moment)
  const page = reportHtml(moment)
  const faces = [page, reportText(report), JSON.stringify(report)]
  const isDeceptive = (face: string) => face.includes('\u202e') || face.includes('\u001b')
  return !faces.some(isDeceptive) && !/<script(?! src="report\/page-)|<[^>]*\sonload=/i.test(page)
}

function momentOf(fleet: ReturnType<typeof createFleet>): Moment {
  const steps = momentOfFleet({
    fleet,
    cluster: 'fuzz',
    version: '0',
    picture: { checks: [], hidden: [] },
    storage: null,
    ended: [],
    past: false,
    keepsPast: false,
    namespace: null,
    visit: (_node, look) => look(),
    summaries: createSummaries(),
    latency: null,
  })
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/** Puts a value somewhere into a tree: each number of the path chooses a child. */
function mutate(root: unknown, { path, value }: Mutation): void {
  let node = root as Record<string, unknown>
  for (const [depth, choice] of path.entries()) {
    const keys = Object.keys(node)
    const key = keys[choice % keys.length]
    if (key === undefined) return
    const child = node[key]
    if (depth === path.length - 1 || typeof child !== 'object' || child === null) {
      // A copy: later mutations go into it too.
      node[key] = structuredClone(value)
      return
    }
    node = child as Record<string, unknown>
  }
}

function textOf(plan: Plan): string {
  const facts = { localAddresses: ['10.0.0.1'], udp: { InErrors: 1 } }
  return JSON.stringify(roundOf(plan, samplesOf(plan), { clock: [clockSample(0.001)], facts }))
}

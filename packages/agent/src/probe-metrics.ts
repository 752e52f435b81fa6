import {
  outcomes as allOutcomes,
  DNS_PORT,
  formatAddress,
  labelText,
  type Observation,
  type Plan,
  type PlannedProbe,
  type Vantage,
} from '@oddnode/protocol'

/** The series of every probe of a plan. */
export type ProbeMetrics = {
  /** From now on samples are of this plan; series of probes that it does not have are dropped. */
  setPlan: (plan: Plan) => void
  /** @param probe index into the plan's `probes` */
  sample: (probe: number, observation: Observation) => void
  /** Text exposition format 0.0.4, in parts. */
  text: () => Iterable<string>
}

/** What was seen of one set of labels since it was planned. */
type Series = {
  /** As they stand between the braces. */
  labels: string
  /** By place in the closed set. */
  outcomes: number[]
  /** Durations at most each bucket's bound, and above the bound before; the last are above all of them. */
  buckets: number[]
  /** Of all durations. */
  seconds: number
}

const DURATION = 'oddnode_probe_duration_seconds'
const OUTCOMES = 'oddnode_probe_outcomes_total'
/** A node-local answer takes 0.1 to 1 ms. */
const BOUNDS = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 2, 5, Number.POSITIVE_INFINITY]
const LE = BOUNDS.map((bound) => `,le="${bound === Number.POSITIVE_INFINITY ? '+Inf' : bound}"} `)
const OUTCOME = allOutcomes.map((outcome) => `,outcome="${outcome}"} `)
const PART_CHARACTERS = 16_384

// A failure is no latency sample, or a failing node would look fast.
const DURATION_HEAD = `# HELP ${DURATION} Time from sending a DNS query to its answer, late ones included; over TCP without the connect.
# TYPE ${DURATION} histogram
`
const OUTCOMES_HEAD = `# HELP ${OUTCOMES} DNS probes by what they saw.
# TYPE ${OUTCOMES} counter
`

/**
 * Counts and writes what prom-client would, without an object and a formatting for each of the fourteen lines of a probe: of the agent's
 * series nearly all are these, and a scrape of them by prom-client cost as much as fifty probes.
 */
export function createProbeMetrics(own: { node: string; vantage: Vantage }): ProbeMetrics {
  /** By index into the plan's probes. */
  let planned: (Series | undefined)[] = []
  let byLabels = new Map<string, Series>()

  return {
    setPlan: (plan) => {
      const before = byLabels
      byLabels = new Map()
      planned = plan.probes.map((probe) => {
        const labels = labelsOf(own, plan, probe)
        if (labels === null) return undefined
        const series = byLabels.get(labels) ?? before.get(labels) ?? unseen(labels)
        byLabels.set(labels, series)
        return series
      })
    },
    sample: (probe, { outcome, seconds }) => {
      const series = planned[probe]
      if (!series) return
      increment(series.outcomes, allOutcomes.indexOf(outcome))
      if (seconds === null) return
      series.seconds += seconds
      increment(
        series.buckets,
        BOUNDS.findIndex((bound) => seconds <= bound),
      )
    },
    text: () => inParts(piecesOf([...byLabels.values()])),
  }
}

/** The scraper has each part before the next is made: the whole of it at once was two MiB of an agent's memory. */
function* inParts(pieces: Iterable<string>): Generator<string> {
  let part = ''
  for (const piece of pieces) {
    part += piece
    if (part.length < PART_CHARACTERS) continue
    yield part
    part = ''
  }
  yield part
}

function* piecesOf(all: readonly Series[]): Generator<string> {
  yield DURATION_HEAD
  for (const series of all) yield durationLines(series)
  yield `\n${OUTCOMES_HEAD}`
  for (const series of all) yield outcomeLines(series)
}

const unseen = (labels: string): Series => ({
  labels,
  outcomes: allOutcomes.map(() => 0),
  buckets: BOUNDS.map(() => 0),
  seconds: 0,
})

function increment(counts: number[], at: number): void {
  counts[at] = (counts[at] ?? 0) + 1
}

/** Empty until something answered. */
function durationLines({ labels, buckets, seconds }: Series): string {
  let lines = ''
  let count = 0
  const bucket = `${DURATION}_bucket{${labels}`
  for (let i = 0; i < buckets.length; i++) {
    count += buckets[i] as number
    lines += `${bucket}${LE[i]}${count}\n`
  }
  return count === 0 ? '' : `${lines}${DURATION}_sum{${labels}} ${seconds}\n${DURATION}_count{${labels}} ${count}\n`
}

/** A probe that never answers has a series that says so. */
function outcomeLines({ labels, outcomes }: Series): string {
  let lines = ''
  for (let i = 0; i < outcomes.length; i++) {
    if (i === 0 || outcomes[i] !== 0) lines += `${OUTCOMES}{${labels}${OUTCOME[i]}${outcomes[i]}\n`
  }
  return lines
}

function labelsOf(own: { node: string; vantage: Vantage }, { targets }: Plan, probe: PlannedProbe): string | null {
  const target = targets[probe.target]
  if (!target) return null
  const labels = {
    node: own.node,
    vantage: own.vantage,
    role: target.role,
    address: formatAddress({ ...target, port: probe.port ?? target.port }, DNS_PORT),
    transport: probe.transport,
    question: probe.question,
    source_port: probe.sourcePort,
  }
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${labelText(value)}"`)
    .join(',')
}

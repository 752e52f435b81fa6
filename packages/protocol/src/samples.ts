import { type Outcome, outcomes } from './closed-sets.ts'
import type { Observation } from './observation.ts'
import type { Round, SampleColumns, SampleDetail } from './schema/round.ts'

/** An observation with its place in the plan and in time. */
export type Sample = {
  /** Index into the plan's `probes`. */
  probe: number
  /** Seconds from the send to the end of its round. */
  ageSeconds: number
  observation: Observation
}

type Encoded = Pick<Round, 'samples' | 'answerSets' | 'details'>

const NONE = -1
const MICROSECONDS = 1e6

/** The error text that a detail may carry; the schema refuses longer ones. */
const MAX_ERROR = 200
const MAX_NSID = 128
const MAX_ANSWER = 512
const MAX_ANSWERS = 256

/**
 * Turns samples into the columns of a round. Answer sets that several samples share are sent once.
 *
 * Lossy in four places, each within the wire schema's limits: times are rounded to microseconds, ages to milliseconds, an
 * answer set is cut to 256 records of 512 characters, error and NSID to 200 and 128 characters.
 */
export function encodeSamples(samples: readonly Sample[]): Encoded {
  const columns = {
    probe: samples.map((sample) => sample.probe),
    ageMilliseconds: samples.map((sample) => Math.max(0, Math.round(sample.ageSeconds * 1000))),
    outcome: samples.map((sample) => outcomes.indexOf(sample.observation.outcome)),
  } satisfies SampleColumns
  const optional: Partial<SampleColumns> = {}
  const put = (name: keyof SampleColumns, read: (observation: Observation) => number | null) => {
    const column = samples.map((sample) => read(sample.observation) ?? NONE)
    if (column.some((value) => value !== NONE)) optional[name] = column
  }
  put('rcode', (o) => o.rcode)
  put('microseconds', (o) => microseconds(o.seconds))
  put('connectMicroseconds', (o) => microseconds(o.connectSeconds))
  put('size', (o) => o.size)
  put('flags', (o) => o.flags)
  put('ttl', (o) => o.ttl)
  put('records', (o) => o.records)

  const answerSets: string[][] = []
  const known = new Map<string, number>()
  put('answers', (o) => {
    if (o.answers.length === 0) return null
    const set = o.answers.slice(0, MAX_ANSWERS).map((answer) => answer.slice(0, MAX_ANSWER))
    const key = set.join('\n')
    const index = known.get(key) ?? answerSets.push(set) - 1
    known.set(key, index)
    return index
  })
  const details = samples.flatMap((sample, at) => detailOf(sample.observation, at) ?? [])
  return {
    samples: { ...columns, ...optional },
    ...(answerSets.length > 0 ? { answerSets } : {}),
    ...(details.length > 0 ? { details } : {}),
  }
}

/**
 * Reads the columns back.
 * @returns the samples, or the first thing that no schema can say: columns of different length, a probe that the plan does not
 * have, an answer set or a detail that is not there. With the JSON pointer to it.
 */
export function decodeSamples(round: Encoded, probeCount: number): Sample[] | { pointer: string; detail: string } {
  const { samples: columns, answerSets = [], details = [] } = round
  const length = columns.probe.length
  for (const [name, column] of Object.entries(columns)) {
    if (column.length !== length) {
      return { pointer: `/samples/${name}`, detail: `has ${column.length} entries, /samples/probe has ${length}` }
    }
  }
  const detailAt = new Map<number, SampleDetail>()
  for (const [index, detail] of details.entries()) {
    if (detail.at >= length)
      return { pointer: `/details/${index}/at`, detail: `is ${detail.at}, there are ${length} samples` }
    detailAt.set(detail.at, detail)
  }
  const samples: Sample[] = []
  for (let i = 0; i < length; i++) {
    const probe = columns.probe[i] as number
    if (probe >= probeCount)
      return { pointer: `/samples/probe/${i}`, detail: `is ${probe}, the plan has ${probeCount} probes` }
    const set = columns.answers?.[i] ?? NONE
    const answers = set === NONE ? [] : answerSets[set]
    if (answers === undefined) {
      return { pointer: `/samples/answers/${i}`, detail: `is ${set}, there are ${answerSets.length} answer sets` }
    }
    const detail = detailAt.get(i)
    samples.push({
      probe,
      ageSeconds: (columns.ageMilliseconds[i] as number) / 1000,
      observation: {
        outcome: outcomes[columns.outcome[i] as number] as Outcome,
        rcode: value(columns.rcode, i),
        seconds: seconds(columns.microseconds, i),
        connectSeconds: seconds(columns.connectMicroseconds, i),
        size: value(columns.size, i),
        flags: value(columns.flags, i),
        ttl: value(columns.ttl, i),
        answers,
        socket: detail?.socket ?? null,
        source: detail?.source ?? null,
        nsid: detail?.nsid ?? null,
        echoed: detail?.echoed ?? null,
        records: value(columns.records, i),
        error: detail?.error ?? null,
      },
    })
  }
  return samples
}

/** An observation with nothing seen yet: what every probe starts from. */
export function observationOf(outcome: Outcome, seen: Partial<Omit<Observation, 'outcome'>> = {}): Observation {
  return {
    outcome,
    rcode: null,
    seconds: null,
    connectSeconds: null,
    size: null,
    flags: null,
    ttl: null,
    answers: [],
    socket: null,
    source: null,
    nsid: null,
    echoed: null,
    records: null,
    error: null,
    ...seen,
  }
}

function detailOf(observation: Observation, at: number): SampleDetail | undefined {
  const detail: SampleDetail = { at }
  // A connected socket and an exact echo are the rule: only what deviates is sent.
  if (observation.socket === 'unconnected') detail.socket = observation.socket
  if (observation.echoed === false) detail.echoed = false
  if (observation.source !== null) detail.source = observation.source.slice(0, 80)
  if (observation.nsid !== null) detail.nsid = observation.nsid.slice(0, MAX_NSID)
  if (observation.error !== null) detail.error = observation.error.slice(0, MAX_ERROR)
  return Object.keys(detail).length > 1 ? detail : undefined
}

const microseconds = (value: number | null) => (value === null ? null : Math.max(0, Math.round(value * MICROSECONDS)))

function value(column: readonly number[] | undefined, i: number): number | null {
  const found = column?.[i] ?? NONE
  return found === NONE ? null : found
}

function seconds(column: readonly number[] | undefined, i: number): number | null {
  const found = value(column, i)
  return found === null ? null : found / MICROSECONDS
}

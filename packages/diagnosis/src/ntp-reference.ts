import { clockColumns } from './clock-columns.ts'
import { certainSeconds, type NodeClock, nodeClock, type Offset } from './clock-offsets.ts'
import { apartSeconds, comparedClocks, MAJORITY } from './compared-clocks.ts'
import type { View } from './fault.ts'
import { median } from './median.ts'
import type { Thresholds } from './thresholds.ts'

/**
 * How far the aggregator's clock is off, as nodes tell that measured theirs against NTP and against the aggregator. By it the clock of every
 * node can be told against NTP, of one that asks no server too.
 */
export type NtpReference = {
  /** + = the aggregator is ahead. */
  aggregatorSeconds: number
  uncertaintySeconds: number
  /** How many nodes say so, of how many that ask NTP. */
  alike: number
  told: number
  /** Addresses of the servers, in order; at least one. */
  servers: readonly string[]
  /** Two implementations of NTP agree, on some node. */
  confirmed: boolean
  /** The earliest reading that it stands on. */
  takenAt: number
}

/** So many nodes tell as much as all of them. */
const MOST_NODES = 100

const known = new WeakMap<View, NtpReference | null>()

/** As of one evaluation, worked out once; null where no node has been measured against both. */
export function ntpReference(view: View): NtpReference | null {
  const found = known.get(view)
  if (found !== undefined) return found
  const reference = referenceOf(view)
  known.set(view, reference)
  return reference
}

/** Whether most nodes say the same of the aggregator's clock. */
export const isSound = ({ alike, told }: NtpReference): boolean => alike >= told * MAJORITY

type Said = Pick<Offset, 'offsetSeconds' | 'uncertaintySeconds' | 'takenAt'>

function referenceOf(view: View): NtpReference | null {
  const { thresholds } = view.fleet
  const clocks = measuredClocks(view)
  const said = clocks.flatMap((clock) => saidBy(clock, thresholds) ?? [])
  if (said.length === 0) return null
  const aggregatorSeconds = median(said.map(({ offsetSeconds }) => offsetSeconds))
  const isAlike = ({ offsetSeconds, uncertaintySeconds }: Said) =>
    Math.abs(offsetSeconds - aggregatorSeconds) <= uncertaintySeconds + thresholds.clockInfoSeconds
  const servers = new Set(clocks.flatMap(({ ntp }) => ntp.map(({ reference }) => reference.replace(/^ntp /, ''))))
  return {
    aggregatorSeconds,
    uncertaintySeconds: median(said.map(({ uncertaintySeconds }) => uncertaintySeconds)),
    alike: said.filter(isAlike).length,
    told: clocks.length,
    servers: [...servers].sort(),
    confirmed: clocks.some(({ confirmed }) => confirmed),
    takenAt: said.reduce((first, { takenAt }) => Math.min(first, takenAt), Infinity),
  }
}

/** The clocks of the first nodes that NTP and the aggregator have measured. */
function measuredClocks({ fleet, at }: View): NodeClock[] {
  const { nodeOf, nodes, hasNtp } = clockColumns(fleet)
  const asking = new Set<string>()
  for (let place = 0; place < nodeOf.length && asking.size < MOST_NODES; place++) {
    if (hasNtp[place] === 1) asking.add(nodes[nodeOf[place] as number] as string)
  }
  return [...asking].flatMap((name) => {
    const node = fleet.nodes.get(name)
    const clock = node === undefined ? null : nodeClock(fleet, node, at)
    return clock === null || clock.ntp.length === 0 || clock.aggregator === null ? [] : [clock]
  })
}

/** What a node's two readings say of the aggregator; null where its NTP servers do not agree. */
function saidBy(clock: NodeClock, thresholds: Thresholds): Said | null {
  const ntp = agreedNtp(clock, thresholds)
  const { aggregator } = clock
  if (ntp === null || aggregator === null) return null
  return {
    offsetSeconds: ntp.offsetSeconds - aggregator.offsetSeconds,
    uncertaintySeconds: ntp.uncertaintySeconds + aggregator.uncertaintySeconds,
    takenAt: Math.min(ntp.takenAt, aggregator.takenAt),
  }
}

/** What NTP says of a clock: the surest reading among the servers that agree, if more than half of them do. */
export function agreedNtp({ ntp }: Pick<NodeClock, 'ntp'>, thresholds: Thresholds): Offset | null {
  const middle = median(ntp.map(({ offsetSeconds }) => offsetSeconds))
  const agreeing = ntp.filter(
    ({ offsetSeconds, uncertaintySeconds }) =>
      Math.abs(offsetSeconds - middle) <= uncertaintySeconds + thresholds.clockInfoSeconds / 2,
  )
  if (agreeing.length * 2 <= ntp.length) return null
  return agreeing.reduce((best, one) => (one.uncertaintySeconds < best.uncertaintySeconds ? one : best))
}

/** What a sound reference says of the middle of all nodes' clocks. */
export type MiddleByNtp = {
  reference: NtpReference
  /** + = the middle is ahead. */
  offsetSeconds: number
  uncertaintySeconds: number
  /** Nodes that are surely apart from the middle, and right by the same reference: then it is the middle that is wrong. */
  right: number
}

/** What NTP says of the middle of the nodes' clocks; null where it is not known. */
export function middleByNtp(view: View): MiddleByNtp | null {
  const { clockInfoSeconds } = view.fleet.thresholds
  const compared = comparedClocks(view)
  const reference = compared.nodes.length > 0 ? ntpReference(view) : null
  if (reference === null || !isSound(reference)) return null
  const offsetSeconds = compared.middle + reference.aggregatorSeconds
  const uncertaintySeconds = compared.middleUncertainty + reference.uncertaintySeconds
  // Surely apart from the middle, and nearer to NTP than to it.
  const isRight = (seconds: number, i: number) =>
    apartSeconds(compared, i) > clockInfoSeconds / 2 &&
    Math.abs(seconds + reference.aggregatorSeconds) < Math.abs(offsetSeconds) / 2
  const isOff = certainSeconds({ offsetSeconds, uncertaintySeconds }) > clockInfoSeconds
  const right = isOff ? compared.seconds.reduce((count, seconds, i) => count + (isRight(seconds, i) ? 1 : 0), 0) : 0
  return { reference, offsetSeconds, uncertaintySeconds, right }
}

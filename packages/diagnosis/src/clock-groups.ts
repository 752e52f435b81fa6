import { type Severity, severities } from '@oddnode/protocol'
import { THE_OTHER_NODES, type WrongClock } from './clock-verdict.ts'

/** Clocks that are off alike: one cause, as far as anybody can tell. */
export type ClockGroup = {
  /** In the order of nodes. */
  clocks: readonly [WrongClock, ...WrongClock[]]
  /** Of the worst of them. */
  severity: Severity
}

/** Clocks are off alike as long as the next one in size is not off by so much of it more … */
const ALIKE = 0.1
/** … or by so many seconds, which is what the smallest verdict is about. */
const LEAST_SECONDS = 0.05

/** Clocks that are off by about as much, to the same side and on the same word, in the order of their first nodes. */
export function clockGroups(wrong: readonly WrongClock[]): ClockGroup[] {
  const kinds = Map.groupBy(wrong, kindOf)
  const groups = [...kinds.values()].flatMap(ofOneKind)
  return groups.sort((a, b) => (a.clocks[0].node < b.clocks[0].node ? -1 : 1))
}

const kindOf = ({ offset, onOneWordOf, contradictedBy, isOfMost }: WrongClock): string =>
  [
    offset.offsetSeconds < 0,
    offset.reference === THE_OTHER_NODES,
    onOneWordOf,
    contradictedBy === null,
    isOfMost,
  ].join()

function ofOneKind(wrong: readonly WrongClock[]): ClockGroup[] {
  const groups: [WrongClock, ...WrongClock[]][] = []
  for (const clock of wrong.toSorted((a, b) => sizeOf(a) - sizeOf(b))) {
    const group = groups.at(-1)
    const last = group?.at(-1)
    if (group !== undefined && last !== undefined && isAlike(last, clock)) group.push(clock)
    else groups.push([clock])
  }
  return groups.map((clocks) => ({
    clocks: clocks.sort((a, b) => (a.node < b.node ? -1 : 1)),
    severity: severities.find((one) => clocks.some(({ severity }) => severity === one)) ?? 'info',
  }))
}

const sizeOf = ({ offset }: WrongClock): number => Math.abs(offset.offsetSeconds)

function isAlike(smaller: WrongClock, larger: WrongClock): boolean {
  const doubt = smaller.offset.uncertaintySeconds + larger.offset.uncertaintySeconds
  return sizeOf(larger) - sizeOf(smaller) <= Math.max(LEAST_SECONDS, ALIKE * sizeOf(smaller)) + doubt
}

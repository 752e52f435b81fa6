import type { PlannedProbe, Role } from '@oddnode/protocol'

/** How the TTL of a cache's answers to one probe moved of late. */
export type TtlRun = {
  /** Seconds, and when it was seen on the aggregator's clock. */
  ttl: number
  takenAt: number
  /** Answers in a row whose TTL should have been less, and was not. */
  stayed: number
}

/** Fewer in a row a cache that is full, or has just started, gives as well. */
const FEWEST_STAYED = 3
/** TTLs are whole seconds, and the round takes a moment. */
const SLACK_SECONDS = 2

/**
 * Whether the TTL of the answers tells of a cache: one process that every client of the node asks, and a name that every node asks for. A
 * server behind others, of which each keeps answers for itself, shows now one TTL and now another.
 */
export const tellsOfCache = ({ question, transport, sourcePort }: PlannedProbe, role: Role | undefined): boolean =>
  role === 'node-local' && question === 'kubernetes' && transport === 'udp' && sourcePort === 'fresh'

/**
 * The run with one answer more. While the answer before would still be kept, a cache answers with what is left of its TTL; an answer with
 * as much as before was not kept, or is not from a cache.
 * @param ttl seconds; null where the answer has none
 */
export function withTtl(run: TtlRun | undefined, ttl: number | null, takenAt: number): TtlRun | undefined {
  if (ttl === null) return run
  if (run === undefined) return { ttl, takenAt, stayed: 0 }
  const elapsed = takenAt - run.takenAt
  // Too soon, or older: what is left is as much as it was, give or take.
  if (elapsed <= SLACK_SECONDS) return run
  const left = run.ttl - elapsed
  const stayed = ttl > left + SLACK_SECONDS ? run.stayed + 1 : 0
  return { ttl, takenAt, stayed: left < SLACK_SECONDS ? run.stayed : stayed }
}

/** Its TTL does not count down. */
export const stays = (run: TtlRun | undefined): boolean => run !== undefined && run.stayed >= FEWEST_STAYED

/** One of which only this is known, from before a restart. */
export const stayingRun: TtlRun = { ttl: 0, takenAt: -Infinity, stayed: FEWEST_STAYED }

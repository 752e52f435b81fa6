/** A round that waits to be pushed. */
export type BufferedRound = {
  counter: number
  /** When it ended, in monotonic seconds: its age is counted from here at each push. */
  endedAt: number
  /** The plan that its columns name. */
  planId: string
  /** The JSON members of the body that do not change with time, without the outer braces. */
  members: string
  /** The facts that go with it as JSON, apart from the members: an aggregator may refuse them alone. Null without any. */
  facts: string | null
}

/**
 * Rounds that no aggregator took yet, oldest first. Bounded: the oldest is dropped, and counted, because a finding must survive the
 * outage that it describes, and the newest rounds say most about it.
 */
export type RoundBuffer = {
  rounds: BufferedRound[]
  limit: number
  dropped: number
}

export const createBuffer = (limit: number): RoundBuffer => ({ rounds: [], limit, dropped: 0 })

/** @returns whether an older round was dropped for it */
export function addRound(buffer: RoundBuffer, round: BufferedRound): boolean {
  buffer.rounds.push(round)
  if (buffer.rounds.length <= buffer.limit) return false
  buffer.rounds.shift()
  buffer.dropped++
  return true
}

/** Takes a round out after it was pushed; one that was dropped meanwhile is no longer there, and that is fine. */
export function removeRound(buffer: RoundBuffer, counter: number): void {
  const index = buffer.rounds.findIndex((round) => round.counter === counter)
  if (index >= 0) buffer.rounds.splice(index, 1)
}

// The one place that says how much faster the lab is than life. A round takes 1 s instead of 15 s, and every threshold that is a number
// of seconds because a round takes 15 s shrinks with it, to a little more than a fifteenth: a lab's nodes share two processors with each
// other and with the next lab. Numbers of samples, shares and offsets of clocks are those of life.

/** Mean length of a round, in seconds. On a machine that has other things to do as well, 2 or 3 by the environment. */
export const intervalSeconds = Number(process.env['ODDNODE_LAB_INTERVAL'] ?? 1)

/** The aggregator's settings of the plan; an agent goes by them from its first push on. */
export const plan = scaled({ intervalSeconds: 1, deadlineSeconds: 0.5, closeSeconds: 1.2, suspicionSeconds: 0.35 })

/** `slowSeconds` does not shrink, but grows: agents that wait for a processor measure that as well. */
export const thresholds = scaled({
  failingSpreadSeconds: 0.6,
  staleSeconds: 6,
  silentSeconds: 5,
  silentNotReadySeconds: 3,
  twinSeconds: 3,
  newNodeSeconds: 20,
  flappingSeconds: 40,
  slowSeconds: 0.08,
})

/** What a finding may take to be told and to go: 45 s and 60 s of life, or the room that a busy machine needs. */
export const withinSeconds = scaled({ well: 40, open: 30, close: 30 })

/** @param values for rounds of a second */
function scaled<T extends Record<string, number>>(values: T): T {
  const entries = Object.entries(values).map(([name, seconds]) => [name, seconds * intervalSeconds])
  return Object.assign({}, values, Object.fromEntries(entries))
}

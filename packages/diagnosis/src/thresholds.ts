/**
 * Every number that a verdict hangs on. A number without an outside reason is a starting value: see docs/configuration.md.
 */
export type Thresholds = {
  /** Samples of a probe's window. */
  windowSamples: number
  /** A probe is failing from this many bad samples of its window … */
  failingSamples: number
  /** … that are spread over at least this long: rolling restarts leave holes of 1 to 10 s. */
  failingSpreadSeconds: number
  /** Fewer samples than this are no data. */
  fewestSamples: number
  /** Late answers that make a probe degraded. */
  degradedLate: number
  /** A probe's last sample is stale after the larger of this and three of its intervals. */
  staleSeconds: number
  /** Good samples in a row after which what stood on the probe has ended. */
  recoverySamples: number
  /** An agent is silent after this long without a push; sooner where Kubernetes calls its node NotReady. */
  silentSeconds: number
  silentNotReadySeconds: number
  /** The twin of a silent agent must have pushed within this time. */
  twinSeconds: number
  /** A node younger than this is new. */
  newNodeSeconds: number
  /** The same fault on the same scope within this time after its end is the same finding, flapping. */
  flappingSeconds: number
  /** Consecutive bad samples of a probe until a difference is unexplained. */
  unexplainedRounds: number
  /** |offset| − uncertainty above these is info, warning, critical. */
  clockInfoSeconds: number
  clockWarningSeconds: number
  clockCriticalSeconds: number
  /** An answer time is slow from so much above the middle of the others on. */
  slowSeconds: number
  /** Nodes from which on "most" means something. */
  fewestNodesToCompare: number
}

export const defaultThresholds: Thresholds = {
  windowSamples: 5,
  failingSamples: 3,
  failingSpreadSeconds: 10,
  fewestSamples: 3,
  degradedLate: 3,
  staleSeconds: 60,
  recoverySamples: 3,
  silentSeconds: 60,
  silentNotReadySeconds: 40,
  twinSeconds: 30,
  newNodeSeconds: 300,
  flappingSeconds: 600,
  unexplainedRounds: 5,
  clockInfoSeconds: 0.05,
  clockWarningSeconds: 0.5,
  clockCriticalSeconds: 5,
  slowSeconds: 0.01,
  fewestNodesToCompare: 3,
}

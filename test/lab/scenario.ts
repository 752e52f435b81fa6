import type { ScopeKind, Severity, Subject } from '@oddnode/protocol'
import type { Lab } from './cluster/lab.ts'
import type { ClusterOptions } from './cluster/options.ts'

/** One way for a fault of the catalogue to happen, and what must be told of it while it lasts: that, and nothing else. */
export type Scenario = {
  /** The fault's name in the catalogue. */
  fault: string
  /** How it is made to happen, in a few words. */
  how: string
  /** What the cluster needs to be besides the usual. */
  cluster?: Partial<ClusterOptions>
  /** Why this machine cannot do it, or null. */
  whyNot?: () => string | null
  /** What makes it possible, before all is well. */
  prepare?: (lab: Lab) => Promise<void> | void
  break: (lab: Lab) => Promise<void> | void
  expect: Expected
  heal: (lab: Lab) => Promise<void> | void
  /** How often `quick.withinSeconds` the telling, and its end, may take where the probes are not asked every round; else once. */
  within?: { open?: number; close?: number }
}

export type Expected = {
  severity?: Severity
  kind: ScopeKind
  /** Names; absent: [] of a server or of the whole cluster. */
  nodes?: readonly string[]
  subject?: Partial<Subject>
  story: RegExp
  /** Faults that are rightly told beside it. */
  beside?: readonly string[]
  /** Another finding explains it, so that no reader is shown it on its own. */
  isCovered?: boolean
  /** It may have ended when it is told: it comes from the buffer of an agent that was cut off. */
  ended?: boolean
}

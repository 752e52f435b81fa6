import type { Finding } from '@oddnode/protocol'

/** The version of an open finding that was kept last. */
export type KeptVersion = { substance: string; notedAt: number }

/** A story whose numbers move, and nothing else, is kept once in this time. */
const STORY_SECONDS = 600

/**
 * Whether a finding has changed in a way that a reader of the past must see.
 * @param kept the version that was kept last; undefined for none
 * @returns what to remember of it, or null where the kept version says as much
 */
export function isWorthAVersion(kept: KeptVersion | undefined, finding: Finding, notedAt: number): KeptVersion | null {
  const substance = substanceOf(finding)
  const isOld = kept !== undefined && notedAt - kept.notedAt >= STORY_SECONDS
  return kept?.substance !== substance || isOld ? { substance, notedAt } : null
}

/** All but what moves without a change: when it was seen, numbers in its story, samples of its evidence. */
function substanceOf({ severity, scope, since, ended, confidence, reopened, covers, evidence }: Finding): string {
  const rows = evidence.map(({ node, vantage, target, transport, question, state, outcome }) =>
    [node, vantage, target.role, target.address, transport, question, state, outcome].join(' '),
  )
  return JSON.stringify([severity, scope, since, ended, confidence, reopened, covers, rows])
}

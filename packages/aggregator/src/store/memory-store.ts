import type { Finding } from '@oddnode/protocol'
import type { Store } from './store.ts'

/** Ended findings that are kept: what the page lists, with room. */
const MAX_FINDINGS = 1000

/**
 * The store of an aggregator without a data file: it has what the page shows of the past, and nothing for a restart. The present is in
 * the fleet already and would only take its memory twice.
 */
export function createMemoryStore(): Store {
  const ended = new Map<string, Finding>()
  return {
    load: () => ({ plans: new Map(), agents: [], findings: [] }),
    commit: ({ findings }) => {
      for (const { finding } of findings) {
        ended.delete(finding.id)
        if (finding.ended !== null) ended.set(finding.id, finding)
      }
      for (const id of [...ended.keys()].slice(0, Math.max(0, ended.size - MAX_FINDINGS))) ended.delete(id)
    },
    endedFindings: (since, limit) =>
      [...ended.values()]
        .filter((finding) => endOf(finding) >= since)
        .toSorted((a, b) => endOf(b) - endOf(a) || a.id.localeCompare(b.id))
        .slice(0, limit),
    finding: (id) => ended.get(id) ?? null,
    past: () => ({ why: 'nothing-kept', before: null, after: null }),
    prune: (before) => {
      for (const finding of ended.values()) if (endOf(finding) < before) ended.delete(finding.id)
    },
    close: () => {},
  }
}

const endOf = ({ ended }: Finding) => Date.parse(ended ?? '') / 1000

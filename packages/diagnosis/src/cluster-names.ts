import type { Question } from '@oddnode/protocol'
import type { Cell } from './cell.ts'

const aboutCluster: ReadonlySet<Question> = new Set([
  'kubernetes',
  'version',
  'soa',
  'missing',
  'canary',
  'pair',
  'large',
  'case',
])

/** The question is about names of the cluster, not about those outside and not about the way there. */
export const asksCluster = ({ planned }: Cell): boolean => aboutCluster.has(planned.question)

/** It is one that CoreDNS cannot answer without what it reads from the API; `version` and `soa` it can. */
export const needsApi = (cell: Cell): boolean =>
  asksCluster(cell) && cell.planned.question !== 'version' && cell.planned.question !== 'soa'

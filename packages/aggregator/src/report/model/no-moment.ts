import type { NoPast } from '../../store/store.ts'

/** Why there is no report of a moment. */
export type NoMoment = Omit<NoPast, 'why'> & {
  why: NoPast['why'] | 'future' | 'forgotten'
  /** What keeps the aggregator from remembering; null while the store is well. */
  trouble: string | null
}

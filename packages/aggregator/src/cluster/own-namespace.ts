import { readFileSync } from 'node:fs'
import type { AggregatorConfig } from '../config-schema.ts'

/** Oddnode's own namespace: as it is set, else the service account's; null outside a cluster. */
export function ownNamespace({ names, kubernetes }: Pick<AggregatorConfig, 'names' | 'kubernetes'>): string | null {
  if (names.namespace !== '') return names.namespace
  try {
    return readFileSync(kubernetes.namespaceFile, 'utf8').trim() || null
  } catch {
    return null
  }
}

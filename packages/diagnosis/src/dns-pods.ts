import type { Fleet } from './fleet.ts'
import { shellWord } from './shell-word.ts'

/**
 * Where CoreDNS's pods are and what they are labelled, for kubectl: as the Service of cluster DNS selects them, since each distribution has
 * labels of its own.
 */
export function dnsPods({ cluster }: Pick<Fleet, 'cluster'>): { namespace: string; selector: string } {
  const { service = null, podSelector = 'k8s-app=kube-dns' } = cluster?.dns ?? {}
  return { namespace: shellWord(service?.split('/')[0] ?? 'kube-system'), selector: shellWord(podSelector) }
}

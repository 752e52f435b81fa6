import type { LargeName } from '@oddnode/protocol'
import type { EndpointSlice } from '../kubernetes/objects.ts'

/** A Service without selector whose answer is large on purpose, as it is kept. */
export type KeptLargeSlice = {
  service: string
  addresses: string[]
}

/** The label of such Services' EndpointSlices, in oddnode's own namespace. */
export const LARGE_LABEL = 'app.kubernetes.io/component=large-answer'

export function keepLargeSlice({ metadata, endpoints, addressType }: EndpointSlice): KeptLargeSlice | null {
  const service = metadata?.labels?.['kubernetes.io/service-name']
  if (service === undefined || addressType !== 'IPv4') return null
  return { service, addresses: (endpoints ?? []).flatMap(({ addresses }) => addresses ?? []) }
}

/** Header, type and class of the question, and the OPT record (RFC 1035 section 4.1, RFC 6891 section 6.1.2). */
const FIXED_OCTETS = 12 + 4 + 11
/** An A record whose name is a pointer (RFC 1035 section 4.1.4). */
const RECORD_OCTETS = 16
/** Smaller answers are not large, larger ones no DNS message. */
const SMALLEST_OCTETS = 512
const LARGEST_OCTETS = 65_535

/** The names whose answers are large, and how many octets an answer with EDNS has; the smallest first. */
export function largeNamesOf(
  slices: Iterable<KeptLargeSlice>,
  namespace: string | null,
  clusterDomain: string | null,
): LargeName[] {
  if (namespace === null || clusterDomain === null) return []
  const services = Map.groupBy(slices, ({ service }) => service)
  return [...services]
    .map(([service, own]) => {
      const name = `${service}.${namespace}.svc.${clusterDomain}`
      const records = new Set(own.flatMap(({ addresses }) => addresses)).size
      return { name, octets: FIXED_OCTETS + name.length + 2 + records * RECORD_OCTETS }
    })
    .filter(({ octets }) => octets >= SMALLEST_OCTETS && octets <= LARGEST_OCTETS)
    .sort((a, b) => a.octets - b.octets || (a.name < b.name ? -1 : 1))
    .slice(0, MOST_NAMES)
}

const MOST_NAMES = 8

import { isIP } from 'node:net'
import { DNS_PORT } from '@oddnode/protocol'
import type { Service } from '../kubernetes/objects.ts'

/** A Service as it is kept. */
export type KeptService = {
  namespace: string
  name: string
  /** ClusterIPs of both families; none where it is headless. */
  addresses: string[]
  port: number | null
  /** The labels of its pods as kubectl takes them, e.g. `k8s-app=kube-dns`; null where it selects none, or by more than a command holds. */
  selector: string | null
  /** Near endpoints come first: traffic distribution, internal traffic policy, or topology hints. */
  prefersNearEndpoints: boolean
}

export function keepService({ metadata, spec }: Service): KeptService | null {
  if (metadata?.name === undefined || metadata.namespace === undefined) return null
  const clusterIps = spec?.clusterIPs ?? (spec?.clusterIP === undefined ? [] : [spec.clusterIP])
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    addresses: clusterIps.filter((address) => isIP(address) !== 0),
    port: portOf(spec?.ports ?? []),
    selector: selectorText(spec?.selector ?? {}),
    prefersNearEndpoints:
      spec?.trafficDistribution !== undefined ||
      spec?.internalTrafficPolicy === 'Local' ||
      metadata.annotations?.['service.kubernetes.io/topology-mode'] === 'Auto',
  }
}

const MOST_CHARACTERS = 512

function selectorText(selector: Readonly<Record<string, string>>): string | null {
  const labels = Object.entries(selector).map(([label, value]) => `${label}=${value}`)
  const text = labels.join(',')
  return text === '' || text.length > MOST_CHARACTERS ? null : text
}

/** That of DNS, if it has it: metrics may come first. */
const portOf = (ports: readonly { port?: number }[]): number | null =>
  (ports.find(({ port }) => port === DNS_PORT) ?? ports[0])?.port ?? null

/** What cluster DNS is called: by kubeadm and most others, k3s, kubespray, RKE2, OpenShift. */
const usualNames = ['kube-dns', 'coredns', 'rke2-coredns-rke2-coredns', 'dns-default']
/** What the NodeLocal addon calls the second Service that it makes for itself. */
export const UPSTREAM_SERVICE = 'kube-dns-upstream'

/**
 * The Service that is cluster DNS: the one that owns the nameserver of pods, else one of the usual names, else any other that was found by
 * its label. Never a customary address, nor the Service of its metrics, which CoreDNS's chart labels alike.
 * @param services those that are labelled as cluster DNS, or own a nameserver of pods
 * @param nameservers of pods
 */
export function dnsServiceOf(services: Iterable<KeptService>, nameservers: readonly string[]): KeptService | null {
  const candidates = [...services].filter(
    ({ addresses, name, port }) =>
      addresses.length > 0 &&
      name !== UPSTREAM_SERVICE &&
      (port === DNS_PORT || port === null || owns(addresses, nameservers)),
  )
  return candidates.toSorted((a, b) => rankOf(a, nameservers) - rankOf(b, nameservers))[0] ?? null
}

const owns = (addresses: readonly string[], nameservers: readonly string[]): boolean =>
  addresses.some((address) => nameservers.includes(address))

/** Lower is better. */
function rankOf({ name, addresses }: KeptService, nameservers: readonly string[]): number {
  if (owns(addresses, nameservers)) return 0
  const usual = usualNames.indexOf(name)
  return 1 + (usual === -1 ? usualNames.length : usual)
}

/**
 * The Service that node-local DNS asks, where that is not the one that pods ask: kubespray's asks that one.
 * @param upstreamName as node-local DNS's arguments say
 */
export function upstreamServiceOf(
  services: Iterable<KeptService>,
  upstreamName: string,
  dns: KeptService | null,
): KeptService | null {
  const named = [...services].filter(({ name }) => name === upstreamName || name === UPSTREAM_SERVICE)
  const own = named.filter(({ name, namespace }) => name !== dns?.name && namespace === (dns?.namespace ?? namespace))
  return own[0] ?? null
}

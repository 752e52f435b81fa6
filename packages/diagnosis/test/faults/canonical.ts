import type { ProbeOf, Sees, Wrong } from './fault-world.ts'

/** What a fault shows on a node that has it, as its block of the catalogue draws it. */
type Shows = (probe: ProbeOf) => Wrong

const isService = ({ role }: ProbeOf) => role === 'cluster-dns' || role === 'cluster-dns-upstream'
const isClusterName = ({ question }: ProbeOf) => ['kubernetes', 'version', 'missing'].includes(question)
const isControl = ({ question }: ProbeOf) => ['connect', 'reach', 'health'].includes(question)
const isExternal = ({ question }: ProbeOf) => question === 'external'
const isOverTheWire = ({ role }: ProbeOf) => role !== 'node-local' && role !== 'api-server'
/** Node-local DNS cannot ask CoreDNS, or an upstream. */
const passedOn = (probe: ProbeOf, isMeant: (probe: ProbeOf) => boolean): Wrong =>
  probe.role === 'node-local' && isMeant(probe) ? 'SERVFAIL' : null

/** Faults of one node without a CoreDNS pod, by name. */
export const onOneNode: Readonly<Record<string, Shows>> = {
  'pods-cannot-reach-node-local-dns': ({ vantage, role }) =>
    vantage === 'pod' && role === 'node-local' ? 'timeout' : null,
  'node-local-dns-not-running': ({ role }) => (role === 'node-local' ? 'timeout' : null),
  'service-rules-broken-on-node': (probe) =>
    isService(probe) || probe.role === 'api-server' ? 'timeout' : passedOn(probe, isClusterName),
  'host-cannot-use-cluster-ip': (probe) =>
    isService(probe) && probe.vantage === 'host' ? 'timeout' : passedOn(probe, isClusterName),
  'tcp-53-blocked': (probe) =>
    probe.transport === 'tcp' && isOverTheWire(probe) && !isControl(probe) ? 'timeout' : passedOn(probe, isClusterName),
  'udp-53-blocked': (probe) =>
    probe.transport === 'udp' && isOverTheWire(probe)
      ? probe.vantage === 'host'
        ? 'denied'
        : 'timeout'
      : passedOn(probe, isExternal),
  'node-cut-off-from-pod-network': (probe) =>
    probe.vantage === 'pod' && (isService(probe) || probe.role === 'endpoint') ? 'timeout' : null,
  'network-policy-blocks-dns': (probe) => (probe.vantage === 'pod' && !isControl(probe) ? 'timeout' : null),
  'pods-have-no-network': ({ vantage }) => (vantage === 'pod' ? 'timeout' : null),
  'upstream-resolver-failing': (probe) =>
    isExternal(probe) && probe.role === 'upstream' && probe.vantage === 'host'
      ? 'timeout'
      : passedOn(probe, isExternal),
  'dns-server-refuses-queries': (probe) =>
    isExternal(probe) && (probe.role === 'upstream' || probe.role === 'node-local') ? 'REFUSED' : null,
}

/** Each of these nodes shows its own fault. @param faults names of `onOneNode` by node */
export const showing =
  (faults: Readonly<Record<string, string>>): Sees =>
  (node, probe) =>
    onOneNode[faults[node] ?? '']?.(probe) ?? null

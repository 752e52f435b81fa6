import { configureChrony } from './chrony.ts'
import { directoryOf, type Lab } from './lab.ts'
import { CLUSTER_DNS_UPSTREAM, ipv6Of, NODE_LOCAL, nodeLocalAddresses, OUTSIDE, outside, podIpv6Of } from './layout.ts'
import { clusterRecords, outsideRecords } from './names.ts'
import type { ClusterOptions } from './options.ts'
import { canaryAddresses } from './picture.ts'
import { AGGREGATOR_PORT, script } from './programs.ts'
import { configureUnbound } from './unbound.ts'

/** An address, and where there is IPv6 its twin. */
export const both = (address: string, { ipv6 }: ClusterOptions): string[] =>
  ipv6 ? [address, ipv6Of(address)] : [address]

const bothOfPod = (address: string, { ipv6 }: ClusterOptions): string[] =>
  ipv6 ? [address, podIpv6Of(address)] : [address]

/** CoreDNS's readiness; node-local DNS's health page. */
const READY_PORT = 8181
const HEALTH_PORT = 8080

/** Says how the servers are started: DNS, NTP, and the way in. */
export function defineServers(lab: Lab): void {
  defineOutside(lab)
  defineCoredns(lab)
  if (lab.options.nodeLocal) defineNodeLocal(lab)
}

function defineOutside({ processes, directory, options, socket }: Lab): void {
  processes.define(
    'relay',
    OUTSIDE,
    script('relay', socket, outside.aggregator, `${AGGREGATOR_PORT}`, outside.apiServer, '6443'),
  )
  const resolvers = { upstream: outside.upstream, 'other upstream': outside.otherUpstream }
  for (const [name, address] of Object.entries(resolvers)) {
    const role = { kind: 'upstream' as const, addresses: both(address, options), records: outsideRecords() }
    processes.define(name, OUTSIDE, configureUnbound(directoryOf(directory, name), role))
  }
  for (const [index, address] of outside.ntp.entries())
    processes.define(
      `ntp-${index + 1}`,
      OUTSIDE,
      configureChrony(directoryOf(directory, `ntp-${index + 1}`), both(address, options)),
    )
}

function defineCoredns({ processes, directory, layout, options }: Lab): void {
  const records = clusterRecords(canaryAddresses(layout.nodes))
  for (const { member, address } of layout.endpoints) {
    const role = {
      kind: 'endpoint' as const,
      addresses: bothOfPod(address, options),
      records,
      upstreams: [outside.upstream],
      readyPort: READY_PORT,
    }
    processes.define(member, member, configureUnbound(directoryOf(directory, member), role))
  }
}

function defineNodeLocal({ processes, directory, layout, options }: Lab): void {
  const role = {
    kind: 'node-local' as const,
    addresses: nodeLocalAddresses(options),
    clusterDns: CLUSTER_DNS_UPSTREAM,
    upstreams: [outside.upstream],
    ...(options.keepSeconds !== null && { keepSeconds: options.keepSeconds }),
  }
  for (const { name: node } of layout.nodes) {
    const name = `node-local ${node}`
    processes.define(name, node, configureUnbound(directoryOf(directory, name), role))
    processes.define(`health ${node}`, node, script('health', NODE_LOCAL, `${HEALTH_PORT}`))
  }
}

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DOMAIN } from './names.ts'
import { patienceMilliseconds, ttlSeconds } from './quick.ts'

/** Where an unbound stands, and what it answers from. */
export type UnboundRole =
  /** A CoreDNS pod: answers for the cluster's domain itself, asks an upstream for the rest; `ready` accepts connections. */
  | {
      kind: 'endpoint'
      addresses: readonly string[]
      records: readonly string[]
      upstreams: readonly string[]
      readyPort: number
    }
  /** A node's cache: cluster names over TCP to CoreDNS, the rest to the node's own resolver. */
  | {
      kind: 'node-local'
      addresses: readonly string[]
      clusterDns: string
      upstreams: readonly string[]
      /** How long it keeps an answer, whatever its TTL. Absent: as that says. */
      keepSeconds?: number
    }
  /** A resolver outside: answers what it has, and NXDOMAIN to everything else. */
  | { kind: 'upstream'; addresses: readonly string[]; records: readonly string[] }

/** Writes the configuration into a directory of its own. @returns how to start it */
export function configureUnbound(directory: string, role: UnboundRole): readonly string[] {
  mkdirSync(directory, { recursive: true })
  writeFileSync(configurationOf(directory), [...common(directory), ...linesOf(role)].join('\n'))
  return ['unbound', '-d', '-c', configurationOf(directory)]
}

const configurationOf = (directory: string) => join(directory, 'unbound.conf')

/** unbound-control(8) for the one in a directory. */
export const controlOf = (directory: string, ...command: readonly string[]): readonly string[] => [
  'unbound-control',
  '-c',
  configurationOf(directory),
  ...command,
]

/** Small, without DNSSEC, and quick to look again at a server that did not answer: everything here happens within seconds. */
const common = (directory: string): string[] => [
  'remote-control:',
  '  control-enable: yes',
  `  control-interface: "${directory}/control"`,
  '  control-use-cert: no',
  'server:',
  `  directory: "${directory}"`,
  '  chroot: ""',
  '  username: ""',
  '  pidfile: ""',
  '  use-syslog: no',
  '  do-daemonize: no',
  '  module-config: "iterator"',
  '  access-control: 0.0.0.0/0 allow',
  '  access-control: ::/0 allow',
  '  do-not-query-localhost: no',
  // As CoreDNS does, which asks on: unbound would know by itself that there is none (RFC 6761).
  '  local-zone: "invalid." nodefault',
  '  msg-cache-size: 1m',
  '  rrset-cache-size: 1m',
  '  max-udp-size: 4096',
  `  cache-max-ttl: ${ttlSeconds}`,
  `  cache-max-negative-ttl: ${ttlSeconds}`,
  '  infra-host-ttl: 1',
  '  infra-keep-probing: yes',
  `  infra-cache-max-rtt: ${patienceMilliseconds.most}`,
  `  unknown-server-time-limit: ${patienceMilliseconds.unknown}`,
  `  tcp-auth-query-timeout: ${patienceMilliseconds.tcp}`,
  // As long as CoreDNS keeps an idle connection, at the lab's pace: one that leads to a pod that is gone is soon given up.
  '  tcp-reuse-timeout: 700',
  '  minimal-responses: yes',
  '  outgoing-range: 512',
  '  num-queries-per-thread: 256',
]

function linesOf(role: UnboundRole): string[] {
  switch (role.kind) {
    case 'endpoint':
      return [
        ...role.addresses.flatMap((address) => [
          `  interface: ${address}`,
          `  interface: ${address}@${role.readyPort}`,
        ]),
        `  local-zone: "${DOMAIN}." static`,
        ...role.records.map(localData),
        ...forwardZone('.', role.upstreams, false),
      ]
    case 'node-local':
      return [
        ...role.addresses.map((address) => `  interface: ${address}`),
        ...(role.keepSeconds === undefined
          ? []
          : [`  cache-max-ttl: ${role.keepSeconds}`, `  cache-min-ttl: ${role.keepSeconds}`]),
        ...forwardZone(DOMAIN, [role.clusterDns], true),
        ...forwardZone('.', role.upstreams, false),
      ]
    case 'upstream':
      return [
        ...role.addresses.map((address) => `  interface: ${address}`),
        '  local-zone: "." static',
        ...role.records.map(localData),
      ]
  }
}

const localData = (record: string) => `  local-data: '${record}'`

const forwardZone = (zone: string, addresses: readonly string[], overTcp: boolean): string[] => [
  'forward-zone:',
  `  name: "${zone}"`,
  ...addresses.map((address) => `  forward-addr: ${address}`),
  ...(overTcp ? ['  forward-tcp-upstream: yes'] : []),
]

import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Network } from './namespaces.ts'

/** The API server's ClusterIP in these tests. */
export const API_ADDRESS = '198.18.128.1'

const folder = (name: string) => mkdtempSync(join(tmpdir(), `oddnode-${name}-`))

/** unbound as cluster DNS: serves `cluster.local` from its own data, and asks nobody else. */
export function startUnbound(network: Network, member: string, address: string) {
  const directory = folder('unbound')
  const file = join(directory, 'unbound.conf')
  writeFileSync(
    file,
    `server:
  directory: "${directory}"
  chroot: ""
  username: ""
  pidfile: ""
  use-syslog: no
  do-daemonize: no
  interface: ${address}
  access-control: 0.0.0.0/0 allow
  access-control: ::/0 allow
  module-config: "iterator"
  local-zone: "cluster.local." static
  local-data: "kubernetes.default.svc.cluster.local. 5 IN A ${API_ADDRESS}"
  local-data: 'dns-version.cluster.local. 5 IN TXT "1.1.0"'
  local-data: "cluster.local. 5 IN SOA ns.dns.cluster.local. hostmaster.cluster.local. 1 7200 1800 86400 5"
`,
  )
  return network.start(member, ['unbound', '-d', '-c', file])
}

/** dnsmasq with the same names: another implementation must not look like a difference. */
export function startDnsmasq(network: Network, member: string, address: string) {
  return network.start(member, [
    'dnsmasq',
    '--keep-in-foreground',
    '--conf-file=/dev/null',
    '--no-resolv',
    '--no-hosts',
    '--pid-file=',
    '--user=root',
    `--listen-address=${address}`,
    '--bind-interfaces',
    '--local=/cluster.local/',
    '--local=/invalid/',
    `--host-record=kubernetes.default.svc.cluster.local,${API_ADDRESS}`,
    '--txt-record=dns-version.cluster.local,1.1.0',
  ])
}

/** chrony that serves the machine's own clock and never sets it (`-x`). */
export function startChrony(network: Network, member: string, address: string) {
  const directory = folder('chrony')
  const file = join(directory, 'chrony.conf')
  writeFileSync(
    file,
    `local stratum 2
allow all
bindaddress ${address}
cmdport 0
bindcmdaddress /
pidfile ${directory}/chronyd.pid
driftfile ${directory}/drift
`,
  )
  return network.start(member, ['chronyd', '-x', '-n', '-u', 'root', '-f', file])
}

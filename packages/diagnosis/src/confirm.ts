import { DNS_PORT, type Names, type PlannedProbe, type Target } from '@oddnode/protocol'
import type { Cell } from './cell.ts'
import { shellWord } from './shell-word.ts'

/** More than these nobody runs. */
const MOST_COMMANDS = 12

/** The command that asks what a cell asks, after the place to run it in, e.g. `in a pod on node-2: dig +notcp …`. */
export function confirmCommand(cell: Cell): string {
  const place = cell.vantage === 'pod' ? `in a pod on ${cell.node}` : `on ${cell.node}`
  return `${place}: ${askCommand(cell)}`
}

function askCommand(cell: Cell): string {
  const { address, port } = { ...cell.target, port: cell.planned.port ?? cell.target.port }
  switch (cell.planned.question) {
    case 'connect':
    case 'reach':
      return `nc -zvw2 ${address} ${port}`
    case 'health':
      return `curl -sm2 http://${address.includes(':') ? `[${address}]` : address}:${port}/health`
    default:
      return digCommand(cell)
  }
}

/** The commands for some cells, each once. */
export function confirmCommands(cells: readonly Cell[]): string[] {
  return [...new Set(cells.map(confirmCommand))].slice(0, MOST_COMMANDS)
}

/** One absolute name, one question, no retry: what the probe sends. */
export function digCommand({ agent, planned, target }: Pick<Cell, 'agent' | 'planned' | 'target'>): string {
  const { transport, question, edns } = planned
  const options = [
    'dig +time=2 +tries=1',
    transport === 'tcp' ? '+tcp' : '+notcp',
    ...(transport === 'udp' && question === 'large' ? ['+ignore'] : []),
    edns === undefined ? '+noedns' : `+bufsize=${edns.udpPayloadSize}`,
    ...(edns?.nsid ? ['+nsid'] : []),
    `@${dnsServer(target)}`,
  ]
  return [...options, digQuestion(planned, agent.plan.names)].join(' ')
}

/** Whom dig asks, after its @: an address, and the port where it is not the usual one, as OpenShift's CoreDNS pods have it. */
export const dnsServer = ({ address, port = DNS_PORT }: Pick<Target, 'address'> & { port?: number }): string =>
  port === DNS_PORT ? address : `${address} -p ${port}`

/** Name and type as dig takes them; the name is absolute. A name that the plan does not know is written in capitals. */
function digQuestion({ question, name }: Pick<PlannedProbe, 'question' | 'name'>, names: Names): string {
  const domain = names.clusterDomain && shellWord(names.clusterDomain)
  const inCluster = `${domain ?? 'CLUSTER-DOMAIN'}.`
  const namespace = shellWord(names.namespace ?? 'NAMESPACE')
  switch (question) {
    case 'kubernetes':
      return `kubernetes.default.svc.${inCluster} A`
    case 'pair':
      return `kubernetes.default.svc.${inCluster} A kubernetes.default.svc.${inCluster} AAAA`
    case 'case':
      return `kUbErNeTeS.dEfAuLt.sVc.${inCluster} A`
    case 'version':
      return `dns-version.${inCluster} TXT`
    case 'soa':
      return `${domain ?? ''}. SOA`
    case 'missing':
      return `p0.${namespace}.svc.${inCluster} A`
    case 'wildcard':
      return `${shellWord(name ?? 'WILDCARD-NAME')}. A`
    case 'external':
    case 'trap':
      return `${shellWord(names.external ?? 'EXTERNAL-NAME')}. A`
    case 'canary':
      return `${shellWord(names.canary ?? 'CANARY-NAME')}. A`
    case 'invalid':
      return '$(openssl rand -hex 8).invalid. A'
    case 'identity':
      return 'id.server. CH TXT'
    case 'large':
      return `${shellWord(name ?? 'LARGE-NAME')}. A`
    case 'connect':
    case 'reach':
    case 'health':
      return ''
  }
}

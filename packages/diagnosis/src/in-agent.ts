import { DNS_PORT, formatAddress, type Question, type Vantage } from '@oddnode/protocol'
import type { CellRow } from './fault.ts'
import type { Fleet } from './fleet.ts'
import { shellWord } from './shell-word.ts'
import { agentComponent } from './words.ts'

/**
 * A command that can be pasted anywhere and runs in oddnode's own pod of a node: nothing is installed for it, and nothing left behind.
 * @returns null outside of Kubernetes
 */
export function inAgent(fleet: Fleet, node: string, vantage: Vantage, command: string): string | null {
  const namespace = ownNamespace(fleet)
  if (fleet.cluster?.source !== 'kubernetes' || namespace === null) return null
  const kubectl = `kubectl -n ${shellWord(namespace)}`
  const component = `app.kubernetes.io/component=${agentComponent(vantage)}`
  const pod = `${kubectl} get pod -o name -l ${component} --field-selector spec.nodeName=${shellWord(node)}`
  return `${kubectl} exec $(${pod}) -- ${command}`
}

/** As the plans have it: the first agent that has one tells for all. */
function ownNamespace({ agents }: Fleet): string | null {
  for (const { plan } of agents.values()) if (plan.names.namespace !== null) return plan.names.namespace
  return null
}

const IN_POD = /^in a pod on (\S+): (cat .+)$/su

/** A command that reads a file in a pod, from oddnode's own pod there where that is known; any other as it is. */
export function readInAgent(fleet: Fleet, line: string): string {
  const [, node, command] = IN_POD.exec(line) ?? []
  if (node === undefined || command === undefined) return line
  return inAgent(fleet, node, 'pod', command) ?? line
}

/** What `oddnode check` asks of any server. */
const asked: ReadonlySet<Question> = new Set(['kubernetes', 'version', 'missing', 'external'])
const MOST_SERVERS = 3
/** Asks the servers of a finding's rows again, from the first of its nodes; [] where no such question is among them. */
export function askAgain(fleet: Fleet, evidence: readonly CellRow[]): string[] {
  const cells = evidence.map(({ cell }) => cell).filter(({ planned }) => asked.has(planned.question))
  const first = cells.find(({ vantage }) => vantage === 'pod') ?? cells[0]
  if (first === undefined) return []
  const { node, vantage, agent } = first
  const ofAgent = cells.filter((cell) => cell.agent === agent)
  const servers = [...new Set(ofAgent.map(({ target }) => formatAddress(target, DNS_PORT)))].slice(0, MOST_SERVERS)
  const { external } = agent.plan.names
  const isExternal = external !== null && ofAgent.some(({ planned }) => planned.question === 'external')
  const options = [
    ...servers.map((server) => `--server ${server}`),
    ...(isExternal ? [`--name ${shellWord(external)}`] : []),
  ]
  const command = inAgent(fleet, node, vantage, ['oddnode check', ...options].join(' '))
  return command === null ? [] : [command]
}

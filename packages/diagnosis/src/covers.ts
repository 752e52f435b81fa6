import { type Finding, type Vantage, vantages } from '@oddnode/protocol'
import type { Cover, Fault } from './fault.ts'
import type { Fleet } from './fleet.ts'
import { rowKey } from './match-findings.ts'
import { agentComponent } from './words.ts'

/** Whether a finding of this fault explains another one, by what the fault says that it covers. */
export function coversOf({ covers }: Fault, finding: Finding, other: Finding, fleet: Fleet): boolean {
  return covers.some(
    ({ faults, on }) => (faults === 'all' || faults.includes(other.fault)) && places[on](finding, other, fleet),
  )
}

type Place = (finding: Finding, other: Finding, fleet: Fleet) => boolean

const places: Readonly<Record<Cover['on'], Place>> = {
  anywhere: () => true,
  'same-nodes': isOnSameNodes,
  'same-pods': (finding, other) => isOnSameNodes(finding, other) && isSeenFrom(other, 'pod'),
  'silent-agent': (finding, other) =>
    isOnSameNodes(finding, other) &&
    other.evidence.every(({ node }) => isNamed(finding, node)) &&
    vantages.some((one) => finding.scope.subject?.pod === agentComponent(one) && isSeenFrom(other, one)),
  'same-target': (finding, other) => {
    const address = finding.scope.subject?.address ?? null
    return address !== null && addressesOf(other).every((one) => one === address)
  },
  'same-rows': (finding, other) => {
    const rows = new Set(finding.evidence.map(rowKey))
    return other.evidence.some((row) => rows.has(rowKey(row)))
  },
  hosted: (finding, other, fleet) => {
    const nodes = addressesOf(other).map((address) => hostOf(fleet, address))
    return nodes.length > 0 && nodes.every((node) => node !== null && isNamed(finding, node))
  },
}

/** By its rows; without any, by the agent that it is about. */
const isSeenFrom = ({ evidence, scope }: Finding, vantage: Vantage): boolean =>
  evidence.length > 0
    ? evidence.every((row) => row.vantage === vantage)
    : scope.subject?.pod === agentComponent(vantage)

const isNamed = ({ scope }: Finding, node: string): boolean => scope.kind === 'cluster' || scope.nodes.includes(node)

function isOnSameNodes(finding: Finding, other: Finding): boolean {
  const nodes = other.scope.nodes.length > 0 ? other.scope.nodes : other.evidence.map(({ node }) => node)
  return finding.scope.kind === 'cluster' || (nodes.length > 0 && nodes.every((node) => isNamed(finding, node)))
}

/** The servers that a finding is about: its subject, else those of its rows. */
function addressesOf({ scope, evidence }: Finding): string[] {
  const subject = scope.subject?.address ?? null
  return subject === null ? [...new Set(evidence.map(({ target }) => target.address))] : [subject]
}

const hostOf = ({ cluster }: Fleet, address: string): string | null =>
  cluster?.dns.endpoints?.find((endpoint) => endpoint.address === address)?.node ?? null

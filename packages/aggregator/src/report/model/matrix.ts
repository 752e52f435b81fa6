import {
  type Report,
  type ReportAgent,
  type ReportNode,
  type ReportProbe,
  type Role,
  roles,
  type State,
  type Transport,
  transports,
  type Vantage,
} from '@oddnode/protocol'
import { countText, seenText, worstFirst } from '../format.ts'

/** @property address '' for the CoreDNS pods together, where they are too many for a column each */
export type MatrixColumn = { role: Role; address: string; transport: Transport }

/** What one agent sees of one target over one transport: its worst question, and how many there are. */
export type MatrixCell = {
  state: State
  text: string
  /** The question that the text is of, and the address where the column has several; null where all are alike. */
  question: string | null
}

export type MatrixRow = {
  node: string
  vantage: Vantage
  state: State
  status: ReportAgent['status']
  /** One for each column; null where this agent's plan does not have it. */
  cells: (MatrixCell | null)[]
}

export type Matrix = { columns: MatrixColumn[]; rows: MatrixRow[] }

/** Lays the report out as nodes × vantage against targets × transport, odd rows first. */
export function matrixOf({ nodes }: Pick<Report, 'nodes'>): Matrix {
  const rows = nodes
    .flatMap((node) => node.agents.map((agent) => ({ node, agent })))
    .toSorted((a, b) => rank(a.agent.state) - rank(b.agent.state) || rank(a.node.state) - rank(b.node.state))
  const columns = columnsOf(rows.map(({ agent }) => agent))
  return { columns, rows: rows.map(({ node, agent }) => rowOf(node, agent, columns)) }
}

/** CoreDNS pods that get a column each; of more, every node asks a sample of its own. */
const MAX_ENDPOINTS = 6

/** Nodes that the report does not list; null if it lists all. */
export function leftOut({ nodes, verdict }: Pick<Report, 'nodes' | 'verdict'>): string | null {
  const missing = verdict.nodes.expected - nodes.length
  return missing > 0 ? `${countText(missing, 'more node')}, none of them worse:` : null
}

const rank = (state: State) => worstFirst.indexOf(state)
const columnKey = (role: string, address: string, transport: string) => `${role} ${address} ${transport}`

function columnsOf(agents: readonly ReportAgent[]): MatrixColumn[] {
  const all = allColumns(agents)
  const endpoints = new Set(all.flatMap(({ role, address }) => (role === 'endpoint' ? [address] : [])))
  if (endpoints.size <= MAX_ENDPOINTS) return all
  const together = transports.map((transport): MatrixColumn => ({ role: 'endpoint', address: '', transport }))
  const asked = together.filter(({ transport }) =>
    all.some((one) => one.role === 'endpoint' && one.transport === transport),
  )
  const first = all.findIndex(({ role }) => role === 'endpoint')
  return all.filter(({ role }) => role !== 'endpoint').toSpliced(first, 0, ...asked)
}

function allColumns(agents: readonly ReportAgent[]): MatrixColumn[] {
  const columns = new Map<string, MatrixColumn>()
  for (const { probes } of agents) {
    for (const { target, transport } of probes) {
      const { role, address } = target
      const key = columnKey(role, address, transport)
      if (!columns.has(key)) columns.set(key, { role, address, transport })
    }
  }
  return [...columns.values()].toSorted(
    (a, b) =>
      roles.indexOf(a.role) - roles.indexOf(b.role) ||
      a.address.localeCompare(b.address) ||
      b.transport.localeCompare(a.transport),
  )
}

function rowOf(node: ReportNode, agent: ReportAgent, columns: readonly MatrixColumn[]): MatrixRow {
  const together = columns.some(({ role, address }) => role === 'endpoint' && address === '')
  const probes = Map.groupBy(agent.probes, ({ target: { role, address }, transport }) =>
    columnKey(role, together && role === 'endpoint' ? '' : address, transport),
  )
  const cells = columns.map(({ role, address, transport }) =>
    cellOf(probes.get(columnKey(role, address, transport)) ?? [], address === ''),
  )
  return { node: node.name, vantage: agent.vantage, state: agent.state, status: agent.status, cells }
}

function cellOf(probes: readonly ReportProbe[], severalAddresses: boolean): MatrixCell | null {
  // What was not asked yet, too seldom, or without an answer that says anything, hides nothing that was. What went stale does.
  const seen = probes.filter(({ reason }) => reason === null || reason === 'stale')
  const [worst, ...others] = (seen.length > 0 ? seen : probes).toSorted((a, b) => rank(a.state) - rank(b.state))
  if (!worst) return null
  const alike = worst.state === 'ok' || others.every((probe) => seenText(probe) === seenText(worst))
  return {
    state: worst.state,
    text: seenText(worst),
    question: alike
      ? null
      : [severalAddresses ? worst.target.address : '', worst.question, worst.variant].filter(Boolean).join(' '),
  }
}

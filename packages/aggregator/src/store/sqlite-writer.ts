import type { DatabaseSync } from 'node:sqlite'
import { type AgentRow, agentKey, type ClockReading } from '@oddnode/diagnosis'
import type { Finding } from '@oddnode/protocol'
import { isWorthAVersion, type KeptVersion } from './finding-versions.ts'
import type { AgentChangeRow, Batch, FindingRow, StateChangeRow } from './store.ts'

/** What writes a batch, within a transaction that somebody else opened. */
export function writerOf(database: DatabaseSync): (batch: Batch) => void {
  const put = statementsOf(database)
  const noteSpan = spanWriter(database)
  const versions = new Map<string, KeptVersion>()

  function putFinding({ notedAt, finding }: FindingRow): void {
    put.finding.run(finding.id, endOf(finding), JSON.stringify(finding))
    const kept = isWorthAVersion(versions.get(finding.id), finding, notedAt)
    if (kept === null) return
    put.version.run(finding.id, notedAt, JSON.stringify(finding))
    if (finding.ended === null) versions.set(finding.id, kept)
    else versions.delete(finding.id)
  }

  function putChange({ notedAt, agent, key, state }: StateChangeRow): void {
    put.change.run(agent, key, notedAt, state === null ? null : JSON.stringify(state))
  }

  function putAgentChange({ notedAt, agent, presence }: AgentChangeRow): void {
    put.agentChange.run(agent, notedAt, presence?.planId ?? null, presence === null ? null : JSON.stringify(presence))
    if (presence !== null) return
    put.forgetAgent.run(agent)
    put.forgetStates.run(agent)
  }

  return (batch) => {
    noteSpan(batch)
    if (batch.whole) forgetPresent(database, batch.at)
    for (const plan of batch.plans) put.plan.run(plan.id, JSON.stringify(plan))
    for (const agent of batch.agents) put.agent.run(...agentValues(agent))
    for (const agent of batch.replanned) put.forgetStates.run(agent)
    for (const { agent, state } of batch.states) put.state.run(agent, state.probe, JSON.stringify(state))
    for (const change of batch.changes) putChange(change)
    for (const change of batch.agentChanges) putAgentChange(change)
    for (const { notedAt, name, node } of batch.nodeChanges) {
      put.nodeChange.run(name, notedAt, node === null ? null : JSON.stringify(node))
    }
    for (const { notedAt, checks, hidden } of batch.pictures)
      put.picture.run(notedAt, JSON.stringify({ checks, hidden }))
    for (const { agent, at, facts } of batch.facts) put.facts.run(agent, at, JSON.stringify(facts))
    for (const { notedAt, agent, reading } of batch.clocks) {
      put.clock.run(agent, referenceOf(reading), notedAt, JSON.stringify(reading))
    }
    for (const row of batch.findings) putFinding(row)
  }
}

function statementsOf(database: DatabaseSync) {
  return {
    plan: database.prepare('INSERT OR IGNORE INTO plans VALUES (?, ?)'),
    agent: database.prepare('INSERT OR REPLACE INTO agents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
    forgetAgent: database.prepare('DELETE FROM agents WHERE key = ?'),
    forgetStates: database.prepare('DELETE FROM states WHERE agent = ?'),
    state: database.prepare('INSERT OR REPLACE INTO states VALUES (?, ?, ?)'),
    change: database.prepare('INSERT OR REPLACE INTO state_changes VALUES (?, ?, ?, ?)'),
    agentChange: database.prepare('INSERT OR REPLACE INTO agent_changes VALUES (?, ?, ?, ?)'),
    nodeChange: database.prepare('INSERT OR REPLACE INTO node_changes VALUES (?, ?, ?)'),
    picture: database.prepare('INSERT OR REPLACE INTO pictures VALUES (?, ?)'),
    facts: database.prepare('INSERT OR REPLACE INTO facts VALUES (?, ?, ?)'),
    clock: database.prepare('INSERT OR REPLACE INTO clock_samples VALUES (?, ?, ?, ?)'),
    finding: database.prepare('INSERT OR REPLACE INTO findings VALUES (?, ?, ?)'),
    version: database.prepare('INSERT OR REPLACE INTO finding_versions VALUES (?, ?, ?)'),
  }
}

/** Draws out the span of time in which the aggregator watched and could write: a whole batch comes after a time when it could not. */
function spanWriter(database: DatabaseSync): (batch: Batch) => void {
  const put = database.prepare('INSERT OR REPLACE INTO spans VALUES (?, ?)')
  let writingSince = -Infinity
  return ({ at, listeningSince, whole }) => {
    if (whole) writingSince = at
    put.run(Math.max(listeningSince, writingSince), at)
  }
}

/** Makes room for a whole batch: what it has is written again by it. */
function forgetPresent(database: DatabaseSync, at: number): void {
  database.exec(`
    DELETE FROM agents;
    DELETE FROM states;
    UPDATE findings SET ended = unixepoch(json_extract(body, '$.lastSeen'), 'subsec'),
      body = json_set(body, '$.ended', json_extract(body, '$.lastSeen')) WHERE ended IS NULL;
  `)
  database
    .prepare('INSERT OR REPLACE INTO finding_versions SELECT id, ?, body FROM findings WHERE ended IS NOT NULL')
    .run(at)
}

const agentValues = (agent: AgentRow) =>
  [
    agentKey(agent.node, agent.vantage),
    agent.node,
    agent.vantage,
    agent.version,
    agent.planId,
    agent.firstSeen,
    agent.lastSeen,
    agent.stopped ? 1 : 0,
    agent.droppedRounds,
    JSON.stringify(agent.applied),
  ] as const

const referenceOf = ({ sample: { reference } }: ClockReading) => `${reference.kind} ${reference.address}`
const endOf = ({ ended }: Finding) => (ended === null ? null : Date.parse(ended) / 1000)

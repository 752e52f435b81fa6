import type { DatabaseSync } from 'node:sqlite'
import {
  type AgentRow,
  agentKey,
  type ClockReading,
  type FleetNode,
  probeKeys,
  type RememberedAgent,
  type RestoredState,
} from '@oddnode/diagnosis'
import { type Finding, type Plan, type Vantage, vantages } from '@oddnode/protocol'
import { factsIn, findingIn, nodeIn, pictureIn, planIn, presenceIn, readingIn, stateIn } from './row-shapes.ts'
import type { NoPast, Past, Presence } from './store.ts'

/** A moment is a whole millisecond, as the report writes it: what was noted within it counts. */
const MILLISECOND = 0.001
/** Findings that ended this long before the moment are told with it. */
const ENDED_SECONDS = 86_400
/** Nodes that are read at once. */
const NODES_AT_ONCE = 200
/** Clocks that stay as they are are noted every ten minutes: what was noted longer ago says nothing. */
const CLOCK_SECONDS = 660

/** Turns what SQLite throws into a StoreError. */
type Guard = <T>(act: () => T) => T

/** What was known at a moment. Only the tables of the past are read, and rows that were noted until then. */
export function pastAt(database: DatabaseSync, at: number, guarded: Guard): Past | NoPast {
  const end = at + MILLISECOND
  const span = spanAt(database, at)
  if ('why' in span) return span
  return {
    at,
    listeningSince: span.started,
    picture: pictureAt(database, span.started, end),
    findings: findingsAt(database, at),
    nodes: () => nodesAt(database, span.started, end, guarded),
    node: (name) => guarded(() => nodeAt(database, name, span.started, end)),
    agentsOf: agentReader(database, span.started, at, guarded),
  }
}

/** The span of time that a moment lies in. */
function spanAt(database: DatabaseSync, at: number): { started: number } | NoPast {
  const end = at + MILLISECOND
  const before = database
    .prepare('SELECT started, until FROM spans WHERE started < ? ORDER BY started DESC LIMIT 1')
    .get(end)
  const after = numberOrNull(
    database.prepare('SELECT min(started) AS at FROM spans WHERE started >= ?').get(end)?.['at'],
  )
  if (before === undefined) return { why: after === null ? 'nothing-kept' : 'too-early', before: null, after }
  const until = Number(before['until'])
  return until + MILLISECOND > at
    ? { started: Number(before['started']) }
    : { why: 'not-running', before: until, after }
}

const numberOrNull = (value: unknown): number | null => (typeof value === 'number' ? value : null)

function pictureAt(database: DatabaseSync, started: number, end: number): Past['picture'] {
  const row = database
    .prepare('SELECT body FROM pictures WHERE noted >= ? AND noted < ? ORDER BY noted DESC LIMIT 1')
    .get(started, end)
  return row === undefined ? { checks: [], hidden: [] } : pictureIn(row['body'])
}

/** The last version of each that was noted until then; it was seen until the moment, or until it was seen last at all. */
function findingsAt(database: DatabaseSync, at: number): Finding[] {
  const since = at - ENDED_SECONDS
  const moment = new Date(at * 1000).toISOString()
  return database
    .prepare(
      `SELECT version.body AS body, findings.body AS latest, max(version.noted)
       FROM findings JOIN finding_versions AS version ON version.id = findings.id
       WHERE (findings.ended IS NULL OR findings.ended >= ?) AND version.noted < ? GROUP BY version.id`,
    )
    .all(since, at + MILLISECOND)
    .map((row) => {
      const finding = findingIn(row['body'])
      const last = findingIn(row['latest']).lastSeen
      return finding.ended === null ? { ...finding, lastSeen: last < moment ? last : moment } : finding
    })
    .filter(({ ended }) => ended === null || Date.parse(ended) / 1000 >= since)
}

/** Nodes and agents are noted anew in each span: who was there before it says nothing. */
function* nodesAt(
  database: DatabaseSync,
  started: number,
  end: number,
  guarded: Guard,
): Generator<FleetNode, void, void> {
  const some = database.prepare(
    `SELECT name, body, max(noted) FROM node_changes WHERE name > ? AND noted >= ? AND noted < ?
     GROUP BY name ORDER BY name LIMIT ?`,
  )
  for (let after = ''; ; ) {
    const rows = guarded(() =>
      some.all(after, started, end, NODES_AT_ONCE).map(({ name, body }) => ({
        name: String(name),
        node: body === null || body === undefined ? null : nodeIn(body),
      })),
    )
    for (const { name, node } of rows) {
      after = name
      if (node !== null) yield node
    }
    if (rows.length < NODES_AT_ONCE) return
  }
}

function nodeAt(database: DatabaseSync, name: string, started: number, end: number): FleetNode | null {
  const body = database
    .prepare('SELECT body FROM node_changes WHERE name = ? AND noted >= ? AND noted < ? ORDER BY noted DESC LIMIT 1')
    .get(name, started, end)?.['body']
  return typeof body === 'string' ? nodeIn(body) : null
}

/** Reads agents with the states, facts and clock readings of a moment; each plan is one object. */
function agentReader(database: DatabaseSync, started: number, at: number, guarded: Guard): Past['agentsOf'] {
  const end = at + MILLISECOND
  const presence = database.prepare(
    'SELECT body FROM agent_changes WHERE agent = ? AND noted >= ? AND noted < ? ORDER BY noted DESC LIMIT 1',
  )
  const plan = database.prepare('SELECT body FROM plans WHERE id = ?')
  const states = database.prepare(
    'SELECT key, body, max(noted) FROM state_changes WHERE agent = ? AND noted < ? GROUP BY key',
  )
  const facts = database.prepare('SELECT body FROM facts WHERE agent = ? AND at < ? ORDER BY at DESC LIMIT 1')
  // There is one aggregator, whatever address was pushed to.
  const clocks = database.prepare(
    `SELECT body, max(at) FROM clock_samples WHERE agent = ? AND at < ? AND at >= ?
     GROUP BY iif(reference LIKE 'aggregator %', 'aggregator', reference)`,
  )
  const plans = new Map<string, KnownPlan>()

  function planOf(id: string): KnownPlan | null {
    const known = plans.get(id)
    if (known !== undefined) return known
    const body = plan.get(id)?.['body']
    if (body === undefined) return null
    const read = planIn(body)
    const next = { plan: read, places: new Map(probeKeys(read).map((key, probe) => [key, probe])) }
    plans.set(id, next)
    return next
  }

  /** What comes within the moment itself is looked at by the evaluation after it: a finding was last seen by the reading before. */
  const clocksOf = (agent: string): ClockReading[] =>
    clocks.all(agent, at, at - CLOCK_SECONDS).map((row) => readingIn(row['body']))

  function agentOf(node: string, vantage: Vantage): { agent: RememberedAgent; plan: Plan } | null {
    const key = agentKey(node, vantage)
    const body = presence.get(key, started, end)?.['body'] ?? null
    if (body === null) return null
    const heard = presenceIn(body)
    const known = planOf(heard.planId)
    if (known === null) return null
    const factsBody = facts.get(key, end)?.['body']
    const agent = {
      ...rowOf(node, vantage, heard, at),
      states: states.all(key, end).flatMap((row) => placedState(known, row)),
      facts: factsBody === undefined ? null : factsIn(factsBody),
      clocks: clocksOf(key),
    }
    return { agent, plan: known.plan }
  }

  return (node) =>
    guarded(() => {
      const found = vantages.flatMap((vantage) => agentOf(node, vantage) ?? [])
      return {
        plans: new Map(found.map(({ plan }) => [plan.id, plan])),
        agents: found.map(({ agent }) => agent),
      }
    })
}

type KnownPlan = { plan: Plan; places: ReadonlyMap<string, number> }

/** An agent that was heard was heard just then. */
const rowOf = (node: string, vantage: Vantage, { lastSeen, ...presence }: Presence, at: number): AgentRow => ({
  node,
  vantage,
  ...presence,
  lastSeen: lastSeen ?? at,
  applied: {},
})

/** The state of a probe by its place in the plan of then; none for one that had left the plan. */
function placedState({ places }: KnownPlan, row: Record<string, unknown>): RestoredState[] {
  const probe = places.get(String(row['key']))
  return probe === undefined || row['body'] === null ? [] : [{ ...stateIn(row['body']), probe }]
}

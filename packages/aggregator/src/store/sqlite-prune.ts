import type { DatabaseSync } from 'node:sqlite'

/** Rows of one table that one call looks at, or deletes, at most: it blocks the event loop. */
const ROWS = 5000

/** Tables of changes, by what a change is of and when it was noted. */
const changes = [
  { table: 'state_changes', subject: ['agent', 'key'], time: 'noted' },
  { table: 'facts', subject: ['agent'], time: 'at' },
  { table: 'clock_samples', subject: ['agent', 'reference'], time: 'at' },
  { table: 'agent_changes', subject: ['agent'], time: 'noted' },
  { table: 'node_changes', subject: ['name'], time: 'noted' },
  { table: 'finding_versions', subject: ['id'], time: 'noted' },
] as const

/** What forgets the past from before a time, within a transaction that somebody else opened: some of it at each call. */
export function prunerOf(database: DatabaseSync): (before: number) => void {
  const walks = changes.map((one) => walkOf(database, one))
  const overBefore = database.prepare('SELECT max(started) AS started FROM spans WHERE started <= ?')
  const bounded = [
    'DELETE FROM findings WHERE rowid IN (SELECT rowid FROM findings WHERE ended < ? LIMIT ?)',
    'DELETE FROM spans WHERE (started) IN (SELECT started FROM spans WHERE until < ? LIMIT ?)',
  ].map((sql) => database.prepare(sql))
  // Who was there is noted anew in each span: what was noted in spans that are over says nothing any more.
  const ofSpans = [
    'DELETE FROM agent_changes WHERE (agent, noted) IN (SELECT agent, noted FROM agent_changes WHERE noted < ? LIMIT ?)',
    'DELETE FROM node_changes WHERE (name, noted) IN (SELECT name, noted FROM node_changes WHERE noted < ? LIMIT ?)',
    'DELETE FROM pictures WHERE (noted) IN (SELECT noted FROM pictures WHERE noted < ? LIMIT ?)',
  ].map((sql) => database.prepare(sql))
  return (before) => {
    for (const walk of walks) walk(before)
    for (const statement of bounded) statement.run(before, ROWS)
    const started = Number(overBefore.get(before)?.['started'] ?? 0)
    for (const statement of ofSpans) statement.run(started, ROWS)
    database.exec(`
      DELETE FROM finding_versions WHERE id NOT IN (SELECT id FROM findings);
      DELETE FROM plans WHERE id NOT IN (SELECT plan_id FROM agents)
        AND NOT EXISTS (SELECT 1 FROM agent_changes WHERE plan_id = plans.id);
    `)
  }
}

type Changes = (typeof changes)[number]
type Row = Record<string, string | number>

/**
 * Walks through a table in the order of its key, and begins again at its end. A change that was followed by another one before the time is
 * deleted: the last one before it tells how things stood then, however old it is. Nobody asks for what is left of an agent that is gone.
 */
function walkOf(database: DatabaseSync, { table, subject, time }: Changes): (before: number) => void {
  const columns = [...subject, time]
  const marks = columns.map(() => '?').join(', ')
  const list = columns.join(', ')
  const next = database.prepare(`SELECT ${list} FROM ${table} WHERE (${list}) > (${marks}) ORDER BY ${list} LIMIT ?`)
  const drop = database.prepare(`DELETE FROM ${table} WHERE (${list}) = (${marks})`)
  const isGone = goneAgents(database)
  const start: Row = Object.fromEntries([...subject.map((column) => [column, '']), [time, 0]])
  const valuesOf = (row: Row) => columns.map((column) => row[column] ?? '')
  let last: Row | null = null
  return (before) => {
    const rows = next.all(...valuesOf(last ?? start), ROWS) as Row[]
    const isForgotten = subject[0] === 'agent' ? isGone() : () => false
    let known = last
    for (const row of rows) {
      const isOld = Number(row[time]) <= before
      const follows = known !== null && subject.every((column) => row[column] === known?.[column])
      if (known !== null && follows && isOld) drop.run(...valuesOf(known))
      if (isOld && isForgotten(String(row['agent']))) drop.run(...valuesOf(row))
      known = row
    }
    last = rows.length < ROWS ? null : known
  }
}

/** Whether an agent is known neither now nor in the past that is left; asked once for each agent of a walk. */
function goneAgents(database: DatabaseSync): () => (agent: string) => boolean {
  const known = database.prepare(
    'SELECT 1 FROM agents WHERE key = ? UNION ALL SELECT 1 FROM agent_changes WHERE agent = ?',
  )
  return () => {
    const asked = new Map<string, boolean>()
    return (agent) => {
      const isGone = asked.get(agent) ?? known.get(agent, agent) === undefined
      asked.set(agent, isGone)
      return isGone
    }
  }
}

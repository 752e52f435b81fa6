import type { Result } from './run-scenario.ts'

/** A run of the lab, as `npm run lab -- --json FILE` writes it. */
export type LabRun = {
  /** Length of a round, in seconds: 15 in life. */
  intervalSeconds: number
  /** How long the run took. */
  seconds: number
  /** Processors, and how many processes wanted one at a time in the last quarter of an hour of the run. */
  cores: number
  load: number
  results: Result[]
  /** Scenarios that the machine could not do, each with why. */
  leftOut: string[]
}

/** What came of a scenario in all the runs of it. */
export type Summary = {
  fault: string
  how: string
  runs: number
  /** How often it was named as expected. */
  named: number
  /** How often that was all, and over when it was healed. */
  passed: number
  /** Faults that were told and should not have been → in how many runs. */
  wrong: ReadonlyMap<string, number>
  /** The middle of the seconds until it was told, and until it had ended; null without any. */
  openSeconds: number | null
  closeSeconds: number | null
}

/** One for each scenario whose fault was made to happen, in the order of their faults' names. */
export function summariesOf(results: readonly Result[]): Summary[] {
  const made = results.filter((result) => result.made)
  const alike = Map.groupBy(made, ({ scenario: { fault, how } }) => `${fault}: ${how}`)
  return [...alike.values()].map(summaryOf).sort((a, b) => (a.fault < b.fault ? -1 : a.fault > b.fault ? 1 : 0))
}

function summaryOf(results: readonly Result[]): Summary {
  const [first] = results
  if (first === undefined) throw new RangeError('a summary of nothing')
  const wrong = new Map<string, number>()
  for (const name of results.flatMap((result) => result.wrong)) wrong.set(name, (wrong.get(name) ?? 0) + 1)
  return {
    fault: first.scenario.fault,
    how: first.scenario.how,
    runs: results.length,
    named: results.filter(({ openSeconds }) => openSeconds !== null).length,
    passed: results.filter(({ passed }) => passed).length,
    wrong,
    openSeconds: middle(results.flatMap(({ openSeconds }) => openSeconds ?? [])),
    closeSeconds: middle(results.flatMap(({ closeSeconds }) => closeSeconds ?? [])),
  }
}

const middle = (values: readonly number[]): number | null =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? null

/** A Markdown table: fault × how × named right × wrong names × seconds to open and to close. */
export function tableOf(summaries: readonly Summary[]): string {
  const head = ['fault', 'made to happen by', 'named right', 'wrong names', 'open (s)', 'close (s)']
  const rows = summaries.map(({ fault, how, runs, named, wrong, openSeconds, closeSeconds }) => [
    `\`${fault}\``,
    how,
    runs === 1 ? (named === 1 ? 'yes' : 'no') : `${named} of ${runs}`,
    [...wrong].map(([name, times]) => (runs === 1 ? name : `${name} (${times})`)).join(', '),
    openSeconds?.toFixed(1) ?? '',
    closeSeconds?.toFixed(1) ?? '',
  ])
  return markdown(head, rows)
}

/**
 * A Markdown table: fault that was made to happen × fault that was told, in runs. Only the rows in which anything else was told: a whole
 * matrix would be empty but for its diagonal.
 */
export function confusionOf(summaries: readonly Summary[]): string {
  const byFault = [...Map.groupBy(summaries, ({ fault }) => fault)]
  const confused = byFault.filter(([, ofFault]) =>
    ofFault.some(({ wrong, named, runs }) => wrong.size > 0 || named < runs),
  )
  const told = [...new Set(confused.flatMap(([, ofFault]) => ofFault.flatMap(({ wrong }) => [...wrong.keys()])))].sort()
  const rows = confused.map(([fault, ofFault]) => [
    `\`${fault}\``,
    `${sum(ofFault, ({ runs }) => runs)}`,
    `${sum(ofFault, ({ named }) => named)}`,
    ...told.map((name) => String(sum(ofFault, ({ wrong }) => wrong.get(name) ?? 0) || '')),
  ])
  return rows.length === 0
    ? ''
    : markdown(['made ↓, told →', 'runs', 'itself', ...told.map((name) => `\`${name}\``)], rows)
}

const sum = (summaries: readonly Summary[], of: (summary: Summary) => number): number =>
  summaries.reduce((total, summary) => total + of(summary), 0)

const markdown = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('')

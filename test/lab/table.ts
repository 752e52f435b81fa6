import type { Result } from './run-scenario.ts'

/** A Markdown table: fault × how × named right × wrong names × seconds to open and to close. */
export function tableOf(results: readonly Result[]): string {
  const head = ['fault', 'made to happen by', 'named right', 'wrong names', 'open (s)', 'close (s)']
  const rows = results.map(({ scenario: { fault, how }, openSeconds, closeSeconds, wrong }) => [
    `\`${fault}\``,
    how,
    openSeconds === null ? 'no' : 'yes',
    wrong.join(', '),
    openSeconds?.toFixed(1) ?? '',
    closeSeconds?.toFixed(1) ?? '',
  ])
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('')
}

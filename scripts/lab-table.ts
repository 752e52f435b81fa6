// Puts what `npm run lab -- --json FILE` wrote into docs/lab.md: `node --conditions=@oddnode/source scripts/lab-table.ts FILE…`. Of several
// runs every scenario's are counted together; runs at the pace of life (ODDNODE_LAB_PACE=life) have a table of their own.
import { readFileSync, writeFileSync } from 'node:fs'
import { confusionOf, type LabRun, type Summary, summariesOf, tableOf } from '../test/lab/table.ts'

const files = process.argv.slice(2)
if (files.length === 0) throw new Error('which files? npm run lab -- --json FILE writes one')
const runs = files.map((file): LabRun => JSON.parse(readFileSync(file, 'utf8')))

const LIFE_SECONDS = 15
const quick = runs.filter(({ intervalSeconds }) => intervalSeconds < LIFE_SECONDS)
const life = runs.filter(({ intervalSeconds }) => intervalSeconds === LIFE_SECONDS)
const summaries = summariesOf(quick.flatMap(({ results }) => results))
const leftOut = [...new Set(quick.flatMap((run) => run.leftOut))]

writeFileSync(
  'docs/lab.md',
  `# Faults that happen, and what is told of them

Each row is a cluster of network namespaces (\`test/lab/\`) with real agents, a real aggregator, real DNS and NTP servers and the Service
rules of kube-proxy, in which one thing is broken and healed again. \`npm run lab\` makes the faults happen anew, \`npm run lab -- FAULT\`
one of them, and \`node --conditions=@oddnode/source scripts/lab-table.ts FILE…\` writes this page from what \`--json FILE\` left. The
recordings of these faults are in \`test/incidents/\`, and the ordinary tests decide them anew.

${countWords(summaries)}

## By fault

Rounds take ${listOf(quick.map(({ intervalSeconds }) => intervalSeconds))} s here instead of 15 s, and what depends on their length shrinks with them, but for what the machine itself
needs: seconds are not comparable with those of life. Of several runs the middle one counts. *Wrong names* were told at any moment
between the break and the end. Runs in which the machine was too busy for the cluster to become well, so that nothing was broken, are left
out. The machine had ${listOf(quick.map(({ cores }) => cores))} cores, which ${rangeOf(quick.map(({ load }) => load))} processes wanted at a time (load average).

${tableOf(summaries)}
${leftOut.map((one) => `- Left out: ${one}\n`).join('')}
## Taken for something else

${confusionOf(summaries) || 'No fault was taken for another one in any run.\n'}
A fault that is not in this table was told as itself in every run, and nothing else with it.
${life.length === 0 ? '' : paceOfLife()}`,
)

function paceOfLife(): string {
  const made = summariesOf(life.flatMap(({ results }) => results))
  const waysMade = new Set(made.map(({ fault, how }) => `${fault} ${how}`))
  const missing = new Set(
    summaries.filter(({ fault, how }) => !waysMade.has(`${fault} ${how}`)).map(({ fault }) => `\`${fault}\``),
  )
  return `
## At the pace of life

With the default rounds of 15 s (\`ODDNODE_LAB_PACE=life npm run lab\`): these seconds are those of life.
${missing.size === 0 ? '' : `\nNot made to happen at this pace: ${[...missing].join(', ')}.\n`}
${tableOf(made)}`
}

function countWords(all: readonly Summary[]): string {
  const faults = new Set(all.map(({ fault }) => fault)).size
  const runs = all.reduce((sum, one) => sum + one.runs, 0)
  const passed = all.reduce((sum, one) => sum + one.passed, 0)
  return `${faults} faults in ${all.length} ways, ${runs} runs: in ${passed} of them the fault was named as it should be, alone, and was over when it was healed.`
}

function listOf(numbers: readonly number[]): string {
  return [...new Set(numbers)].sort((a, b) => a - b).join(' or ')
}

function rangeOf(numbers: readonly number[]): string {
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)]
  return least === most ? `${least}` : `${least} to ${most}`
}

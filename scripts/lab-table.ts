// Puts what `npm run lab -- --json FILE` wrote into docs/lab.md: `node --conditions=@oddnode/source scripts/lab-table.ts FILE`.
import { readFileSync, writeFileSync } from 'node:fs'
import type { Result } from '../test/lab/run-scenario.ts'
import { tableOf } from '../test/lab/table.ts'

const [file] = process.argv.slice(2)
if (file === undefined) throw new Error('which file? npm run lab -- --json FILE writes one')
const results: Result[] = JSON.parse(readFileSync(file, 'utf8'))

writeFileSync(
  'docs/lab.md',
  `# Faults that happen, and what is told of them

Each row is a cluster of network namespaces (\`test/lab/\`) with real agents, a real aggregator, real DNS and NTP servers and the Service
rules of kube-proxy, in which one thing is broken and healed again. Rounds take 1 s there instead of 15 s, and what depends on their length
shrinks with them: a second in this table is about a round of life. \`npm run lab\` makes it anew, \`npm run lab -- FAULT\` one fault.

${tableOf(results)}`,
)

// `npm run bench -- NAME [options]`: one of the benchmarks beside this file.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const benchmarks = ['agent', 'ingest', 'report', 'report-cost', 'encoding', 'clock', 'diagnosis', 'noise']
const [name = '', ...options] = process.argv.slice(2)

if (benchmarks.includes(name)) {
  const run = spawnSync(process.execPath, [...process.execArgv, join(import.meta.dirname, `${name}.ts`), ...options], {
    stdio: 'inherit',
  })
  process.exitCode = run.status ?? 1
} else {
  process.stderr.write(`there is no benchmark "${name}": there are ${benchmarks.join(', ')}\n`)
  process.exitCode = 78
}

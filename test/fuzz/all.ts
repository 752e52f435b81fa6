// `npm run fuzz [-- CASES [SEED]]`: every parser of what comes from outside, one after another. Exits 1 where one failed.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const parsers = ['dns', 'ntp', 'chrony', 'health', 'resolv-conf', 'push', 'metrics', 'pages', 'terminal']

const failed = parsers.filter((parser) => {
  const file = join(import.meta.dirname, `${parser}.ts`)
  const run = spawnSync(process.execPath, [...process.execArgv, file, ...process.argv.slice(2)], { stdio: 'inherit' })
  return run.status !== 0
})
if (failed.length > 0) process.stderr.write(`failed: ${failed.join(', ')}\n`)
process.exitCode = failed.length > 0 ? 1 : 0

// `npm run e2e`: the suites of this folder, one after the other, in the cluster that KUBECONFIG names. `-- --all` runs the long ones too.
//
// The images must be on the nodes, or be pulled, under the names that the chart has by default; ODDNODE_HELM holds further arguments of `helm install` where they are elsewhere.
// ODDNODE_FAULT and ODDNODE_HEAL name commands that make faults on a node (`$ODDNODE_FAULT node-2 kube-proxy-dead`) and take them back (`$ODDNODE_HEAL node-2`).
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { countTap } from '../../scripts/count-tap.ts'

const suites = ['life.ts', 'history.ts', 'blind-start.ts', 'faults.ts']

const isLong = process.argv.includes('--all')
const total = { passed: 0, failed: [] as string[], skipped: [] as string[] }

if (!process.env['KUBECONFIG']) {
  process.stderr.write('KUBECONFIG is not set: name the kubeconfig file of a cluster that may be experimented with\n')
  process.exit(1)
}
for (const suite of suites) {
  const { exitCode, tap } = await run(suite)
  const { passed, failed, skipped } = countTap(tap)
  total.passed += passed
  const unnamed = failed.length === 0 && exitCode !== 0 ? ['ended early'] : []
  total.failed.push(...[...failed, ...unnamed].map((line) => `${suite} › ${line}`))
  total.skipped.push(...skipped)
}
if (total.skipped.length > 0)
  process.stdout.write(`\nLeft out:\n${total.skipped.map((line) => `  ${line}\n`).join('')}`)
if (total.failed.length > 0) process.stdout.write(`\nFailed:\n${total.failed.map((line) => `  ${line}\n`).join('')}`)
process.stdout.write(`\n${total.passed} passed, ${total.failed.length} failed, ${total.skipped.length} skipped\n`)
process.exitCode = total.failed.length > 0 || total.passed === 0 ? 1 : 0

/** Shows what it says while it says it. */
async function run(suite: string): Promise<{ exitCode: number; tap: string }> {
  const child = spawn(process.execPath, [...process.execArgv, join(import.meta.dirname, suite)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ODDNODE_E2E: isLong ? 'all' : 'short' },
  })
  let tap = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    tap += part
    process.stdout.write(part)
  })
  const [exitCode] = (await once(child, 'close')) as [number | null]
  return { exitCode: exitCode ?? 1, tap }
}

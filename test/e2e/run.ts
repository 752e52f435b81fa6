// `npm run e2e`: the suites of this folder, one after the other, in the cluster that KUBECONFIG names. `-- --all` runs the long ones too, and
// `-- NAME…` these alone.
//
// The images must be on the nodes, or be pulled, under the names that the chart has by default; ODDNODE_HELM holds further arguments of `helm install` where they are elsewhere.
// ODDNODE_FAULT and ODDNODE_HEAL name commands that make faults on a node (`$ODDNODE_FAULT node-2 kube-proxy-dead`) and take them back (`$ODDNODE_HEAL node-2`);
// ODDNODE_NTP is the address of an NTP server that `ntp-lost` cuts a node off from.
// The machine's and the cluster's size decide what more can run: with ten nodes `many-nodes`, with Cilium `cilium`.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { countTap } from '../../scripts/count-tap.ts'
import { LEFT } from './long.ts'

const suites = ['life', 'options', 'history', 'blind-start', 'no-dns', 'terminal', 'faults']
const longSuites = ['no-noise', 'identity', 'restricted', 'checklist', 'outage', 'many-nodes', 'cilium']

const { values, positionals } = parseArgs({
  options: { all: { type: 'boolean', default: false } },
  allowPositionals: true,
})
if (!process.env['KUBECONFIG']) {
  process.stderr.write('KUBECONFIG is not set: name the kubeconfig file of a cluster that may be experimented with\n')
  process.exit(1)
}

const isLong = values.all || positionals.length > 0
const chosen = positionals.length > 0 ? positionals : isLong ? [...suites, ...longSuites] : suites
const total = { passed: 0, failed: [] as string[], skipped: [] as string[], left: isLong ? [] : [...longSuites] }
for (const suite of chosen) {
  const { exitCode, tap } = await run(suite)
  const { passed, failed, skipped } = countTap(tap)
  total.passed += passed
  total.failed.push(...failed.map((name) => `${suite}: ${name}`))
  if (exitCode !== 0 && failed.length === 0) total.failed.push(`${suite}: ended with ${exitCode}`)
  total.skipped.push(...skipped)
  total.left.push(...leftIn(tap).map((name) => `${suite}: ${name}`))
}
process.exitCode = verdict()

/** Shows what it says while it says it. */
async function run(suite: string): Promise<{ exitCode: number; tap: string }> {
  const child = spawn(process.execPath, [...process.execArgv, join(import.meta.dirname, `${suite}.ts`)], {
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

/** The names of tests that a suite leaves to the long run. */
function leftIn(tap: string): string[] {
  return [...tap.matchAll(new RegExp(`# ${LEFT}: (.*)`, 'g'))].map(([, name = '']) => name)
}

function verdict(): number {
  const { passed, failed, skipped, left } = total
  tell(`Left to npm run e2e -- --all`, left)
  tell('Left out in this cluster', skipped)
  tell('Failed', failed)
  process.stdout.write(`\n${passed} passed, ${failed.length} failed, ${skipped.length} skipped\n`)
  const leftOut = process.env['CI'] === 'true' && skipped.length > 0
  if (leftOut) process.stderr.write('CI=true: nothing may be left out\n')
  return failed.length > 0 || passed === 0 || leftOut ? 1 : 0
}

function tell(what: string, lines: readonly string[]): void {
  if (lines.length > 0) process.stdout.write(`\n${what}:\n${lines.map((line) => `  ${line}\n`).join('')}`)
}

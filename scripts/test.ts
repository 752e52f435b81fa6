// `npm test`: every test that this machine allows. What a test left out it says itself (`t.skip(reason)`), and it is listed at the end.
// With CI=true a test that was left out is a failure: there the machine has what every test needs.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Counted, countTap } from './count-tap.ts'

const files = process.argv.slice(2)
const run = await (process.stdout.isTTY ? onTerminal(files) : inLog(files))
process.exitCode = verdict(run.exitCode, countTap(run.tap))

type Run = { exitCode: number; tap: string }

/** A person sees tap's own reporter; the TAP goes to a file beside it. */
async function onTerminal(files: readonly string[]): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'oddnode-test-'))
  const output = join(folder, 'output.tap')
  const tap = spawn('tap', ['--output-file', output, ...files], { stdio: 'inherit' })
  const exitCode = await new Promise<number>((resolve) => tap.once('close', (code) => resolve(code ?? 1)))
  const text = readFileSync(output, 'utf8')
  rmSync(folder, { recursive: true })
  return { exitCode, tap: text }
}

/** A log gets the TAP itself. */
async function inLog(files: readonly string[]): Promise<Run> {
  const tap = spawn('tap', ['--reporter=tap', ...files], { stdio: ['ignore', 'pipe', 'inherit'] })
  const parts: string[] = []
  tap.stdout.setEncoding('utf8').on('data', (part: string) => {
    parts.push(part)
    process.stdout.write(part)
  })
  const exitCode = await new Promise<number>((resolve) => tap.once('close', (code) => resolve(code ?? 1)))
  return { exitCode, tap: parts.join('') }
}

function verdict(exitCode: number, { passed, failed, skipped }: Counted): number {
  if (skipped.length > 0) {
    process.stdout.write(`\nLeft out on this machine:\n${skipped.map((line) => `  ${line}\n`).join('')}`)
  }
  // Once more where a log ends: what failed stands far above.
  if (failed.length > 0) process.stdout.write(`\nFailed:\n${failed.map((line) => `  ${line}\n`).join('')}`)
  process.stdout.write(`\n${passed} passed, ${failed.length} failed, ${skipped.length} skipped\n`)
  if (passed === 0) process.stderr.write('no test ran\n')
  const leftOut = process.env['CI'] === 'true' && skipped.length > 0
  if (leftOut) process.stderr.write('CI=true: nothing may be left out\n')
  return exitCode !== 0 || failed.length > 0 || passed === 0 || leftOut ? 1 : 0
}

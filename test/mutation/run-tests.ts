import { spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MUTANT, type Mutant } from './mutant.ts'

/** What the tests of a fault came to. */
export type TestRun = 'passed' | 'failed'

const root = fileURLToPath(new URL('../..', import.meta.url))
const preload = new URL('mutate.ts', import.meta.url).href
/** Tests that do not end are tests that fail. */
const PATIENCE_MS = 180_000

/** Runs the tests of one fault in a process of their own, up to the first that fails. */
export function runTests(fault: string, mutant: Mutant | null): Promise<TestRun> {
  const test = `packages/diagnosis/test/faults/${fault}.test.ts`
  const imports = mutant === null ? [] : ['--import', preload]
  const environment = {
    ...process.env,
    // Half of such a process' time is spent on reading the same sources.
    NODE_COMPILE_CACHE: join(tmpdir(), 'oddnode-mutation'),
    TAP_BAIL: '1',
    [MUTANT]: JSON.stringify(mutant),
  }
  const child = spawn(process.execPath, ['--conditions=@oddnode/source', ...imports, test], {
    cwd: root,
    env: environment,
    stdio: 'ignore',
    timeout: PATIENCE_MS,
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code === 0 ? 'passed' : 'failed'))
  })
}

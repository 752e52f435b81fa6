import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { directoryPrefix, sweep } from './sweep.ts'
import { programPath, whyNoNamespaces } from './why-not.ts'

/** The id of a process that has ended. */
const gone = () => execFileSync('sh', ['-c', 'echo $$']).toString().trim()
const ip = (...rest: readonly string[]) => execFileSync('ip', rest, { env: { PATH: programPath } }).toString()

t.test(
  'what a killed lab left is taken away, and said; what a living one has stays',
  { skip: whyNoNamespaces() ?? false },
  async (t) => {
    const [dead, alive] = [gone(), process.pid]
    const [left, kept] = [`odd${dead}c0-node-1`, `odd${alive}c0-node-1`]
    const [leftDirectory, keptDirectory] = [join(tmpdir(), `oddnode-lab-${dead}-x`), `${directoryPrefix()}x`]
    for (const name of [left, kept]) ip('netns', 'add', name)
    for (const directory of [leftDirectory, keptDirectory]) mkdirSync(directory)
    t.teardown(() => {
      ip('netns', 'delete', kept)
      rmSync(keptDirectory, { recursive: true })
    })
    t.match(await sweep(), /^Took away what a lab left that was killed: \d+ network namespaces?, \d+ director/)
    const names = ip('netns', 'list')
    t.notMatch(names, new RegExp(`\\b${left}\\b`))
    t.match(names, new RegExp(`\\b${kept}\\b`))
    t.notOk(existsSync(leftDirectory))
    t.ok(existsSync(keptDirectory))
  },
)

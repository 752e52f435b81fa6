// The README's command as its reader runs it.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import t from 'tap'

const repository = resolve(import.meta.dirname, '../..')

/** Starts a script of package.json in a process group of its own, as a terminal does, so that Ctrl-C reaches all of it. */
function npm(t: { teardown: (run: () => unknown) => unknown }, ...rest: string[]) {
  const child = spawn('npm', rest, { cwd: repository, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const said: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => said.push(String(data)))
  t.teardown(() => signal(child, 'SIGKILL'))
  return { child, said: () => said.join('') }
}

/** To the whole group, as the terminal sends it. */
function signal(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  process.kill(-child.pid, name)
}

async function addressOf(said: () => string): Promise<string> {
  for (let waited = 0; waited < 30_000; waited += 100) {
    const address = /http:\/\/127\.0\.0\.1:\d+\/report/.exec(said())?.[0]
    if (address) return address
    await new Promise((done) => setTimeout(done, 100))
  }
  throw new Error(`no address was printed:\n${said()}`)
}

t.test('npm start prints the address of /report, serves it, and Ctrl-C stops it cleanly', async (t) => {
  const { child, said } = npm(t, 'start')
  const address = await addressOf(said)
  const page = await fetch(address, { headers: { accept: 'text/html' } })
  t.equal(page.status, 200)
  t.match(await page.text(), /<html/)
  const metrics = await (await fetch(address.replace('/report', '/metrics'))).text()
  t.match(metrics, /oddnode_agents\{/)

  const closed = once(child, 'close')
  signal(child, 'SIGINT')
  const began = performance.now()
  await closed
  t.ok(performance.now() - began < 8000, 'within eight seconds, npm included')
  t.match(said(), /stopping/)
  t.notMatch(said(), /Error|ECONN|at .*\.ts:\d+/, 'without a stack trace')
  await t.rejects(fetch(address), 'nothing goes on serving')
})

t.test('a wrong flag is one line and exit code 78', async (t) => {
  const { child, said } = npm(t, 'start', '--', '--prot', '8530')
  const [code] = await once(child, 'close')
  t.equal(code, 78)
  t.match(said(), /unknown option '--prot'[\s\S]*Did you mean --port\?/)
})

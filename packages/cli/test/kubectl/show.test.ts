import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { answering, reporting } from '../aggregator.ts'
import { ended, oddnode, start } from '../oddnode.ts'
import { forwards, isRunning, serviceList, shows, standIn } from './stand-in.ts'

t.setTimeout(120_000)

const plugin = 'kubectl/main.ts'
const place = { namespace: 'oddnode', name: 'oddnode-aggregator', port: 8530 }

async function cluster(t: Parameters<typeof answering>[0] & Parameters<typeof standIn>[0], state = 'failing') {
  const { url } = await answering(t, reporting(state))
  return standIn(t, { get: shows(serviceList(place)), forward: forwards(new URL(url).port) })
}

t.test('it shows the report, ends kubectl, and has the exit code of the report', async (t) => {
  const { path, forwarding } = await cluster(t)
  const { code, stdout, stderr } = await oddnode([], { PATH: path }, plugin)
  t.strictSame([code, stdout, stderr], [2, 'the report, failing\n', ''])
  t.strictSame(forwarding().filter(isRunning), [])
  t.equal(forwarding().length, 1)
})

t.test('--web prints the address and forwards until it is interrupted', async (t) => {
  const { path, forwarding } = await cluster(t, 'ok')
  const child = start(['--web'], { PATH: path }, plugin)
  const run = ended(child)
  const [first] = (await once(child.stdout ?? child, 'data')) as [string]
  t.match(first, /^http:\/\/127\.0\.0\.1:\d+\/report\n$/)
  t.equal(forwarding().filter(isRunning).length, 1)
  child.kill('SIGINT')
  t.match(await run, { code: 0 })
  await sleep(200)
  t.strictSame(forwarding().filter(isRunning), [])
})

t.test('a forwarding that ends is told', async (t) => {
  const { url } = await answering(t, reporting('ok'))
  const { path } = standIn(t, {
    get: shows(serviceList(place)),
    forward: `${forwards(new URL(url).port)}; sleep 1; echo "error: lost connection to pod" >&2; exit 1`,
  })
  t.match(await oddnode(['--web'], { PATH: path }, plugin), {
    code: 1,
    stderr: /the forwarding ended: lost connection to pod/,
  })
})

t.test('what is missing is exit code 1, in one line', async (t) => {
  const none = standIn(t, { get: shows(serviceList()) })
  t.match(await oddnode([], { PATH: none.path }, plugin), {
    code: 1,
    stdout: '',
    stderr: /^oddnode: no Service of an oddnode/,
  })
  t.match(await oddnode([], { PATH: '/missing' }, plugin), {
    code: 1,
    stderr: /^oddnode: .*kubectl is not installed, or not in PATH\n$/,
  })
})

t.test('interrupted before it knew', async (t) => {
  const slow = standIn(t, { get: 'echo $$ > "$0.started"; exec sleep 600' })
  const child = start([], { PATH: slow.path }, plugin)
  const run = ended(child)
  for (let waited = 0; slow.calls().length === 0 && waited < 60_000; waited += 100) await sleep(100)
  child.kill('SIGTERM')
  t.match(await run, { code: 130, stderr: '' })
})

t.test('help has examples, and contradictions are wrong configurations', async (t) => {
  t.match(await oddnode(['--help'], {}, plugin), { code: 0, stdout: /Examples:\n {2}kubectl oddnode\n/ })
  t.match(await oddnode(['--web', '--json'], {}, plugin), { code: 78, stderr: /cannot be used with/ })
})

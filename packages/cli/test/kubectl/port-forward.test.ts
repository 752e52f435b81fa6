import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { openPortForward } from '../../src/kubectl/port-forward.ts'
import { forwards, isRunning, standIn } from './stand-in.ts'

const { PATH } = process.env
t.afterEach(() => {
  process.env['PATH'] = PATH
})
const place = { namespace: 'oddnode', name: 'oddnode-aggregator', port: 8530 }

async function gone(pid: number): Promise<boolean> {
  for (let waited = 0; waited < 5000 && isRunning(pid); waited += 50) await sleep(50)
  return !isRunning(pid)
}

t.test('a free local port, as kubectl says it, and kubectl ends with it', async (t) => {
  const kubectl = standIn(t, { forward: forwards(43215) })
  process.env['PATH'] = kubectl.path
  const forward = openPortForward(place, { context: 'prod' })
  t.equal(await forward.url(), 'http://127.0.0.1:43215')
  t.equal(await forward.url(), 'http://127.0.0.1:43215')
  t.strictSame(kubectl.calls(), [
    '--context prod --namespace oddnode port-forward service/oddnode-aggregator :8530 --address 127.0.0.1',
  ])
  const ended = forward.ended()
  forward.close()
  t.type(await ended, 'string')
  t.ok(await gone(kubectl.forwarding()[0] ?? 0))
})

t.test('a forwarding that ended is begun again when it is needed', async (t) => {
  const kubectl = standIn(t, { forward: `${forwards(43215)}; echo "error: lost connection to pod" >&2; exit 1` })
  process.env['PATH'] = kubectl.path
  const forward = openPortForward(place, {})
  await forward.url()
  t.equal(await forward.ended(), 'lost connection to pod')
  await sleep(10)
  await forward.url()
  t.equal(kubectl.calls().length, 2)
  forward.close()
})

t.test('what cannot be forwarded', async (t) => {
  process.env['PATH'] = standIn(t, {
    forward: 'echo "error: unable to forward port because pod is not running." >&2; exit 1',
  }).path
  const forward = openPortForward(place, {})
  await t.rejects(forward.url(), { message: /^cannot forward a port to the aggregator: unable to forward port/ })
  forward.close()
  t.type(await forward.ended(), 'string')
})

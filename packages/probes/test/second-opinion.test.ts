import t, { type Test } from 'tap'
import { measureNtp } from '../src/ntp.ts'
import { askSecondOpinion } from '../src/second-opinion.ts'
import { noChrony, startChrony } from './chrony.ts'
import { type NtpScript, startNtpServer, writeTimestamp } from './ntp-server.ts'

const context = () => ({ signal: new AbortController().signal, closeSeconds: 2 })
const ours = { offsetSeconds: 0, uncertaintySeconds: 0.001 }

function anOldOrigin(reply: Buffer): Buffer {
  writeTimestamp(reply, 24, Date.now() / 1000 - 30)
  return reply
}

async function opinionOf(t: Test, script: NtpScript, first = ours) {
  const server = await startNtpServer(script)
  t.teardown(server.close)
  return askSecondOpinion(server, first, context())
}

t.test('0, ±5 and ±1000 ms at 20 ms each way: the sign and the size of our own', async (t) => {
  for (const ahead of [0, 5, -5, 1000, -1000]) {
    const first = { offsetSeconds: -ahead / 1000, uncertaintySeconds: 0.02 }
    const opinion = await opinionOf(t, { aheadMilliseconds: ahead, thereMilliseconds: 20, backMilliseconds: 20 }, first)
    if ('error' in opinion) return t.fail(opinion.error)
    t.equal(opinion.agrees, true)
    const difference = Math.abs(opinion.offsetSeconds - first.offsetSeconds)
    t.ok(difference <= opinion.uncertaintySeconds, `${opinion.offsetSeconds} ± ${opinion.uncertaintySeconds}`)
  }
})

t.test('a disagreement beyond both uncertainties', async (t) => {
  t.match(await opinionOf(t, { aheadMilliseconds: 1000 }), { agrees: false })
  t.match(await opinionOf(t, { aheadMilliseconds: 1000 }, { offsetSeconds: 0, uncertaintySeconds: 1 }), {
    agrees: true,
  })
})

t.test('its cut to milliseconds and the distance of the server are in the uncertainty', async (t) => {
  const opinion = await opinionOf(t, { change: (reply) => reply.fill(0, 8, 12).fill(1, 9, 10) })
  if ('error' in opinion) return t.fail(opinion.error)
  t.ok(opinion.uncertaintySeconds >= 0.002 + 1, `${opinion.uncertaintySeconds}`)
})

t.test('no opinion, and why', async (t) => {
  const cases: [RegExp, NtpScript][] = [
    [/^(no reply|Timeout)/, { change: () => null }],
    [/^mode 3$/, { change: (reply) => reply.fill(0x23, 0, 1) }],
    [/^stratum 0$/, { change: (reply) => reply.fill(0, 1, 2) }],
    [/^stratum 16$/, { change: (reply) => reply.fill(16, 1, 2) }],
    [/^leap indicator 3$/, { change: (reply) => reply.fill(0xe4, 0, 1) }],
    [/^origin timestamp/, { change: (reply) => reply.fill(0, 24, 32) }],
    [/^origin timestamp/, { change: anOldOrigin }],
    [/^(mode|stratum|origin|malformed)/, { change: (reply) => reply.subarray(0, 1) }],
    [/^malformed reply$/, { change: (reply) => reply.subarray(0, 40) }],
    [/^mode/, { change: () => Buffer.alloc(0) }],
  ]
  for (const [error, script] of cases) t.match(await opinionOf(t, script), { error }, `${error}`)
})

t.test('IPv4 only', async (t) => {
  t.match(await askSecondOpinion({ address: '::1', port: 123 }, ours, context()), { error: /IPv4/ })
})

t.test('a closed port is no opinion, in time', async (t) => {
  const server = await startNtpServer()
  server.close()
  const before = performance.now()
  t.match(await askSecondOpinion(server, ours, context()), { error: String })
  t.ok(performance.now() - before < 3000)
})

t.test('an abort ends it at once', async (t) => {
  const server = await startNtpServer({ change: () => null })
  t.teardown(server.close)
  const controller = new AbortController()
  const opinion = askSecondOpinion(server, ours, { signal: controller.signal, closeSeconds: 3 })
  setTimeout(() => controller.abort(), 20)
  const before = performance.now()
  t.same(await opinion, { error: 'aborted' })
  t.ok(performance.now() - before < 1500)
  t.same(await askSecondOpinion(server, ours, { signal: controller.signal, closeSeconds: 3 }), { error: 'aborted' })
})

t.test('beside our own exchange, on a real server', { skip: noChrony }, async (t) => {
  const server = await startChrony(t)
  const { offsetSeconds, uncertaintySeconds } = await measureNtp(server, context())
  if (offsetSeconds === null || uncertaintySeconds === null) return t.fail('no reading')
  t.match(await askSecondOpinion(server, { offsetSeconds, uncertaintySeconds }, context()), { agrees: true })
})

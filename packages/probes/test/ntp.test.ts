import { execFile, spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { ClockSample } from '@oddnode/protocol'
import t, { type Test } from 'tap'
import { measureNtp } from '../src/ntp.ts'
import { anchorWallClock } from '../src/wall-clock.ts'
import { noChrony, startChrony } from './chrony.ts'
import { skewedClock, whyNoFaketime } from './faketime.ts'
import { type NtpScript, startNtpServer, virtualClock } from './ntp-server.ts'

const context = () => ({ signal: new AbortController().signal, closeSeconds: 0.3 })

/** On real sockets, in virtual time. */
async function measured(t: Test, script: NtpScript, address?: string): Promise<ClockSample> {
  const clock = script.clock ?? virtualClock()
  const server = await startNtpServer({ ...script, clock }, address)
  t.teardown(server.close)
  return measureNtp(server, context(), () => clock)
}

/** The offset is what it should be, and no further from it than the sample itself says. */
function near(t: Test, sample: ClockSample, seconds: number, slack = 1e-6): void {
  t.equal(sample.outcome, 'answered')
  const { offsetSeconds, uncertaintySeconds } = sample
  t.ok(Math.abs((offsetSeconds ?? Number.NaN) - seconds) < slack, `${offsetSeconds} is about ${seconds}`)
  t.ok(Math.abs((offsetSeconds ?? Number.NaN) - seconds) <= (uncertaintySeconds ?? 0), `within ${uncertaintySeconds}`)
}

t.test('below the delay: 0, ±5 and ±1000 ms at 20 ms each way', async (t) => {
  for (const ahead of [0, 5, -5, 1000, -1000]) {
    const sample = await measured(t, { aheadMilliseconds: ahead, thereMilliseconds: 20, backMilliseconds: 20 })
    near(t, sample, -ahead / 1000)
    t.ok((sample.delaySeconds ?? 0) > 0.039)
  }
})

t.test('trap 15: + is ahead, so a server that is 5 s ahead reads −5 s', async (t) => {
  near(t, await measured(t, { aheadMilliseconds: 5000 }), -5)
  near(t, await measured(t, { aheadMilliseconds: -94_000 }), 94)
})

t.test('trap 16: 40 ms one way and 0 back stays within the uncertainty', async (t) => {
  near(t, await measured(t, { thereMilliseconds: 40 }), -0.02)
  near(t, await measured(t, { backMilliseconds: 40 }), 0.02)
  for (const script of [{ thereMilliseconds: 40 }, { backMilliseconds: 40 }]) {
    const { offsetSeconds, uncertaintySeconds } = await measured(t, script)
    t.ok(Math.abs(offsetSeconds ?? Number.NaN) <= (uncertaintySeconds ?? 0), 'the truth, 0, is not excluded')
  }
})

t.test('IPv6', { skip: await noIpv6() }, async (t) => {
  const sample = await measured(t, { aheadMilliseconds: 1000 }, '::1')
  near(t, sample, -1)
  t.equal(sample.reference.address, '::1')
})

t.test('what the server says of itself is in the sample', async (t) => {
  t.match(await measured(t, {}), {
    reference: { kind: 'ntp', address: '127.0.0.1' },
    stratum: 2,
    leap: 0,
    referenceId: '192.0.2.1',
    rootDelaySeconds: 0,
    rootDispersionSeconds: 0.0078125,
    error: undefined,
  })
})

t.test('two pairs of requests, each with its own random timestamp', async (t) => {
  const clock = virtualClock()
  const server = await startNtpServer({ clock })
  t.teardown(server.close)
  const before = performance.now()
  await measureNtp(server, context(), () => clock)
  t.ok(performance.now() - before >= 95, 'the pairs are apart')
  t.equal(new Set(server.requests.map((request) => request.toString('hex', 40))).size, 4)
})

t.test('the smallest delay counts', async (t) => {
  const clock = virtualClock()
  const late = [40, 30, 2, 20, 50, 60]
  const change = (reply: Buffer, n: number) => {
    clock.advance(late[n] ?? 0)
    return reply
  }
  const { delaySeconds, offsetSeconds } = await measured(t, { clock, change })
  t.ok(Math.abs((delaySeconds ?? 1) - 0.002) < 1e-6, `${delaySeconds}`)
  t.ok(Math.abs((offsetSeconds ?? 1) - 0.001) < 1e-6, `${offsetSeconds}`)
})

t.test('a third pair only where no other delay confirms the smallest', async (t) => {
  const cases: [number, number[]][] = [
    [4, [40, 2, 40, 2]],
    [4, [40, 2, 40, 3]],
    [6, [40, 20, 40, 2]],
    [6, [40, 20, 40, 2, 40, 20]],
  ]
  for (const [asked, late] of cases) {
    const clock = virtualClock()
    const server = await startNtpServer({
      clock,
      change: (reply, n) => {
        clock.advance(late[n] ?? 1)
        return reply
      },
    })
    t.teardown(server.close)
    const { delaySeconds } = await measureNtp(server, context(), () => clock)
    t.equal(server.requests.length, asked, `${late} ms`)
    const smallest = Math.min(...Array.from({ length: asked }, (_, n) => late[n] ?? 1)) / 1000
    t.ok(Math.abs((delaySeconds ?? 1) - smallest) < 1e-6, `${delaySeconds} is the smallest`)
  }
})

t.test('a third pair that is lost changes nothing', async (t) => {
  const clock = virtualClock()
  const change = (reply: Buffer, n: number) => {
    clock.advance(n === 3 ? 2 : 40)
    return n < 4 ? reply : null
  }
  const before = performance.now()
  const { outcome, delaySeconds } = await measured(t, { clock, change })
  t.equal(outcome, 'answered')
  t.ok(Math.abs((delaySeconds ?? 1) - 0.002) < 1e-6, `${delaySeconds}`)
  t.ok(performance.now() - before >= 295, 'waited for once, after the fourth request')
})

t.test('some replies missing: those that came count', async (t) => {
  const sample = await measured(t, { change: (reply, n) => (n === 2 ? reply : null) })
  near(t, sample, 0)
})

t.test('what a server may send instead', async (t) => {
  const cases: [ClockSample['outcome'], string, NtpScript][] = [
    ['timeout', 'no reply', { change: () => null }],
    ['timeout', 'no reply', { fromOtherPort: true }],
    ['malformed', '47 octets', { change: (reply) => reply.subarray(0, 47) }],
    ['malformed', '0 octets', { change: () => Buffer.alloc(0) }],
    ['malformed', 'mode 3', { change: (reply) => reply.fill(0x23, 0, 1) }],
    ['mismatch', 'origin timestamp is not ours', { change: (reply) => reply.fill(0, 24, 32) }],
    ['kiss-of-death', "kiss-o'-death DENY", { change: (reply) => reply.fill(0, 1, 2).fill('DENY', 12, 16) }],
    ['unsynchronised', 'stratum 16', { change: (reply) => reply.fill(16, 1, 2) }],
    ['unsynchronised', 'leap indicator 3', { change: (reply) => reply.fill(0xe4, 0, 1) }],
  ]
  for (const [outcome, error, script] of cases) {
    const sample = await measured(t, script)
    t.match(sample, { outcome, error, offsetSeconds: null, uncertaintySeconds: null, delaySeconds: null }, error)
  }
})

t.test('a forged message is forgotten when the true reply comes', async (t) => {
  const sample = await measured(t, { change: (reply, n) => (n === 0 ? reply.fill(0, 24, 32) : reply) })
  near(t, sample, 0)
  t.equal(sample.error, undefined)
})

t.test("a kiss-o'-death after readings keeps them and is told, and nothing more is asked", async (t) => {
  let asked = 0
  const change = (reply: Buffer, n: number) => {
    asked++
    return n < 2 ? reply : reply.fill(0, 1, 2).fill('RATE', 12, 16)
  }
  const sample = await measured(t, { change })
  near(t, sample, 0)
  t.equal(sample.error, "kiss-o'-death RATE")
  t.equal(asked, 3)
})

t.test('a dead server after a good one is refused', async (t) => {
  const server = await startNtpServer()
  t.match(await measureNtp(server, { ...context(), closeSeconds: 5 }), { outcome: 'answered' })
  server.close()
  t.match(await measureNtp(server, context()), { outcome: 'refused', error: 'ECONNREFUSED', offsetSeconds: null })
})

t.test('an abort ends it at once', async (t) => {
  const server = await startNtpServer({ change: () => null })
  t.teardown(server.close)
  const controller = new AbortController()
  const before = performance.now()
  const sample = measureNtp(server, { signal: controller.signal, closeSeconds: 60 })
  setTimeout(() => controller.abort(), 50)
  t.match(await sample, { outcome: 'local-error', error: 'aborted' })
  t.match(await measureNtp(server, { signal: controller.signal, closeSeconds: 60 }), { error: 'aborted' })
  const between = new AbortController()
  const connecting = measureNtp(server, { signal: between.signal, closeSeconds: 60 })
  between.abort()
  t.match(await connecting, { error: 'aborted' })
  t.ok(performance.now() - before < 2000)
})

t.test('a name is a programming error', async (t) => {
  await t.rejects(measureNtp({ address: 'ntp.example', port: 123 }, context()), TypeError)
})

t.test('trap 18: a clock that is set meanwhile gives no reading', async (t) => {
  const server = await startNtpServer()
  t.teardown(server.close)
  const clock = () => ({ ...anchorWallClock(), steppedSeconds: () => -94 })
  t.match(await measureNtp(server, context(), clock), {
    outcome: 'local-error',
    error: 'clock set by -94.000 s meanwhile',
    offsetSeconds: null,
  })
})

t.test('a server as an operator runs it', { skip: noChrony }, async (t) => {
  const server = await startChrony(t)

  await t.test('the error against the truth', async (t) => {
    const figures = await errorsOf(server, 60)
    t.comment(`idle: ${figures.text}`)
    t.ok(figures.median < 0.001, figures.text)
    t.ok(figures.largestBeyond <= 0, 'always within the uncertainty')
  })

  await t.test('the error under load', async (t) => {
    const loops = [0, 1].map(() => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }))
    const figures = await errorsOf(server, 60).finally(() => {
      for (const loop of loops) loop.kill('SIGKILL')
    })
    t.comment(`two busy loops: ${figures.text}`)
    t.ok(figures.median < 0.005, figures.text)
    t.ok(figures.largestBeyond <= 0, 'always within the uncertainty')
  })

  await t.test('a node whose clock is 94 s off', { skip: whyNoFaketime() ?? false }, async (t) => {
    for (const [skew, seconds] of [
      ['+94s', 94],
      ['-94s', -94],
    ] as const) {
      const sample = await measuredBy(process.execPath, once(server).slice(1), skewedClock({ offset: skew }))
      near(t, sample, seconds, 0.5)
    }
  })
})

t.test('what the kernel refuses', { skip: noNamespaces() }, async (t) => {
  const inNamespace = (setUp: string, address: string) =>
    measuredBy('unshare', ['-rn', 'sh', '-c', `${setUp}; exec "$@"`, 'sh', ...once({ address, port: 123 })])
  t.match(await inNamespace('true', '192.0.2.1'), { outcome: 'unreachable', error: 'ENETUNREACH' })
  t.match(await inNamespace('ip link set lo up; ip route add prohibit 192.0.2.1', '192.0.2.1'), {
    outcome: 'denied',
    error: 'EACCES',
  })
  const drop =
    'nft "add table ip f; add chain ip f o { type filter hook output priority 0; }; add rule ip f o udp dport 123 drop"'
  t.match(await inNamespace(`ip link set lo up; ${drop}`, '127.0.0.1'), { outcome: 'denied', error: 'EPERM' })
})

/** This machine's Node.js, measuring once. */
function once({ address, port }: { address: string; port: number }): string[] {
  const file = fileURLToPath(new URL('measure-once.ts', import.meta.url))
  return [process.execPath, '--conditions=@oddnode/source', file, address, String(port)]
}

async function measuredBy(
  command: string,
  args: string[],
  environment: Record<string, string> = {},
): Promise<ClockSample> {
  const { stdout } = await promisify(execFile)(command, args, { env: { ...process.env, ...environment } })
  return JSON.parse(stdout) as ClockSample
}

async function errorsOf(server: { address: string; port: number }, times: number) {
  const errors: number[] = []
  let largestBeyond = Number.NEGATIVE_INFINITY
  for (let i = 0; i < times; i++) {
    const { offsetSeconds, uncertaintySeconds } = await measureNtp(server, { ...context(), closeSeconds: 2 })
    const error = Math.abs(offsetSeconds ?? Number.NaN)
    errors.push(error)
    largestBeyond = Math.max(largestBeyond, error - (uncertaintySeconds ?? 0))
  }
  errors.sort((a, b) => a - b)
  const [median = Number.NaN, p99 = Number.NaN] = [0.5, 0.99].map((share) => errors[Math.floor(share * times)])
  const microseconds = (seconds: number) => `${(seconds * 1e6).toFixed(1)} µs`
  return {
    median,
    largestBeyond,
    text: `${times} measurements, median ${microseconds(median)}, p99 ${microseconds(p99)}`,
  }
}

async function noIpv6(): Promise<string | false> {
  try {
    const server = await startNtpServer({}, '::1')
    server.close()
    return false
  } catch (error) {
    return `no IPv6 loopback here: ${error}`
  }
}

function noNamespaces(): string | false {
  for (const command of ['ip', 'nft']) {
    const { error, status } = spawnSync('unshare', ['-rn', command, command === 'ip' ? 'link' : '--version'])
    if (error || status !== 0) return `${command} in a network namespace of our own does not work here`
  }
  return false
}

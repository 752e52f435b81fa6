import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import type { Report } from '@oddnode/protocol'
import t from 'tap'
import { type LocalOptions, startLocal } from '../src/start.ts'

const SECONDS = 45

type Tap = { testdir: (files: Record<string, string>) => string; teardown: (run: () => unknown) => unknown }

function optionsOf(
  t: Tap,
  nameserver: string,
  { said = [], more = '' }: { said?: string[]; more?: string } = {},
): LocalOptions {
  return {
    port: 0,
    ntp: [],
    external: null,
    etc: t.testdir({ 'resolv.conf': `nameserver ${nameserver}\n${more}` }),
    version: '0.0.0-test',
    environment: {},
    say: (line) => said.push(line),
  }
}

/** Reads the report until it is as wanted. */
async function until(url: string, wanted: (report: Report) => boolean): Promise<Report> {
  const deadline = performance.now() + SECONDS * 1000
  for (;;) {
    const report = (await (await fetch(`${url}.json`)).json()) as Report
    if (wanted(report) || performance.now() > deadline) return report
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}

t.test('a dead resolver is told of on /report, with its address and what came instead of an answer', async (t) => {
  // A loopback address where nothing listens: the kernel refuses.
  const more = 'nameserver 192.0.2.9\nsearch a.test b.test a.test\n'
  const run = await startLocal(optionsOf(t, '127.99.99.53', { more }))
  t.teardown(() => run.stop())
  const report = await until(run.url, ({ findings }) => findings.length > 0)
  t.equal(report.verdict.state, 'failing')
  t.match(report.verdict.sentence, /127\.99\.99\.53/)
  t.match(report.findings, [{ fault: 'unexplained-difference', scope: { kind: 'node' } }])
  t.match(report.findings[0]?.evidence[0], { outcome: 'refused', answered: 0 })
  t.equal(report.nodes.length, 1)
  t.match(report.nodes[0]?.clock, { state: 'no-data', offsetSeconds: null, samples: [] }, 'not vouched for by itself')
  const text = await (await fetch(`${run.url}.txt`)).text()
  t.match(text, /NOT LOOKED AT.*The Kubernetes API is not asked.*the clock/is)
  t.match(text, 'nameserver 192.0.2.9 of resolv.conf (not asked)', 'the second one is named')
  t.match(text, /CHECKED BY HAND OTHERWISE.*Named more than once: a\.test/is, 'what the machine answers of itself')
})

t.test('a silent resolver reads as a timeout', async (t) => {
  const silent = createSocket('udp4').bind(53, '127.99.98.53')
  const bound = await Promise.race([
    once(silent, 'listening').then(() => true),
    once(silent, 'error').then(() => false),
  ])
  t.teardown(() => silent.close())
  if (!bound) {
    t.pass('port 53 needs root: left to the lab', { skip: 'port 53 needs root' })
    return
  }
  const run = await startLocal(optionsOf(t, '127.99.98.53'))
  t.teardown(() => run.stop())
  const report = await until(run.url, ({ nodes }) =>
    nodes.some(({ agents }) =>
      agents.some(({ probes }) => probes.some(({ outcome, state }) => outcome === 'timeout' && state === 'failing')),
    ),
  )
  const probes = report.nodes.flatMap(({ agents }) => agents.flatMap((agent) => agent.probes))
  t.match(
    probes.find(({ transport }) => transport === 'udp'),
    { state: 'failing', outcome: 'timeout', answered: 0 },
  )
})

t.test('a port in use is followed by the next free one, and it is said', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  t.teardown(() => taken.close())
  const { port } = taken.address() as AddressInfo
  const said: string[] = []
  const run = await startLocal({ ...optionsOf(t, '127.99.99.53', { said }), port })
  t.teardown(() => run.stop())
  t.not(new URL(run.url).port, String(port))
  t.match(said, [new RegExp(`port ${port} is in use`)])
})

t.test('no port is searched for above the last one', async (t) => {
  const taken = createServer().listen(65_535, '127.0.0.1')
  const bound = await Promise.race([once(taken, 'listening'), once(taken, 'error')])
  t.teardown(() => taken.close())
  t.comment(bound.length === 0 ? 'port 65535 is ours' : 'port 65535 is somebody else')
  await t.rejects(startLocal({ ...optionsOf(t, '127.99.99.53'), port: 65_535 }), {
    message: /^ports 65535 to 65535 of 127\.0\.0\.1 are all in use: choose another with --port$/,
  })
})

t.test('it stops within five seconds and gives its port back', async (t) => {
  const run = await startLocal(optionsOf(t, '127.99.99.53'))
  const began = performance.now()
  await run.stop()
  t.ok(performance.now() - began < 5000)
  await t.rejects(fetch(run.url))
})

t.test(
  'a wrong NTP server is an error with the setting, the value and what is allowed, and nothing goes on running',
  async (t) => {
    const freed = createServer().listen(0, '127.0.0.1')
    await once(freed, 'listening')
    const { port } = freed.address() as AddressInfo
    freed.close()
    await t.rejects(startLocal({ ...optionsOf(t, '127.99.99.53'), port, ntp: ['time.example'] }), {
      message: /^--ntp has "time\.example": allowed is an address/,
    })
    await t.rejects(fetch(`http://127.0.0.1:${port}/livez`))
  },
)

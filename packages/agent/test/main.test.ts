import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { startAggregator } from './aggregator.ts'
import { dnsServer, healthy } from './dns-server.ts'
import { until } from './until.ts'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const hurried = ['--intervalSeconds=0.4', '--deadlineSeconds=0.1', '--closeSeconds=0.15']

type Running = {
  child: ChildProcess
  output: () => string
  errors: () => string
  exited: Promise<[number | null, string | null]>
}

function run(t: Test, ...flags: string[]): Running {
  const child = spawn(process.execPath, ['--conditions=@oddnode/source', main, ...flags], {
    env: { PATH: process.env['PATH'] },
  })
  let output = ''
  let errors = ''
  child.stdout.on('data', (text) => {
    output += text
  })
  child.stderr.on('data', (text) => {
    errors += text
  })
  t.teardown(() => child.kill('SIGKILL'))
  return { child, output: () => output, errors: () => errors, exited: once(child, 'close') as Running['exited'] }
}

/** An agent of which the aggregator has a push. */
async function runPushing(t: Test, url: string, pushed: () => boolean): Promise<Running> {
  const dns = await dnsServer(t, healthy)
  const flags = [
    ...hurried,
    '--listen.port=0',
    '--names.clusterDomain=cluster.local',
    `--targets.clusterDns=127.0.0.1:${dns.port}`,
  ]
  const running = run(t, ...flags, `--aggregator=${url}`)
  await until('a push', pushed, 20)
  return running
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  t.test(`${signal} stops it cleanly: the last round is a goodbye`, async (t) => {
    const aggregator = await startAggregator(t)
    const { child, output, errors, exited } = await runPushing(t, aggregator.url, () => aggregator.pushes.length > 0)
    child.kill(signal)
    t.strictSame(await exited, [0, null])
    t.equal(aggregator.pushes.at(-1)?.round.kind, 'goodbye')
    t.match(output(), /"message":"stopped","unpushed":0/)
    t.equal(errors(), '')
  })
}

t.test('stops within five seconds while the aggregator hangs', async (t) => {
  const aggregator = await startAggregator(t, 'hang')
  const { child, exited } = await runPushing(t, aggregator.url, () => aggregator.pushes.length > 0)
  const from = performance.now()
  child.kill('SIGTERM')
  t.strictSame(await exited, [0, null])
  t.ok(performance.now() - from < 5000, `${Math.round(performance.now() - from)} ms`)
})

t.test('the second signal stops it at once', async (t) => {
  const aggregator = await startAggregator(t, 'hang')
  const { child, output, exited } = await runPushing(t, aggregator.url, () => aggregator.pushes.length > 0)
  child.kill('SIGTERM')
  await until('it is stopping', () => output().includes('"stopping"'))
  const from = performance.now()
  child.kill('SIGTERM')
  t.strictSame(await exited, [1, null])
  t.ok(performance.now() - from < 1000)
})

t.test('a wrong configuration is exit 78 and one line with setting, value and what is allowed', async (t) => {
  const { exited, output, errors } = run(t, '--vantage=node')
  t.strictSame(await exited, [78, null])
  t.equal(errors(), 'oddnode-agent: vantage is "node" (flag --vantage), allowed is one of host, pod\n')
  t.equal(output(), '')
})

t.test('--help', async (t) => {
  const { exited, output, errors } = run(t, '--help')
  t.strictSame(await exited, [0, null])
  t.match(output(), '--intervalSeconds  (ODDNODE_INTERVAL_SECONDS)')
  t.equal(errors(), '')
})

t.test('a port in use is said, with the way out', async (t) => {
  const server = createServer().listen(0, '127.0.0.1')
  t.teardown(() => server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const { exited, errors } = run(t, `--listen.port=${port}`)
  t.strictSame(await exited, [1, null])
  t.match(errors(), `127.0.0.1:${port} is taken; choose another with --listen.port`)
})

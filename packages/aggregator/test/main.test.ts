import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Report } from '@oddnode/protocol'
import t from 'tap'
import { clusterPlan, healthy, pathOf, roundOf, samplesOf, timeout } from './pushing.ts'

const main = join(import.meta.dirname, '../src/main.ts')
type Test = { teardown: (act: () => unknown) => void; testdir: () => string }

function run(t: Test, ...flags: string[]): ChildProcess & { errors: () => string } {
  const child = spawn(process.execPath, ['--conditions=@oddnode/source', main, ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let errors = ''
  child.stderr.on('data', (data: Buffer) => {
    errors += data.toString()
  })
  t.teardown(() => child.kill('SIGKILL'))
  return Object.assign(child, { errors: () => errors })
}

/** Starts an aggregator. @returns the address that it listens on */
async function start(t: Test, ...flags: string[]): Promise<{ child: ChildProcess; address: string }> {
  const child = run(t, '--listen.port=0', ...flags)
  let output = ''
  for await (const data of child.stdout ?? []) {
    output += String(data)
    const address = /http:\/\/[0-9.]+:\d+/.exec(output)?.[0]
    if (address) {
      child.stdout?.resume()
      return { child, address }
    }
  }
  throw new Error(`the aggregator did not start: ${output}`)
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  const [code] = await once(child, 'exit')
  return code
}

const plan = clusterPlan('host')
const odd = samplesOf(plan, (of, probe) => (of.probes[probe]?.target === 0 ? timeout() : healthy(of, probe)))

async function push(address: string, counter: number, ageSeconds: number): Promise<number> {
  const body = JSON.stringify(roundOf(plan, odd, { ageSeconds, facts: {} }))
  const answer = await fetch(address + pathOf('node-1', 'host', counter), {
    method: 'PUT',
    body,
    headers: { 'content-type': 'application/json' },
  })
  await answer.arrayBuffer()
  return answer.status
}

const reportOf = async (address: string) => (await (await fetch(`${address}/report.json`)).json()) as Report

t.test('killed between an answer and the restart: what was answered is there', async (t) => {
  const file = join(t.testdir(), 'oddnode.db')
  const first = await start(t, '--dataFile', file)
  for (let counter = 0; counter < 6; counter++) t.equal(await push(first.address, counter, (5 - counter) * 15), 200)
  first.child.kill('SIGKILL')
  await exitOf(first.child)

  const second = await start(t, '--dataFile', file)
  const report = await reportOf(second.address)
  const probes = report.nodes[0]?.agents[0]?.probes ?? []
  const asked = plan.probes.filter(({ target, onlyAfterTruncation }) => target === 0 && !onlyAfterTruncation)
  t.equal(probes.filter(({ state }) => state === 'failing').length, asked.length)
  t.ok(probes.filter(({ state }) => state === 'ok').length > 5)
  t.match(
    report.verdict,
    { nodes: { reporting: 0 }, agents: { reporting: 0, expected: 1 } },
    'it is remembered, not heard',
  )
  t.not(report.verdict.state, 'ok')
  t.match(report.verdict.sentence, 'no agent has pushed since this aggregator began to listen at ')
  t.equal(await push(second.address, 6, 0), 200)
  const heard = async () => (await reportOf(second.address)).verdict.agents.reporting
  for (let tries = 0; tries < 50 && (await heard()) === 0; tries++) await sleep(100)
  t.equal(await heard(), 1)
})

t.test(
  'what was told before it was killed can be asked for after the restart, and nothing between the two',
  async (t) => {
    const file = join(t.testdir(), 'oddnode.db')
    const first = await start(t, '--dataFile', file)
    for (let counter = 0; counter < 6; counter++) await push(first.address, counter, (5 - counter) * 15)
    const told = await reportOf(first.address)
    const pastOf = (address: string) => fetch(`${address}/report.json?at=${told.at}`)
    // The past is told from what is committed, which it is some milliseconds later.
    for (let tries = 0; tries < 100 && !(await pastOf(first.address)).ok; tries++) await sleep(50)
    first.child.kill('SIGKILL')
    await exitOf(first.child)
    await sleep(1500)
    const downAt = new Date(Date.now() - 500).toISOString()

    const second = await start(t, '--dataFile', file)
    const past = (await (await pastOf(second.address)).json()) as Report
    t.equal(past.at, told.at)
    t.strictSame(past.verdict, told.verdict)
    const states = ({ nodes }: Report) =>
      nodes.map(({ name, state, agents }) => [
        name,
        state,
        agents.map(({ probes }) => probes.map((probe) => probe.state)),
      ])
    t.strictSame(states(past), states(told))
    const down = await fetch(`${second.address}/report.json?at=${downAt}`)
    t.equal(down.status, 404)
    t.match(await down.json(), { title: 'No data then' })
  },
)

t.test('asked to stop, it waits for no body that never ends', async (t) => {
  const { child, address } = await start(t)
  const { hostname, port } = new URL(address)
  const slow = connect(Number(port), hostname)
  slow.on('error', () => undefined)
  t.teardown(() => slow.destroy())
  await once(slow, 'connect')
  slow.write(
    `PUT ${pathOf('node-1', 'host', 0)} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{`,
  )
  await fetch(`${address}/livez`)
  child.kill('SIGTERM')
  t.equal(await exitOf(child), 0)
})

t.test('asked to stop, it commits and stops', async (t) => {
  const file = join(t.testdir(), 'oddnode.db')
  const { child, address } = await start(t, '--dataFile', file)
  await push(address, 0, 0)
  const since = performance.now()
  child.kill('SIGTERM')
  t.equal(await exitOf(child), 0)
  t.ok(performance.now() - since < 5000)
})

t.test('a wrong configuration: one line, exit 78', async (t) => {
  const child = run(t, '--listen.port=many')
  t.equal(await exitOf(child), 78)
  t.equal(
    child.errors(),
    'oddnode: listen.port is "many" (flag --listen.port), allowed is an integer from 0 to 65535\n',
  )
  const noSecret = run(t, '--auth.mode=shared-secret', '--auth.secretFile=/nowhere')
  t.equal(await exitOf(noSecret), 78)
  t.match(noSecret.errors(), 'cannot read auth.secretFile /nowhere')
})

t.test('help', async (t) => {
  const child = run(t, '--help')
  let output = ''
  child.stdout?.on('data', (data: Buffer) => {
    output += data.toString()
  })
  t.equal(await exitOf(child), 0)
  t.match(output, '--listen.port  (ODDNODE_LISTEN_PORT)')
})

t.test('a port in use', async (t) => {
  const holder = createServer().listen(0, '127.0.0.1')
  t.teardown(() => holder.close())
  await once(holder, 'listening')
  const address = holder.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const child = run(t, `--listen.port=${port}`)
  let output = ''
  child.stdout?.on('data', (data: Buffer) => {
    output += data.toString()
  })
  t.equal(await exitOf(child), 1)
  t.match(
    output,
    `127.0.0.1 port ${port} is in use by another process: stop that, or choose another one with --listen.port`,
  )
})

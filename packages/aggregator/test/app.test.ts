import { readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Observation, Plan, Report, Vantage } from '@oddnode/protocol'
import t from 'tap'
import { clockSample, clusterPlan, healthy, roundOf, samplesOf, timeout } from './pushing.ts'
import { noSmallDisk, smallDisk } from './small-disk.ts'
import { handClock, type TestApp, testApp } from './test-app.ts'

const NODES = ['node-1', 'node-2', 'node-3']
const INTERVAL = 15

type Seen = (node: string, vantage: Vantage, plan: Plan, probe: number) => Observation | null

/** Rounds of all agents, one each interval. A round that sees null is not pushed. */
async function rounds(
  app: TestApp,
  from: number,
  count: number,
  see: Seen,
  offsetOf = (_node: string) => 0.0002,
): Promise<void> {
  for (let counter = from; counter < from + count; counter++) {
    for (const node of NODES) {
      for (const vantage of ['host', 'pod'] as const) await pushRound(app, node, vantage, counter, see, offsetOf(node))
    }
    app.clock.advance(INTERVAL)
    app.tick()
  }
}

async function pushRound(
  app: TestApp,
  node: string,
  vantage: Vantage,
  counter: number,
  see: Seen,
  offset: number,
): Promise<void> {
  const plan = clusterPlan(vantage)
  if (see(node, vantage, plan, 0) === null) return
  const samples = samplesOf(plan, (of, probe) => see(node, vantage, of, probe) ?? timeout())
  await app.push(node, vantage, counter, roundOf(plan, samples, { clock: [clockSample(offset)] }))
}

const allWell: Seen = (_node, _vantage, plan, probe) => healthy(plan, probe)

/** Story 001: pods of node-2 do not reach node-local DNS. */
const node2Odd: Seen = (node, vantage, plan, probe) =>
  node === 'node-2' && vantage === 'pod' && plan.probes[probe]?.target === 0 ? timeout() : healthy(plan, probe)

/** @throws after 20 s */
async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  for (const from = performance.now(); !(await condition()); await sleep(100)) {
    if (performance.now() - from > 20_000) throw new Error(`not within 20 s: ${what}`)
  }
}

const open = (report: Report) => report.findings.filter(({ ended }) => ended === null)

t.test('from pushes to a sentence: pods of one node do not reach node-local DNS', async (t) => {
  const app = await testApp(t)
  await rounds(app, 0, 6, node2Odd)
  const report = await app.report()
  t.equal(report.verdict.state, 'failing')
  t.strictSame(report.verdict.nodes, { expected: 3, reporting: 3, odd: 1 })
  t.match(report.verdict.sentence, /node-2.*169\.254\.20\.10/)
  t.match(open(report), [{ scope: { nodes: ['node-2'] } }])
  t.equal(open(report)[0]?.evidence[0]?.healthy?.answered, 5, 'beside a healthy row')
  t.equal(report.nodes[0]?.name, 'node-2', 'the odd one first')
})

t.test('a finding ends when all is well again, and the page lists it', async (t) => {
  const app = await testApp(t)
  await rounds(app, 0, 6, node2Odd)
  await rounds(app, 6, 5, allWell)
  const report = await app.report()
  t.equal(report.verdict.state, 'ok')
  t.match(report.findings, [{ ended: String }])
  t.match((await app.server.inject('/report.txt')).body, 'ENDED')
})

t.test('trap 13: ordered by receive time, whatever an agent’s clock says', async (t) => {
  const app = await testApp(t)
  await rounds(app, 0, 6, allWell, (node) => (node === 'node-3' ? -94 : 0))
  const report = await app.report()
  t.match(open(report), [{ fault: 'node-clock-wrong', scope: { nodes: ['node-3'] }, title: /94 s behind/ }])
  t.strictSame(report.verdict.probes.failing, 0)
  const probe = report.nodes.find(({ name }) => name === 'node-3')?.agents[0]?.probes[0]
  t.equal(probe?.asked, 5)
  t.ok(Date.parse(report.at) - Date.parse(probe?.lastSampleAt ?? '') <= 16_000)
})

t.test('trap 14: absence counts: an agent that is killed is told within 75 s, and its cells are no data', async (t) => {
  const app = await testApp(t)
  await rounds(app, 0, 4, allWell)
  await rounds(app, 4, 5, (node, vantage, plan, probe) =>
    node === 'node-2' && vantage === 'pod' ? null : healthy(plan, probe),
  )
  const report = await app.report()
  t.match(open(report), [{ fault: 'vantage-silent', scope: { nodes: ['node-2'] } }])
  const agent = report.nodes.find(({ name }) => name === 'node-2')?.agents.find(({ vantage }) => vantage === 'pod')
  t.match(agent, { status: 'silent', state: 'no-data' })
  t.ok(agent?.lastSeen)
})

/** That it differs from all nodes alike is told, of itself and of none of them. */
const ofItself = [{ fault: 'aggregator-clock-wrong', confidence: 'possible', scope: { kind: 'cluster', nodes: [] } }]

t.test('trap 17: the aggregator’s own clock accuses nobody', async (t) => {
  const app = await testApp(t)
  await rounds(app, 0, 6, allWell, () => -94)
  const told = open(await app.report())
  t.equal(told.length, 1)
  t.match(told, ofItself)
})

t.test('trap 17: nor does its clock being set, whoever pushes first after it', async (t) => {
  const clock = handClock()
  const app = await testApp(t, [], { clock })
  await rounds(app, 0, 6, allWell, () => 0)
  clock.set(94)
  let pushed = ''
  await rounds(app, 6, 1, allWell, (node) => {
    pushed ||= node
    return node === pushed ? -94 : 0
  })
  t.strictSame(open(await app.report()), [])
  await rounds(app, 7, 6, allWell, () => -94)
  const told = open(await app.report())
  t.equal(told.length, 1)
  t.match(told, ofItself)
})

t.test('an aggregator that was frozen takes nobody for silent', async (t) => {
  const clock = handClock()
  const app = await testApp(t, [], { clock })
  await rounds(app, 0, 6, allWell)
  clock.advance(90)
  t.strictSame(open(await app.report()), [])
})

t.test('trap 24: findings survive the outage that they describe, with their true start', async (t) => {
  const app = await testApp(t)
  await rounds(app, 0, 4, allWell)
  const brokeAt = app.clock.now()
  await rounds(app, 4, 40, (node, vantage, plan, probe) =>
    node === 'node-2' && vantage === 'pod' ? null : healthy(plan, probe),
  )
  const plan = clusterPlan('pod')
  for (let counter = 4; counter < 44; counter++) {
    const samples = samplesOf(plan, (of, probe) => (of.probes[probe]?.target === 0 ? timeout() : healthy(of, probe)))
    const ageSeconds = app.clock.now() - (brokeAt + (counter - 4) * INTERVAL)
    t.equal((await app.push('node-2', 'pod', counter, roundOf(plan, samples, { ageSeconds }))).status, 200)
  }
  app.clock.advance(1)
  const report = await app.report()
  const [finding] = open(report).filter(({ fault }) => fault === 'pods-cannot-reach-node-local-dns')
  t.ok(Math.abs(Date.parse(finding?.since ?? '') / 1000 - brokeAt) <= 1, `since ${finding?.since}`)
})

t.test('a restart forgets no state and no finding, and restored states hold until three fresh samples', async (t) => {
  const file = join(t.testdir(), 'oddnode.db')
  const clock = handClock()
  const before = await testApp(t, ['--dataFile', file], { clock })
  await rounds(before, 0, 6, node2Odd)
  const remembered = await before.report()
  await before.server.close()

  clock.advance(5)
  const after = await testApp(t, ['--dataFile', file], { clock })
  const restarted = await after.report()
  t.strictSame(
    open(restarted).map(({ id, since }) => ({ id, since })),
    open(remembered).map(({ id, since }) => ({ id, since })),
  )
  t.strictSame(statesOf(restarted), statesOf(remembered))
  t.equal(restarted.verdict.state, 'failing')

  for (const fresh of [6, 7]) {
    await rounds(after, fresh, 1, allWell)
    t.equal(open(await after.report()).length, 1, 'two fresh samples end nothing')
  }
  await rounds(after, 8, 3, allWell)
  t.strictSame(open(await after.report()), [])
})

const statesOf = ({ nodes }: Report) =>
  nodes.map(({ name, agents }) => [
    name,
    agents.map(({ vantage, probes }) => [vantage, probes.map(({ state, since }) => [state, since])]),
  ])

t.test('an aggregator that just started accuses nobody of silence', async (t) => {
  const file = join(t.testdir(), 'oddnode.db')
  const clock = handClock()
  const before = await testApp(t, ['--dataFile', file], { clock })
  await rounds(before, 0, 4, allWell)
  await before.server.close()
  clock.advance(3600)
  const after = await testApp(t, ['--dataFile', file], { clock })
  after.clock.advance(30)
  t.strictSame(open(await after.report()), [], 'after 30 s')
  await rounds(after, 4, 4, allWell)
  t.strictSame(open(await after.report()), [])
})

t.test('a data file that cannot be used: the report is from memory, and says so', async (t) => {
  const file = join(t.testdir(), 'oddnode.db')
  writeFileSync(file, 'garbage '.repeat(1000))
  const app = await testApp(t, ['--dataFile', file])
  await rounds(app, 0, 6, node2Odd)
  const report = await app.report()
  t.match(report.storage, /damaged and was left as it is/)
  t.equal(report.verdict.state, 'failing', 'and it is told all the same')
  t.match((await app.server.inject('/metrics')).body, 'oddnode_store_failing 1')
  t.equal((await app.server.inject('/livez')).statusCode, 200)
})

t.test(
  'damage within a row: it starts, the report is from memory and says so, and the file is left as it is',
  async (t) => {
    for (const sql of [
      `UPDATE plans SET body = replace(body, '"probes"', '"prnbes"')`,
      "UPDATE plans SET body = 'null'",
      "UPDATE clock_samples SET body = '5'",
      `UPDATE states SET body = '{"probe":0}'`,
      "UPDATE agents SET vantage = 'hose'",
      "UPDATE findings SET body = '{}'",
    ]) {
      const file = join(t.testdir(), 'oddnode.db')
      const before = await testApp(t, ['--dataFile', file])
      await rounds(before, 0, 6, node2Odd)
      await before.server.close()
      const database = new DatabaseSync(file)
      database.exec(sql)
      database.close()
      const app = await testApp(t, ['--dataFile', file])
      t.match((await app.report()).storage, /damaged and was left as it is: move it away/, sql)
      await rounds(app, 0, 6, node2Odd)
      t.equal((await app.report()).verdict.state, 'failing', 'and it is told all the same')
      await app.server.close()
    }
  },
)

t.test('damage within the past: a reader of it is told, and no request is a bug', async (t) => {
  for (const sql of [
    "UPDATE finding_versions SET body = '{}'",
    "UPDATE node_changes SET body = '5'",
    "UPDATE agent_changes SET body = 'null'",
    "UPDATE state_changes SET body = '{}'",
    `UPDATE pictures SET body = '{"checks":1}'`,
  ]) {
    const file = join(t.testdir(), 'oddnode.db')
    const clock = handClock()
    const before = await testApp(t, ['--dataFile', file], { clock })
    await rounds(before, 0, 6, node2Odd)
    const [finding] = open(await before.report())
    const at = new Date((clock.now() - 20) * 1000).toISOString()
    await before.server.close()
    const database = new DatabaseSync(file)
    database.exec(sql)
    database.close()
    const app = await testApp(t, ['--dataFile', file], { clock })
    for (const path of [`/report.json?at=${at}`, `/report/nodes/node-2?at=${at}`]) {
      const { statusCode, body } = await app.server.inject(path)
      t.match([statusCode, body], [503, /The history cannot be read/], `${sql}: ${path}`)
    }
    t.match(await app.server.inject(`/report/findings/${finding?.id}`), { statusCode: 200 }, sql)
    t.match((await app.report()).verdict, { state: 'failing' }, sql)
    await app.server.close()
  }
})

t.test('a data file of a newer oddnode: the report is from memory, and the file is left as it is', async (t) => {
  const file = join(t.testdir(), 'oddnode.db')
  const before = await testApp(t, ['--dataFile', file])
  await rounds(before, 0, 3, allWell)
  await before.server.close()
  const database = new DatabaseSync(file)
  database.exec("UPDATE meta SET value = '999' WHERE key = 'schema_version'")
  database.close()
  const newer = readFileSync(file)
  const app = await testApp(t, ['--dataFile', file])
  await rounds(app, 0, 6, node2Odd)
  const report = await app.report()
  t.match(report.storage, /newer oddnode/)
  t.equal(report.verdict.state, 'failing', 'and it is told all the same')
  await app.server.close()
  t.ok(readFileSync(file).equals(newer))
})

t.test(
  'a disk that fills up: pushes are answered, the report says so, and with room all is written',
  { skip: noSmallDisk() },
  async (t) => {
    const mounted = smallDisk(t, '1m')
    const file = join(mounted, 'oddnode.db')
    const clock = handClock()
    const app = await testApp(t, ['--dataFile', file], { clock })
    await rounds(app, 0, 4, allWell)
    const { bavail, bsize } = statfsSync(mounted)
    writeFileSync(join(mounted, 'ballast'), Buffer.alloc(bavail * bsize))
    let counter = 4
    await until('the disk is full', async () => {
      await rounds(app, counter++, 1, counter % 2 === 0 ? node2Odd : allWell)
      return (await app.report()).storage !== null
    })
    t.match((await app.report()).storage, /no room/)
    t.match((await app.server.inject('/metrics')).body, 'oddnode_store_failing 1')
    await rounds(app, counter, 6, node2Odd)
    t.equal((await app.report()).verdict.state, 'failing', 'the report stays up, from memory')
    const told = open(await app.report()).map(({ id }) => id)

    rmSync(join(mounted, 'ballast'))
    await until('it writes again', async () => (await app.report()).storage === null)
    await app.server.close()
    const after = await testApp(t, ['--dataFile', file], { clock })
    t.strictSame(
      open(await after.report()).map(({ id }) => id),
      told,
      'what happened meanwhile is in the file',
    )
  },
)

t.test('ready after the first evaluation', async (t) => {
  const app = await testApp(t)
  t.equal((await app.server.inject('/readyz')).statusCode, 503)
  app.tick()
  t.equal((await app.server.inject('/readyz')).statusCode, 200)
})

t.test('hostile texts come out harmless on every face', async (t) => {
  const app = await testApp(t)
  const hostile = '"><script>alert(1)</script>\u202e\u001b[31m'
  const see: Seen = (node, _vantage, plan, probe) => {
    const observation = healthy(plan, probe)
    return node === 'node-2'
      ? { ...observation, rcode: 2, error: hostile, answers: [hostile], nsid: hostile }
      : observation
  }
  const system = { kernel: hostile, os: hostile, hostname: hostile, nodeVersion: hostile.slice(0, 32) }
  await rounds(app, 0, 6, see)
  const plan = clusterPlan('host')
  await app.push('node-2', 'host', 6, roundOf(plan, samplesOf(plan), { version: hostile, facts: { system } }))
  app.tick()
  const { findings } = (await app.server.inject('/report.json')).json()
  const id = findings[0]?.id
  t.ok(id)
  const pages = ['/report', '/report/nodes/node-2', `/report/findings/${id}`, `/report/findings/${id}/incident`]
  const faces = pages.flatMap((page) => ['html', 'txt', 'json'].map((face) => `${page}.${face}`))
  const diffs = ['html', 'txt', 'json'].map((face) => `/report/diff.${face}?a=node-1&b=node-2`)
  for (const url of [...faces, ...diffs, `/report/findings/${id}/incident.md`, '/report/nodes/%3Cscript%3E']) {
    const { body, headers } = await app.server.inject(url)
    for (const deceptive of ['\u202e', '\u001b']) t.notOk(body.includes(deceptive), url)
    if (headers['content-type']?.toString().startsWith('text/html')) t.notMatch(body, /<script(?! src=)/, url)
  }
})

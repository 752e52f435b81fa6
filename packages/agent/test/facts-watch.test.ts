import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Facts } from '@oddnode/protocol'
import t, { type Test } from 'tap'
import { type FactsPlan, type FactsWatch, watchFacts } from '../src/facts-watch.ts'
import { until } from './until.ts'
import { virtualTime } from './virtual-time.ts'

const planOf = (targets: FactsPlan['targets'], intervalSeconds = 15): FactsPlan => ({ targets, intervalSeconds })

function setUp(t: Test) {
  const etc = t.testdir({ 'resolv.conf': 'nameserver 192.0.2.1\n' })
  // Counters of a real /proc would change with every read.
  const proc = join(etc, 'proc')
  mkdirSync(proc)
  const time = virtualTime()
  const facts = watchFacts(planOf([]), { vantage: 'pod', roots: { etc, proc, sys: proc, run: proc }, time })
  t.teardown(facts.stop)
  return { etc, facts, time }
}

async function next(facts: FactsWatch): Promise<Facts> {
  let taken: Facts | undefined
  await until('changed facts', () => {
    taken = facts.takeChanged()
    return taken !== undefined
  })
  return taken ?? {}
}

t.test('facts are given when they changed, and again when they were lost', async (t) => {
  const { facts } = setUp(t)
  t.match(await next(facts), { resolvConf: { nameservers: ['192.0.2.1'] } })
  t.equal(facts.takeChanged(), undefined)
  facts.forget()
  t.match(facts.takeChanged(), { resolvConf: { nameservers: ['192.0.2.1'] } })
})

t.test('facts that were refused are not given again, asked for or not, before they change', async (t) => {
  const { etc, facts, time } = setUp(t)
  facts.refuse(JSON.stringify(await next(facts)))
  facts.forget()
  t.equal(facts.takeChanged(), undefined)
  writeFileSync(join(etc, 'resolv.conf'), 'nameserver 192.0.2.2\n')
  await time.advance(60)
  t.match(await next(facts), { resolvConf: { nameservers: ['192.0.2.2'] } })
})

t.test('trap 21: resolv.conf has an age: a change after the start is shown', async (t) => {
  const { etc, facts, time } = setUp(t)
  const before = (await next(facts)).resolvConf?.modifiedAt ?? 0
  const file = join(etc, 'resolv.conf')
  writeFileSync(file, 'nameserver 192.0.2.2\n')
  utimesSync(file, before + 100, before + 100)
  t.equal(facts.takeChanged(), undefined, 'not before the next period')
  await time.advance(60)
  t.match(await next(facts), { resolvConf: { nameservers: ['192.0.2.2'], modifiedAt: before + 100 } })
})

t.test('other targets are looked at without waiting for the period', async (t) => {
  const facts = watchFacts(planOf([]), {
    vantage: 'pod',
    roots: { etc: t.testdir({}), proc: '/proc', sys: '/sys', run: '/run' },
    time: virtualTime(),
  })
  t.teardown(facts.stop)
  t.strictSame((await next(facts)).localAddresses, [])
  facts.setPlan(planOf([{ role: 'node-local', address: '127.0.0.1', port: 53, learnedFrom: 'configuration' }]))
  await until('the address lives here', () => facts.takeChanged()?.localAddresses?.includes('127.0.0.1') === true)
})

t.test('with short rounds the period is short, from the plan on that says so', async (t) => {
  const { etc, facts, time } = setUp(t)
  await next(facts)
  facts.setPlan(planOf([], 1))
  await until('it was read', () => facts.takeChanged() === undefined)
  writeFileSync(join(etc, 'resolv.conf'), 'nameserver 192.0.2.3\n')
  await time.advance(4)
  t.match(await next(facts), { resolvConf: { nameservers: ['192.0.2.3'] } })
})

t.test('a suspicion does not wait for the period, nor read again at once', async (t) => {
  const { etc, facts, time } = setUp(t)
  await next(facts)
  const write = (address: string) => writeFileSync(join(etc, 'resolv.conf'), `nameserver ${address}\n`)
  write('192.0.2.4')
  await time.advance(5)
  facts.refresh()
  t.match(await next(facts), { resolvConf: { nameservers: ['192.0.2.4'] } })
  write('192.0.2.5')
  await time.advance(4)
  facts.refresh()
  await sleep(50)
  t.equal(facts.takeChanged(), undefined)
  await time.advance(1)
  facts.refresh()
  t.match(await next(facts), { resolvConf: { nameservers: ['192.0.2.5'] } })
})

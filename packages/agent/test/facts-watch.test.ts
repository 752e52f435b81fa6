import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Facts } from '@oddnode/protocol'
import t, { type Test } from 'tap'
import { type FactsWatch, watchFacts } from '../src/facts-watch.ts'
import { until } from './until.ts'
import { virtualTime } from './virtual-time.ts'

function setUp(t: Test) {
  const etc = t.testdir({ 'resolv.conf': 'nameserver 192.0.2.1\n' })
  // Counters of a real /proc would change with every read.
  const proc = join(etc, 'proc')
  mkdirSync(proc)
  const time = virtualTime()
  const facts = watchFacts([], { etc, proc, sys: proc }, time)
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
  const facts = watchFacts([], { etc: t.testdir({}), proc: '/proc', sys: '/sys' }, virtualTime())
  t.teardown(facts.stop)
  t.strictSame((await next(facts)).localAddresses, [])
  facts.setTargets([{ role: 'node-local', address: '127.0.0.1', port: 53, learnedFrom: 'configuration' }])
  await until('the address lives here', () => facts.takeChanged()?.localAddresses?.includes('127.0.0.1') === true)
})

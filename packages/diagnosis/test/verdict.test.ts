import t from 'tap'
import { applyTick } from '../src/apply.ts'
import { verdictOf } from '../src/verdict.ts'
import { createWorld, good, planOf, rounds, timeout, type World } from './world.ts'

const verdict = (world: World) => {
  applyTick(world.fleet, world.at)
  return verdictOf(world.fleet)
}

t.test('never well without data', async (t) => {
  const world = createWorld(['node-1'])
  t.match(verdict(world), { state: 'no-data', sentence: 'Nothing is known yet: no agent has reported.' })
  rounds(world, 1, () => good())
  t.match(verdict(world), {
    state: 'no-data',
    sentence: /^Nothing is known yet: 1 of 1 node and 2 of 2 agents report, and no probe has enough samples\.$/,
  })
})

t.test('well, with what was and what was not looked at', async (t) => {
  const world = createWorld(['node-1', 'node-2'])
  rounds(world, 5, (_, __, probe) => (probe === 4 ? null : good()))
  t.match(verdict(world), {
    state: 'ok',
    sentence:
      'No finding: 2 of 2 nodes and 4 of 4 agents report, 16 of 16 probes with data are well. 4 probes have no data.',
    probes: { ok: 16, noData: 4 },
  })
})

t.test('what is wrong, with its denominator', async (t) => {
  const world = createWorld(['node-1', 'node-2', 'node-3'])
  rounds(world, 6, (node) => (node === 'node-2' ? timeout : good()))
  t.match(verdict(world), {
    state: 'failing',
    sentence: /^1 of 3 nodes differs: node-2 differs from 2 comparable nodes: /,
    nodes: { odd: 1, expected: 3 },
  })
})

t.test('one machine needs no denominator', async (t) => {
  const world = createWorld(['host'], planOf([{ role: 'resolv-conf', address: '192.0.2.53' }]), ['host'])
  rounds(world, 6, () => timeout)
  t.match(verdict(world).sentence, /^node host gets no answer \(timeout\)/)
})

t.test('failing probes without a finding yet are not well', async (t) => {
  const world = createWorld(['node-1', 'node-2', 'node-3'])
  rounds(world, 4, (node) => (node === 'node-2' ? timeout : good()))
  t.match(verdict(world), {
    state: 'degraded',
    sentence: /^10 of 30 probes fail on node-2, and are asked again until it is decided\./,
  })
})

t.test('a silent node is named as not reporting', async (t) => {
  const world = createWorld(['node-1', 'node-2', 'node-3'])
  rounds(world, 5, () => good())
  rounds(world, 6, (node) => (node === 'node-2' ? null : good()))
  t.match(verdict(world), {
    state: 'failing',
    sentence: /1 node does not report, 10 probes have no data\.$/,
    nodes: { reporting: 2 },
  })
})

import { observationOf, type SocketKind } from '@oddnode/protocol'
import t from 'tap'
import { createAsker } from '../src/asker.ts'
import { planOf } from './plans.ts'

const plan = planOf()

t.test('counts turns by probe, and knows what is under way', async (t) => {
  const turns: [number, number][] = []
  const answers: (() => void)[] = []
  const asker = createAsker(
    plan,
    (_plan, probe, turn) => {
      turns.push([probe, turn])
      return new Promise((resolve) => answers.push(() => resolve(observationOf('answered', { rcode: 0 }))))
    },
    () => 42,
  )
  const asked = asker.ask(3)
  t.ok(asker.isInFlight(3))
  t.notOk(asker.isInFlight(4))
  answers[0]?.()
  t.match(await asked, { probe: 3, sentAt: 42, observation: { outcome: 'answered' } })
  t.notOk(asker.isInFlight(3))
  void asker.ask(3)
  void asker.ask(4)
  t.strictSame(turns, [
    [3, 0],
    [3, 1],
    [4, 0],
  ])
})

t.test('after a timeout the other kind of socket is tried, and kept only while it sees the wrong source', async (t) => {
  const script: ['timeout' | 'wrong-source' | 'answered', SocketKind][] = [
    ['answered', 'connected'],
    ['timeout', 'connected'],
    ['timeout', 'unconnected'],
    ['timeout', 'connected'],
    ['wrong-source', 'unconnected'],
    ['wrong-source', 'unconnected'],
    ['answered', 'unconnected'],
    ['answered', 'connected'],
  ]
  const used: SocketKind[] = []
  const asker = createAsker(
    plan,
    async (_plan, _probe, turn, socket) => {
      used.push(socket)
      return observationOf(script[turn]?.[0] ?? 'answered', { socket })
    },
    () => 0,
  )
  for (const _ of script) await asker.ask(0)
  t.strictSame(
    used,
    script.map(([, socket]) => socket),
  )
})

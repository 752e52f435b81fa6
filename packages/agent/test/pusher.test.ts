import t from 'tap'
import type { Delivery } from '../src/deliver.ts'
import { startPusher } from '../src/pusher.ts'
import { addRound, createBuffer } from '../src/round-buffer.ts'
import { seeded, virtualTime } from './virtual-time.ts'

const accepted: Delivery = { kind: 'accepted', detail: '', planId: '', answer: null, clock: null }
const rejected: Delivery = { kind: 'rejected', detail: '400' }
/** An aggregator that answers with a refusal. */
const failed = (retryAfterSeconds: number | null = null): Delivery => ({
  kind: 'failed',
  detail: '503',
  retryAfterSeconds,
  elsewhere: false,
})
const unreachable: Delivery = { kind: 'failed', detail: 'ETIMEDOUT', retryAfterSeconds: null, elsewhere: true }

type Script = (attempt: number, address: string) => Delivery | Promise<Delivery>

function setUp(script: Script, { addresses = ['http://a'], limit = 10 } = {}) {
  const time = virtualTime()
  const buffer = createBuffer(limit)
  const attempts: { address: string; counter: number; at: number }[] = []
  const kinds: string[] = []
  let counter = 0
  const pusher = startPusher({
    buffer,
    addresses: () => addresses,
    deliver: async (address, round) => {
      attempts.push({ address, counter: round.counter, at: time.now() })
      return script(attempts.length - 1, address)
    },
    onDelivery: ({ kind }) => kinds.push(kind),
    time,
    random: seeded(1),
  })
  const add = (count = 1) => {
    for (let i = 0; i < count; i++)
      addRound(buffer, { counter: counter++, endedAt: time.now(), planId: 'ab', members: '', facts: null })
    pusher.wake()
  }
  return { time, buffer, pusher, attempts, kinds, add }
}

const gaps = (attempts: readonly { at: number }[]) => attempts.slice(1).map(({ at }, i) => at - (attempts[i]?.at ?? 0))

t.test('pushes oldest first, one at a time', async (t) => {
  const { time, buffer, attempts, add } = setUp(() => accepted)
  add(3)
  await time.advance(0)
  t.strictSame(
    attempts.map(({ counter }) => counter),
    [0, 1, 2],
  )
  t.equal(buffer.rounds.length, 0)
})

t.test('backs off with jitter while no aggregator answers, and new rounds do not hurry it', async (t) => {
  const { time, attempts, add, buffer } = setUp(() => failed())
  add()
  for (let i = 0; i < 20; i++) {
    await time.advance(15)
    add()
  }
  const waits = gaps(attempts)
  t.ok(waits.every((wait, i) => wait <= Math.min(30, 2 ** i) && wait >= Math.min(30, 2 ** i) / 2))
  t.equal(buffer.rounds.length, 10)
  t.equal(buffer.dropped, 11)
})

t.test('503 twice, then 200: the same round again', async (t) => {
  const { time, attempts, kinds, add } = setUp((attempt) => (attempt < 2 ? failed() : accepted))
  add(2)
  await time.advance(10)
  t.strictSame(
    attempts.map(({ counter }) => counter),
    [0, 0, 0, 1],
  )
  t.strictSame(kinds, ['failed', 'failed', 'accepted', 'accepted'])
})

t.test('Retry-After is kept', async (t) => {
  const { time, attempts, add } = setUp((attempt) => (attempt === 0 ? failed(20) : accepted))
  add()
  await time.advance(19)
  add()
  t.equal(attempts.length, 1)
  await time.advance(2)
  t.equal(attempts.length, 3)
})

t.test('a rejected round is dropped, told, and does not keep the next one waiting', async (t) => {
  const { time, attempts, kinds, add } = setUp((attempt) => (attempt === 0 ? rejected : accepted))
  add(2)
  await time.advance(0)
  t.strictSame(
    attempts.map(({ counter }) => counter),
    [0, 1],
  )
  t.strictSame(kinds, ['rejected', 'accepted'])
})

t.test('a failed address makes way for the next one, and the one that works is kept', async (t) => {
  const { time, attempts, add } = setUp((_attempt, address) => (address === 'http://b' ? accepted : failed()), {
    addresses: ['http://a', 'http://b'],
  })
  add()
  await time.advance(5)
  add(2)
  await time.advance(5)
  t.strictSame(
    attempts.map(({ address }) => address),
    ['http://a', 'http://b', 'http://b', 'http://b'],
  )
})

t.test('where nobody answers the other addresses are tried at once, and a pause comes after all of them', async (t) => {
  const addresses = ['http://a', 'http://b', 'http://c']
  const { time, attempts, add } = setUp(() => unreachable, { addresses })
  add()
  await time.advance(150)
  const starts = attempts.filter((_, i) => i % addresses.length === 0)
  t.ok(gaps(starts).every((gap, i) => gap <= Math.min(30, 2 ** i) && gap >= Math.min(30, 2 ** i) / 2))
  for (const [i, { address, at }] of attempts.entries()) {
    t.equal(address, addresses[i % addresses.length])
    t.equal(at, starts[Math.floor(i / addresses.length)]?.at)
  }
})

t.test('an address that an aggregator has left does not keep the next one waiting', async (t) => {
  let isBack = false
  const { time, attempts, buffer, add } = setUp(
    (_, address) => (isBack && address === 'http://a' ? accepted : unreachable),
    {
      addresses: ['http://a', 'http://left'],
    },
  )
  add()
  await time.advance(120)
  isBack = true
  const before = attempts.length
  await time.advance(30)
  t.equal(buffer.rounds.length, 0)
  t.ok(attempts.length - before <= 2)
})

t.test('a refusal is an answer: the other addresses lead to the same aggregator', async (t) => {
  const { attempts, time, add } = setUp(() => failed(), { addresses: ['http://a', 'http://b'] })
  add()
  await time.advance(0)
  t.equal(attempts.length, 1)
})

t.test('without any address it says what to set', async (t) => {
  const { time, kinds, attempts, add } = setUp(() => accepted, { addresses: [] })
  add()
  await time.advance(0)
  t.strictSame([kinds, attempts], [['failed'], []])
})

t.test('stop pushes what is left without the pause', async (t) => {
  const { time, pusher, buffer, attempts, add } = setUp((attempt) => (attempt === 0 ? failed(300) : accepted))
  add(2)
  await time.advance(1)
  t.equal(attempts.length, 1)
  await pusher.stop(4)
  t.equal(buffer.rounds.length, 0)
  add()
  await time.advance(60)
  t.equal(attempts.length, 3, 'and then nothing more')
})

t.test('stop tries each address once where none answers', async (t) => {
  const { pusher, attempts, add, buffer } = setUp(() => failed(), { addresses: ['http://a', 'http://b'] })
  add()
  await pusher.stop(4)
  t.ok(attempts.length >= 2 && attempts.length <= 3)
  t.equal(buffer.rounds.length, 1)
})

t.test('stop does not wait longer than it may', async (t) => {
  const { time, pusher, kinds, add } = setUp(() => new Promise(() => undefined))
  add()
  let stoppedAt = 0
  const from = time.now()
  void pusher.stop(4).then(() => {
    stoppedAt = time.now()
  })
  await time.advance(3.9)
  t.equal(stoppedAt, 0)
  await time.advance(0.2)
  t.ok(stoppedAt - from <= 4.1)
  t.strictSame(kinds, [])
})

t.test('stop with nothing to push is done at once', async (t) => {
  const { pusher, attempts } = setUp(() => accepted)
  await pusher.stop(4)
  t.strictSame(attempts, [])
})

import { text } from 'node:stream/consumers'
import t from 'tap'
import { streamText } from '../../src/http/stream-text.ts'

t.test('the whole text comes, in its order', async (t) => {
  const pieces = Array.from({ length: 20_000 }, (_, i) => `piece ${i}\n`)
  t.equal(await text(streamText(pieces)), pieces.join(''))
  t.equal(await text(streamText([])), '', 'nothing is a text, too')
})

t.test('others have their turn while it is made', async (t) => {
  let turns = 0
  const timer = setInterval(() => turns++, 1)
  await text(streamText(slowly()))
  clearInterval(timer)
  t.ok(turns >= 10, `${turns} turns`)

  function* slowly() {
    for (let i = 0; i < 100; i++) {
      for (const endAt = performance.now() + 1; performance.now() < endAt; );
      yield 'x'
    }
  }
})

t.test('large pieces, each of them a part, do not put off the turn of others', async (t) => {
  let turns = 0
  const timer = setInterval(() => turns++, 1)
  for await (const _ of streamText(slowly()));
  clearInterval(timer)
  t.ok(turns >= 10, `${turns} turns`)

  function* slowly() {
    for (let i = 0; i < 100; i++) {
      for (const endAt = performance.now() + 1; performance.now() < endAt; );
      yield 'x'.repeat(70_000)
    }
  }
})

t.test('no more is made than its reader takes', async (t) => {
  let made = 0
  const stream = streamText(endless())
  stream.once('readable', () => stream.read(1))
  await new Promise((resolve) => setTimeout(resolve, 50))
  t.ok(made > 0 && made < 10_000, `${made} pieces`)
  stream.destroy()

  function* endless() {
    for (;;) {
      made++
      yield 'x'.repeat(1000)
    }
  }
})

t.test('an error ends it as one', async (t) => {
  await t.rejects(text(streamText(broken())), { message: 'a bug' })

  function* broken() {
    yield 'a'
    throw new Error('a bug')
  }
})

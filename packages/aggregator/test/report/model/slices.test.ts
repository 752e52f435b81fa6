import { performance } from 'node:perf_hooks'
import t from 'tap'
import { inSlices } from '../../../src/report/model/slices.ts'

/** Keeps the processor busy. */
function work(milliseconds: number): void {
  const end = performance.now() + milliseconds
  while (performance.now() < end);
}

t.test('long work lets the event loop in, and gives back what it made', async (t) => {
  let turns = 0
  const timer = setInterval(() => turns++, 1)
  function* steps(): Generator<void, string, void> {
    for (let i = 0; i < 20; i++) {
      work(4)
      yield
    }
    return 'done'
  }
  t.equal(await inSlices(steps()), 'done')
  clearInterval(timer)
  t.ok(turns >= 3, `${turns} turns of the event loop in 80 ms of work`)
})

t.test('what its steps throw is thrown', async (t) => {
  function* broken(): Generator<void, void, void> {
    yield
    throw new Error('a bug')
  }
  await t.rejects(inSlices(broken()), { message: 'a bug' })
})

import { getEventListeners } from 'node:events'
import t from 'tap'
import { onAbort } from '../src/on-abort.ts'

t.test('everything that waits is run once, in order', async (t) => {
  const { signal, abort } = controller()
  const ran: string[] = []
  onAbort(signal, () => ran.push('a'))
  onAbort(signal, () => ran.push('b'))
  abort()
  t.strictSame(ran, ['a', 'b'])
})

t.test('what was taken back is not run, also where another takes it back while it runs', async (t) => {
  const { signal, abort } = controller()
  const ran: string[] = []
  const takeBack = onAbort(signal, () => ran.push('taken back'))
  const first = onAbort(signal, () => {
    ran.push('first')
    first()
  })
  takeBack()
  abort()
  t.strictSame(ran, ['first'])
})

t.test('a thousand attempts are one listener, and leave nothing behind', async (t) => {
  const { signal, abort } = controller()
  const ran: number[] = []
  for (let i = 0; i < 1000; i++) onAbort(signal, () => ran.push(i))()
  t.equal(getEventListeners(signal, 'abort').length, 1)
  abort()
  t.strictSame(ran, [])
})

function controller() {
  const owner = new AbortController()
  return { signal: owner.signal, abort: () => owner.abort() }
}

import t from 'tap'
import { stoppable, systemTime, wait } from '../src/time.ts'
import { virtualTime } from './virtual-time.ts'

t.test('the system’s time runs once, and not after it was taken back', async (t) => {
  const ran: string[] = []
  const startedAt = systemTime.now()
  systemTime.after(0.02, () => ran.push('first'))
  systemTime.after(0.01, () => ran.push('taken back'))()
  await wait(systemTime, 0.04)
  t.strictSame(ran, ['first'])
  t.ok(systemTime.now() - startedAt >= 0.038)
})

t.test('a stopped time runs nothing more, neither what waits nor what comes', async (t) => {
  const virtual = virtualTime()
  const time = stoppable(virtual)
  const ran: string[] = []
  time.after(1, () => ran.push('before the stop'))
  time.after(1.5, () => ran.push('taken back'))()
  time.after(3, () => ran.push('after the stop'))
  await virtual.advance(2)
  t.equal(time.now(), virtual.now())
  time.stop()
  time.after(1, () => ran.push('too late'))()
  await virtual.advance(10)
  t.strictSame(ran, ['before the stop'])
})

t.test('what is due in more than 24 days does not run at once', async (t) => {
  let ran = false
  const takeBack = systemTime.after(86_400 * 64, () => {
    ran = true
  })
  await new Promise((resolve) => setTimeout(resolve, 20))
  takeBack()
  t.notOk(ran)
})

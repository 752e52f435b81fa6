import t from 'tap'
import { interruption } from '../src/interruption.ts'

t.test('the first signal aborts', async (t) => {
  const signal = interruption()
  t.equal(signal.aborted, false)
  // A signal alone keeps no process alive.
  const timer = setTimeout(() => t.fail('no signal came'), 20_000)
  const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve))
  process.kill(process.pid, 'SIGHUP')
  await aborted
  clearTimeout(timer)
  t.equal(signal.aborted, true)
})

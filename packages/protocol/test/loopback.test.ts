import t from 'tap'
import { isLoopback } from '../src/loopback.ts'

t.test('all of 127.0.0.0/8, and ::1', async (t) => {
  for (const address of ['127.0.0.53', '127.1.2.3', '::1']) t.equal(isLoopback(address), true, address)
})

t.test('nothing else, names that look like it among it', async (t) => {
  for (const address of ['12.7.0.1', '128.0.0.1', '::2', '', '127.example.com', '127.0.0.1.example'])
    t.equal(isLoopback(address), false, address)
})

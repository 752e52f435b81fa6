import t from 'tap'
import { pushClockSample } from '../src/clock-exchange.ts'

const steady = { uncertaintySeconds: 0.001, steppedSeconds: () => 0 }
const url = 'http://[2001:db8::7]:8530'

t.test('the sign: + is ahead of the aggregator', async (t) => {
  const ahead = pushClockSample(url, { sentAt: 194, receivedAt: 194.2 }, { receivedAt: 100.1, sentAt: 100.1 }, steady)
  t.match(ahead, { outcome: 'answered', reference: { kind: 'aggregator', address: '2001:db8::7' } })
  t.ok(Math.abs((ahead?.offsetSeconds ?? 0) - 94) < 1e-9)
  t.ok(Math.abs((ahead?.delaySeconds ?? 0) - 0.2) < 1e-9)
  t.ok(Math.abs((ahead?.uncertaintySeconds ?? 0) - 0.101) < 1e-9, 'half the delay and the clock’s own')
})

t.test('no verdict inside the uncertainty: 40 ms one way, none back', async (t) => {
  const sample = pushClockSample(
    url,
    { sentAt: 100, receivedAt: 100.04 },
    { receivedAt: 100.04, sentAt: 100.04 },
    steady,
  )
  t.ok(Math.abs(sample?.offsetSeconds ?? 9) <= (sample?.uncertaintySeconds ?? 0))
})

t.test('timestamps that contradict each other are no sample', async (t) => {
  const stepped = { ...steady, steppedSeconds: () => -94 }
  t.equal(pushClockSample(url, { sentAt: 100, receivedAt: 100.2 }, { receivedAt: 100.1, sentAt: 100.1 }, stepped), null)
  t.equal(pushClockSample(url, { sentAt: 100, receivedAt: 100.2 }, { receivedAt: 100.1, sentAt: 50 }, steady), null)
})

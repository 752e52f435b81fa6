import t from 'tap'
import { defaultThresholds } from '../src/thresholds.ts'

t.test('the defaults fit together', async (t) => {
  const { failingSamples, windowSamples, fewestSamples, clockInfoSeconds, clockWarningSeconds, clockCriticalSeconds } =
    defaultThresholds
  t.ok(failingSamples <= windowSamples && fewestSamples <= windowSamples)
  t.ok(clockInfoSeconds < clockWarningSeconds && clockWarningSeconds < clockCriticalSeconds)
  t.ok(Object.values(defaultThresholds).every((value) => value > 0))
})

import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import { Value } from 'typebox/value'
import { outcomes } from '../src/closed-sets.ts'
import { decodeSamples, encodeSamples, observationOf, type Sample } from '../src/samples.ts'
import { SampleColumns, SampleDetail } from '../src/schema/round.ts'

const PROBES = 60
const nullable = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null })
const whole = (max: number) => nullable(fc.integer({ min: 0, max }))
/** Times as the wire carries them: whole microseconds. */
const seconds = nullable(fc.integer({ min: 0, max: 6_000_000 }).map((microseconds) => microseconds / 1e6))

const plain = { noNullPrototype: true }
/** Observations that lose nothing on the wire. */
const observation = fc.record(
  {
    outcome: fc.constantFrom(...outcomes),
    rcode: whole(4095),
    seconds,
    connectSeconds: seconds,
    size: whole(65535),
    flags: whole(65535),
    ttl: whole(4_294_967_295),
    answers: fc.array(fc.ipV4(), { maxLength: 4 }),
    socket: fc.constantFrom(null, 'unconnected' as const),
    source: nullable(fc.string({ minLength: 1, maxLength: 80 })),
    nsid: nullable(fc.string({ minLength: 1, maxLength: 128 })),
    echoed: fc.constantFrom(null, false),
    records: whole(196_605),
    error: nullable(fc.string({ minLength: 1, maxLength: 200 })),
  },
  plain,
)
const sample = fc.record(
  {
    probe: fc.integer({ min: 0, max: PROBES - 1 }),
    ageSeconds: fc.integer({ min: 0, max: 86_400_000 }).map((milliseconds) => milliseconds / 1000),
    observation,
  },
  plain,
)

t.test('what was encoded is decoded, and fits the schema', async () => {
  fc.assert(
    fc.property(fc.array(sample, { maxLength: 80 }), (samples) => {
      const encoded = encodeSamples(samples)
      const fits =
        Value.Check(SampleColumns, encoded.samples) &&
        (encoded.details ?? []).every((detail) => Value.Check(SampleDetail, detail))
      return fits && isDeepStrictEqual(decodeSamples(encoded, PROBES), samples)
    }),
    { numRuns: 50 },
  )
})

const well: Sample = {
  probe: 3,
  ageSeconds: 2,
  observation: observationOf('answered', {
    rcode: 0,
    seconds: 0.0004,
    size: 106,
    answers: ['10.96.0.1'],
    socket: 'connected',
    echoed: true,
  }),
}

t.test(
  'what is the rule is not sent: empty columns, shared answer sets, connected sockets, exact echoes',
  async (t) => {
    const { samples, answerSets, details } = encodeSamples([well, { ...well, probe: 4 }])
    t.strictSame(Object.keys(samples).sort(), [
      'ageMilliseconds',
      'answers',
      'microseconds',
      'outcome',
      'probe',
      'rcode',
      'size',
    ])
    t.strictSame(answerSets, [['10.96.0.1']])
    t.equal(details, undefined)
  },
)

t.test('what is too long for the schema is cut', async (t) => {
  const long = observationOf('answered', {
    error: 'x'.repeat(999),
    nsid: 'x'.repeat(999),
    source: 'x'.repeat(999),
    answers: Array.from({ length: 300 }, (_, i) => `${i}${'x'.repeat(600)}`),
    seconds: -1,
  })
  const encoded = encodeSamples([{ ...well, ageSeconds: -0.1, observation: long }])
  t.ok(Value.Check(SampleColumns, encoded.samples))
  t.ok(encoded.details?.every((detail) => Value.Check(SampleDetail, detail)))
  t.strictSame([encoded.answerSets?.[0]?.length, encoded.answerSets?.[0]?.[0]?.length], [256, 512])
})

t.test('40 observations are small', async (t) => {
  const bytes = JSON.stringify(encodeSamples(Array.from({ length: 40 }, (_, probe) => ({ ...well, probe })))).length
  t.ok(bytes < 1500, `${bytes} octets`)
})

t.test('what no schema can say of the columns, with the pointer to it', async (t) => {
  const encoded = encodeSamples([well, well])
  const { samples } = encoded
  const wrong: [Parameters<typeof decodeSamples>[0], string][] = [
    [{ ...encoded, samples: { ...samples, rcode: [0] } }, '/samples/rcode'],
    [{ ...encoded, samples: { ...samples, probe: [3, PROBES] } }, '/samples/probe/1'],
    [{ ...encoded, samples: { ...samples, answers: [0, 1] } }, '/samples/answers/1'],
    [{ ...encoded, details: [{ at: 2, nsid: 'x' }] }, '/details/0/at'],
  ]
  for (const [round, pointer] of wrong) {
    t.match(decodeSamples(round, PROBES), { pointer, detail: String })
  }
})

t.test('an observation with nothing seen yet', async (t) => {
  t.match(observationOf('timeout'), { outcome: 'timeout', rcode: null, seconds: null, answers: [], error: null })
  t.match(observationOf('refused', { error: 'ECONNREFUSED' }), { error: 'ECONNREFUSED' })
})

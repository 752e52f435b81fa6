// What a round costs on the wire, as plain JSON objects and as the columns that are sent:
//
//   node --conditions=@oddnode/source test/bench/encoding.ts
//
// Octets of the body, processor time to write it (agent) and to parse, validate and decode it (aggregator). Medians of many batches.
import { availableParallelism, cpus } from 'node:os'
import { deflateRawSync } from 'node:zlib'
import { decodeSamples, encodeSamples, outcomes, type Round, type Sample, socketKinds } from '@oddnode/protocol'
import { Round as RoundSchema } from '@oddnode/protocol/schema'
import { Ajv } from 'ajv'
import { Type } from 'typebox'
import { planOf, roundOf } from './ingest-load.ts'

const SAMPLES = 40
const BATCHES = 60
const ROUNDS_PER_BATCH = 200

const nullable = (type: ReturnType<typeof Type.Number | typeof Type.String | typeof Type.Boolean>) =>
  Type.Union([type, Type.Null()])
const number = nullable(Type.Number())
const text = nullable(Type.String({ maxLength: 200 }))

/** The same limits as the columns have, on objects. */
const PlainSample = Type.Object(
  {
    probe: Type.Integer({ minimum: 0, maximum: 1023 }),
    ageSeconds: Type.Number({ minimum: 0 }),
    observation: Type.Object(
      {
        outcome: Type.Enum([...outcomes]),
        rcode: number,
        seconds: number,
        connectSeconds: number,
        size: number,
        flags: number,
        ttl: number,
        answers: Type.Array(Type.String({ maxLength: 512 }), { maxItems: 256 }),
        socket: Type.Union([Type.Enum([...socketKinds]), Type.Null()]),
        source: text,
        nsid: text,
        echoed: nullable(Type.Boolean()),
        records: number,
        error: text,
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
)

const { samples: _samples, answerSets: _sets, details: _details, ...envelope } = RoundSchema.properties
const PlainRound = Type.Object(
  { ...envelope, samples: Type.Array(PlainSample, { maxItems: 2048 }) },
  { additionalProperties: false },
)

const ajv = new Ajv({ strict: false })
const isRound = ajv.compile<Round>(RoundSchema)
const isPlainRound = ajv.compile<Omit<Round, 'samples'> & { samples: Sample[] }>(PlainRound)

const plan = planOf('pod', SAMPLES)
const { samples: columns, answerSets, details, ...head } = roundOf(plan, SAMPLES) as Round
const samples = decoded({ samples: columns, ...(answerSets ? { answerSets } : {}), ...(details ? { details } : {}) })

function decoded(round: Parameters<typeof decodeSamples>[0]): Sample[] {
  const result = decodeSamples(round, plan.probes.length)
  if (!Array.isArray(result)) throw new Error(`${result.pointer} ${result.detail}`)
  return result
}

const forms = {
  'plain objects': {
    write: () => JSON.stringify({ ...head, samples }),
    read: (body: string) => {
      const round: unknown = JSON.parse(body)
      if (!isPlainRound(round)) throw new Error(ajv.errorsText(isPlainRound.errors))
      return round.samples
    },
  },
  columns: {
    write: () => JSON.stringify({ ...head, ...encodeSamples(samples) }),
    read: (body: string) => {
      const round: unknown = JSON.parse(body)
      if (!isRound(round)) throw new Error(ajv.errorsText(isRound.errors))
      return decoded(round)
    },
  },
}

const rows = Object.entries(forms).map(([form, { write, read }]) => {
  const body = write()
  if (read(body).length !== samples.length) throw new Error(`${form} lost samples`)
  return {
    form,
    octets: Buffer.byteLength(body),
    deflatedOctets: deflateRawSync(body).length,
    writeMicroseconds: medianMicroseconds(write),
    readMicroseconds: medianMicroseconds(() => read(body)),
  }
})
const machine = `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} threads, Node ${process.version}`
console.log(`a round of ${SAMPLES} samples; ${machine}`)
console.table(Object.fromEntries(rows.map(({ form, ...row }) => [form, row])))
console.log(JSON.stringify({ benchmark: 'encoding', samples: SAMPLES, machine, rows }))

function medianMicroseconds(act: () => unknown): number {
  const times = Array.from({ length: BATCHES }, () => {
    const startedAt = performance.now()
    for (let i = 0; i < ROUNDS_PER_BATCH; i++) act()
    return ((performance.now() - startedAt) * 1000) / ROUNDS_PER_BATCH
  })
  return Number((times.sort((a, b) => a - b)[BATCHES >> 1] ?? Number.NaN).toFixed(1))
}

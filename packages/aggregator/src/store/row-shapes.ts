import { noDataReasons, outcomes, states, vantages } from '@oddnode/protocol'
import { ClockSample, ClusterCheck, Facts, Finding, Plan } from '@oddnode/protocol/schema'
import { type Static, type TSchema, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { DamagedRow } from './store-error.ts'

// What the bodies of the tables hold. SQLite vouches for pages, not for what is in them: a bit that flipped within a text, or a row that
// somebody edited, must not reach the fleet. A change to any of these is a change of SCHEMA_VERSION.

const nullable = <T extends TSchema>(type: T) => Type.Union([type, Type.Null()])
/** Seconds on the aggregator's clock. */
const Time = Type.Number()
const Count = Type.Integer({ minimum: 0 })

const State = Type.Object({
  probe: Count,
  state: Type.Enum([...states]),
  reason: nullable(Type.Enum([...noDataReasons])),
  outcome: nullable(Type.Enum([...outcomes])),
  outcomes: Type.Record(Type.String(), Count),
  rcode: nullable(Count),
  answered: Count,
  asked: Count,
  medianSeconds: nullable(Type.Number()),
  since: nullable(Time),
  lastSampleAt: nullable(Time),
  badInARow: Count,
  goodInARow: Count,
  answers: Type.Array(Type.String()),
  error: nullable(Type.String()),
  ttlStays: Type.Optional(Type.Literal(true)),
})

const Reading = Type.Object({
  sample: ClockSample,
  takenAt: Time,
  tries: Type.Optional(Type.Array(Type.Object({ takenAt: Time, outcome: ClockSample.properties.outcome }))),
})

const heard = {
  version: Type.String(),
  planId: Type.String(),
  firstSeen: Time,
  stopped: Type.Boolean(),
  droppedRounds: Count,
}

const Agent = Type.Object({
  ...heard,
  node: Type.String({ minLength: 1 }),
  vantage: Type.Enum([...vantages]),
  lastSeen: Time,
  applied: Type.Record(
    Type.String(),
    Type.Object({ through: Type.Integer({ minimum: -1 }), above: Type.Array(Count) }),
  ),
})

const Presence = Type.Object({ ...heard, lastSeen: nullable(Time) })

const Node = Type.Object({
  name: Type.String({ minLength: 1 }),
  ready: nullable(Type.Boolean()),
  cordoned: Type.Boolean(),
  createdAt: nullable(Time),
  attributes: Type.Record(Type.String(), Type.String()),
  group: Type.String(),
  expected: Type.Array(Type.Enum([...vantages])),
})

const Picture = Type.Object({ checks: Type.Array(ClusterCheck), hidden: Type.Array(Type.String()) })

/** @returns a function that takes a value for what it says it is. It throws DamagedRow */
function shaped<T extends TSchema>(name: string, schema: T, isSound = (_value: Static<T>) => true) {
  const compiled = Compile(schema)
  return (value: unknown): Static<T> => {
    if (!compiled.Check(value) || !isSound(value)) throw new DamagedRow(name)
    return value
  }
}

/** The same for the JSON of a row's body. It throws DamagedRow, and SyntaxError for what is no JSON. */
function body<T extends TSchema>(name: string, schema: T, isSound?: (value: Static<T>) => boolean) {
  const checked = shaped(name, schema, isSound)
  return (text: unknown): Static<T> => checked(JSON.parse(String(text)))
}

const isInstant = (text: string) => !Number.isNaN(Date.parse(text))

/** A row of `agents`, its columns by the names of `AgentRow`. @throws DamagedRow, as all here */
export const agentIn = shaped('an agent', Agent)
export const planIn = body('a plan', Plan, ({ targets, probes }) =>
  probes.every(({ target }) => target < targets.length),
)
export const findingIn = body('a finding', Finding, ({ since, lastSeen, ended }) =>
  [since, lastSeen, ...(ended === null ? [] : [ended])].every(isInstant),
)
export const stateIn = body('a state', State)
export const factsIn = body('facts', Facts)
export const readingIn = body('a clock reading', Reading)
export const presenceIn = body('how an agent was heard', Presence)
export const nodeIn = body('a node', Node)
export const pictureIn = body("the cluster's picture", Picture)

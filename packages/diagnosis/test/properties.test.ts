import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import type { RoundInput } from '../src/apply.ts'
import { visibleFindings } from '../src/evaluate.ts'
import { agentKey, createFleet, type Fleet } from '../src/fleet.ts'
import { defaultThresholds } from '../src/thresholds.ts'
import { type ProbeState, probeState } from '../src/window.ts'
import { type Mishap, type RandomWorld, randomWorlds, stepsOf, WORLD_ROUNDS, wildSteps } from './random-world.ts'
import { play, type Step } from './script.ts'
import { present, start } from './world.ts'

// What must hold of the diagnosis as a whole, whatever goes wrong in a cluster.

function fleetAfter(steps: readonly Step[]): Fleet {
  const fleet = createFleet(start, defaultThresholds)
  play(fleet, steps)
  return fleet
}

/** Findings without words and names: what renaming must not change. */
const shapesOf = (fleet: Fleet, nameOf: (name: string) => string) =>
  visibleFindings(fleet)
    .map(({ fault, severity, confidence, scope, since, reopened }) => ({
      ...{ fault, severity, confidence, since, reopened, kind: scope.kind },
      nodes: scope.nodes.map(nameOf).sort(),
      subject: scope.subject?.address ?? null,
    }))
    .map((shape) => JSON.stringify(shape))
    .sort()

t.test('the same inputs give the same findings, byte for byte', async () => {
  fc.assert(
    fc.property(randomWorlds, (world) => {
      const [one, other] = [fleetAfter(stepsOf(world)), fleetAfter(stepsOf(world))]
      assert.equal(JSON.stringify([...one.findings]), JSON.stringify([...other.findings]))
    }),
    { numRuns: 8 },
  )
})

t.test('renaming and reordering nodes changes nothing but names', async () => {
  fc.assert(
    fc.property(randomWorlds, (world) => {
      const plain = fleetAfter(stepsOf(world))
      const renamed = fleetAfter(stepsOf(world, (node) => `z-${9 - node}`))
      assert.deepEqual(
        shapesOf(renamed, (name) => `node-${10 - Number(name.slice(2))}`),
        shapesOf(plain, (name) => name),
      )
    }),
    { numRuns: 25 },
  )
})

t.test('a duplicate round changes nothing', async () => {
  fc.assert(
    fc.property(randomWorlds, (world) => {
      const steps = stepsOf(world)
      const twice = steps.flatMap((step): Step[] => (step.kind === 'round' ? [step, step] : [step]))
      assert.equal(JSON.stringify([...fleetAfter(twice).findings]), JSON.stringify([...fleetAfter(steps).findings]))
    }),
    { numRuns: 12 },
  )
})

/** Rounds come at the end, as after an outage of the aggregator, in the order of these places. */
function flushed(world: RandomWorld, placeOf: (input: RoundInput, i: number) => number): Step[] {
  const steps = stepsOf(world)
  const end = start + 15 * WORLD_ROUNDS + 1
  const inputs = steps.flatMap((step) => (step.kind === 'round' ? [step.input] : []))
  const late = inputs
    .map((input, i) => ({ input, place: placeOf(input, i) }))
    .sort((a, b) => a.place - b.place)
    .map(({ input }): Step => {
      const round = { ...input.round, ageSeconds: end - input.receivedAt }
      return { kind: 'round', input: { ...input, receivedAt: end, round } }
    })
  return [...steps.filter(({ kind }) => kind === 'cluster'), ...late, { kind: 'tick', at: end + 1 }]
}

const orders = fc.array(fc.nat(1000), { minLength: 1, maxLength: 200 })
const inTurn = () => 0

t.test('in which order agents empty their buffers changes nothing in the end', async () => {
  fc.assert(
    fc.property(randomWorlds, orders, (world, order) => {
      const places = new Map<string, number>()
      const byAgent = ({ node, vantage }: RoundInput) => {
        const key = agentKey(node, vantage)
        const place = places.get(key) ?? order[places.size % order.length] ?? 0
        places.set(key, place)
        return place
      }
      const [some, others] = [flushed(world, byAgent), flushed(world, inTurn)].map(fleetAfter)
      assert.equal(JSON.stringify(visibleFindings(present(some))), JSON.stringify(visibleFindings(present(others))))
    }),
    { numRuns: 12 },
  )
})

t.test('in which order the rounds of an agent come changes no state in the end', async () => {
  // Since when a state holds for longer than is kept of it hangs on when it was decided.
  const stateOf = ({ since: _, ...state }: ProbeState) => state
  const statesOf = ({ agents }: Fleet) =>
    [...agents]
      .map(([key, { plan, windows }]) => [
        key,
        plan.probes.map((_, probe) => stateOf(probeState(windows, probe))),
        [...windows.paces.pace],
      ])
      .sort()
  fc.assert(
    fc.property(randomWorlds, orders, (world, order) => {
      const anyhow = flushed(world, (_, i) => order[i % order.length] ?? 0)
      assert.deepEqual(statesOf(fleetAfter(anyhow)), statesOf(fleetAfter(flushed(world, inTurn))))
    }),
    { numRuns: 12 },
  )
})

/** Nodes that some finding named at some time, or whose rows it showed. */
function everNamed(steps: readonly Step[]): Set<string> {
  const changes = play(createFleet(start, defaultThresholds), steps)
  const findings = changes.flatMap(({ opened, updated }) => [...opened, ...updated])
  return new Set(findings.flatMap(({ scope, evidence }) => [...scope.nodes, ...evidence.map(({ node }) => node)]))
}

t.test('adding healthy nodes never removes a finding of a failing one', async () => {
  fc.assert(
    fc.property(randomWorlds, fc.integer({ min: 1, max: 4 }), (world, more) => {
      // A mishap of no node in particular would befall the new ones too.
      const mishaps = world.mishaps.map((one): Mishap => ({ ...one, node: (one.node ?? 0) % world.nodes }))
      const before = { ...world, mishaps, offsets: [0, 0, 0, 0] }
      const few = everNamed(stepsOf(before))
      const many = everNamed(stepsOf({ ...before, nodes: world.nodes + more }))
      assert.deepEqual(
        [...few].filter((name) => !many.has(name)),
        [],
      )
    }),
    { numRuns: 25 },
  )
})

t.test('a healthy cluster of any shape has no finding', async () => {
  fc.assert(
    fc.property(randomWorlds, (world) => {
      const fleet = fleetAfter(stepsOf({ ...world, mishaps: [], offsets: [0, 0, 0, 0] }))
      assert.deepEqual(
        visibleFindings(fleet).map(({ story }) => story),
        [],
      )
    }),
    { numRuns: 12 },
  )
})

t.test('no input makes it throw', async () => {
  fc.assert(
    fc.property(wildSteps, (steps) => {
      visibleFindings(fleetAfter(steps))
    }),
    { numRuns: 60 },
  )
})

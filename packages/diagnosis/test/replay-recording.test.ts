import assert from 'node:assert/strict'
import type { RecordedLine, RecordingStart } from '@oddnode/protocol'
import fc from 'fast-check'
import t from 'tap'
import { visibleFindings } from '../src/evaluate.ts'
import { createFleet, type Fleet } from '../src/fleet.ts'
import { startRecording } from '../src/recording.ts'
import { replayRecording } from '../src/replay-recording.ts'
import { defaultThresholds, type Thresholds } from '../src/thresholds.ts'
import { randomWorlds, stepsOf, wildSteps } from './random-world.ts'
import { play, type Step } from './script.ts'
import { start } from './world.ts'

/** A recording of these inputs, through JSON as through a file. */
function record(steps: readonly Step[], thresholds: Thresholds = defaultThresholds) {
  const fleet = createFleet(start, thresholds)
  const lines: RecordedLine[] = []
  const recording = startRecording((line) => lines.push(JSON.parse(JSON.stringify(line))), {
    at: start,
    thresholds,
    isCut: false,
  })
  play(fleet, steps, recording)
  const [first] = lines
  if (first?.kind !== 'start') throw new TypeError('a recording begins with its start')
  return { fleet, first, lines }
}
const replay = ({ first, lines }: { first: RecordingStart; lines: readonly RecordedLine[] }) =>
  replayRecording(first, lines)
const bytes = ({ findings }: Fleet) => JSON.stringify([...findings])

const lost = stepsOf({
  nodes: 3,
  mishaps: [{ node: 1, vantage: 'pod', role: 'node-local', wrong: 'timeout', from: 0, rounds: 6 }],
  without: [],
  inKubernetes: true,
  offsets: [],
})

t.test('a recorded incident is told again, from its beginning to its end', async (t) => {
  const recorded = record(lost)
  const { story, findings, deviations, fleet } = replay(recorded)
  t.match(story, [
    { what: 'opened', finding: { fault: 'pods-cannot-reach-node-local-dns', ended: null } },
    { what: 'ended', finding: { fault: 'pods-cannot-reach-node-local-dns' } },
  ])
  t.equal(story[0]?.finding.id, story[1]?.finding.id)
  t.same(findings, [])
  t.same(deviations, [])
  t.equal(fleet.now, recorded.fleet.now)
  const half = recorded.lines.slice(0, recorded.lines.findIndex(({ kind }) => kind === 'findings') + 1)
  t.match(replay({ ...recorded, lines: half }).findings, [{ fault: 'pods-cannot-reach-node-local-dns' }])
})

t.test('who watches sees what stands after each tick, and what it told', async (t) => {
  const { first, lines } = record(lost)
  const seen = new Set<string>()
  let ticks = 0
  replayRecording(first, lines, (fleet, { opened, ended }) => {
    ticks++
    seen.add(`${visibleFindings(fleet).length} stand, ${opened.length} opened, ${ended.length} ended`)
  })
  t.equal(ticks, lines.filter(({ kind }) => kind === 'tick').length)
  t.same([...seen].slice(0, 4), [
    '0 stand, 0 opened, 0 ended',
    '1 stand, 1 opened, 0 ended',
    '1 stand, 0 opened, 0 ended',
    '0 stand, 0 opened, 1 ended',
  ])
})

t.test('whatever happened, a replay tells it byte for byte', async () => {
  fc.assert(
    fc.property(
      fc.oneof(
        randomWorlds.map((world) => stepsOf(world)),
        wildSteps,
      ),
      (steps) => {
        const recorded = record(steps)
        const replayed = replay(recorded)
        assert.deepEqual(replayed.deviations, [])
        assert.equal(bytes(replayed.fleet), bytes(recorded.fleet))
        assert.equal(JSON.stringify(replayed.findings), JSON.stringify(visibleFindings(recorded.fleet)))
      },
    ),
    { numRuns: 25 },
  )
})

t.test('thresholds are those of the recording; one that it does not have yet is as it is by default', async (t) => {
  const strict = record(lost, { ...defaultThresholds, failingSamples: 5 })
  const { fleet, deviations } = replay(strict)
  t.equal(fleet.thresholds.failingSamples, 5)
  t.same(deviations, [])
  const { windowSamples: _, ...older } = strict.first.thresholds
  const first = { ...strict.first, thresholds: { ...older, longGone: 1 } }
  t.same(replay({ ...strict, first }).fleet.thresholds, { ...defaultThresholds, failingSamples: 5 })
})

t.test('a tick that tells something else than when it was recorded is a deviation', async (t) => {
  const recorded = record(lost)
  const silent = recorded.lines.filter(({ kind }) => kind !== 'findings')
  const { deviations } = replay({ ...recorded, lines: silent })
  t.match(deviations, [
    /^at \d+(\.\d+)?: opened pods-cannot-reach-node-local-dns [0-9a-f]{16}, recorded was nothing$/,
    /: ended /,
  ])
  const talkative = recorded.lines.map((line) => (line.kind === 'findings' ? { ...line, opened: [], ended: [] } : line))
  t.equal(replay({ ...recorded, lines: talkative }).deviations.length, 2)
})

t.test('what outlived a restart, a pause and a clock that was set are inputs too', async (t) => {
  const recorded = record(lost)
  const opened = recorded.lines.flatMap((line) => (line.kind === 'findings' ? line.opened : []))
  const memory: RecordedLine = { kind: 'memory', plans: [], agents: [], findings: opened }
  const at = start + 1000
  const first = { ...recorded.first, at: at - 1 }
  const lines: RecordedLine[] = [first, memory, { kind: 'pause', at }, { kind: 'clock-set', at: at + 1 }]
  const { fleet, findings } = replay({ first, lines })
  t.same(findings, opened)
  t.equal(fleet.listeningSince, at)
  t.equal(fleet.clockSince, at + 1)
})

t.test('lines that do not fit each other are refused', async (t) => {
  const recorded = record(lost)
  const planless = recorded.lines.filter(({ kind }) => kind !== 'plan')
  t.throws(
    () => replay({ ...recorded, lines: planless }),
    /^a round of host\/node-1 names the plan [0-9a-f]+, which no line gave$/,
  )
  const cut = recorded.lines.map((line) =>
    line.kind === 'plan' ? { ...line, plan: { ...line.plan, probes: line.plan.probes.slice(0, 2) } } : line,
  )
  t.throws(() => replay({ ...recorded, lines: cut }), /^a round of host\/node-1: \/samples\/probe\/2 /)
})

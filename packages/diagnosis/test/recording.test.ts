import type { RecordedLine } from '@oddnode/protocol'
import { RecordedLine as RecordedLineSchema } from '@oddnode/protocol/schema'
import t from 'tap'
import { Compile } from 'typebox/compile'
import { createFleet } from '../src/fleet.ts'
import { type Recording, startRecording } from '../src/recording.ts'
import { defaultThresholds } from '../src/thresholds.ts'
import { faultCluster } from './faults/fault-world.ts'
import { stepsOf } from './random-world.ts'
import { play } from './script.ts'
import { present, start } from './world.ts'

const check = Compile(RecordedLineSchema)

function recorded(act: (recording: Recording) => void, isCut = false): RecordedLine[] {
  const lines: RecordedLine[] = []
  act(startRecording((line) => lines.push(line), { at: start, thresholds: defaultThresholds, isCut }))
  return lines
}
const lost = stepsOf({
  nodes: 3,
  mishaps: [{ node: 1, vantage: 'pod', role: 'node-local', wrong: 'timeout', from: 0, rounds: 6 }],
  without: [],
  inKubernetes: true,
  offsets: [],
})

t.test('it begins with what the diagnosis hangs on', async (t) => {
  t.same(
    recorded(() => {}),
    [{ kind: 'start', schema: 'oddnode.recording/1', at: start, thresholds: { ...defaultThresholds }, isCut: false }],
  )
  t.match(
    recorded(() => {}, true),
    [{ isCut: true }],
  )
})

t.test('every input is a line, valid as JSON too, and a plan comes once, before the first round of it', async (t) => {
  const lines = recorded((recording) => play(createFleet(start, defaultThresholds), lost, recording))
  for (const line of lines) {
    const copy: unknown = JSON.parse(JSON.stringify(line))
    t.same(copy, line)
    t.ok(check.Check(copy), line.kind)
  }
  const kinds = Map.groupBy(lines, ({ kind }) => kind)
  t.equal(kinds.get('plan')?.length, 2)
  t.equal(kinds.get('round')?.length, lost.filter(({ kind }) => kind === 'round').length)
  t.equal(kinds.get('tick')?.length, lost.filter(({ kind }) => kind === 'tick').length)
  t.equal(kinds.get('cluster')?.length, 1)
  const names = lines.map((line) =>
    line.kind === 'plan' ? line.plan.id : line.kind === 'round' ? line.round.plan : '',
  )
  const unknown = lines.filter((line, i) => line.kind === 'round' && names.indexOf(line.round.plan) >= i)
  t.same(unknown, [])
})

t.test('what a tick told is a line where it told something', async (t) => {
  const lines = recorded((recording) => play(createFleet(start, defaultThresholds), lost, recording))
  const told = lines.flatMap((line, i) => (line.kind === 'findings' ? [{ line, before: lines[i - 1]?.kind }] : []))
  t.match(told, [
    { before: 'tick', line: { opened: [{ fault: 'pods-cannot-reach-node-local-dns' }], ended: [] } },
    { before: 'tick', line: { opened: [], ended: [{ fault: 'pods-cannot-reach-node-local-dns' }] } },
  ])
})

t.test('pauses, clocks that are set, and what outlived a restart', async (t) => {
  const remembered = { plans: new Map(), agents: [], findings: [] }
  const lines = recorded((recording) => {
    recording.memory(remembered)
    recording.cluster(start, faultCluster())
    recording.pause(start + 1)
    recording.clockSet(start + 2)
  })
  t.match(lines.slice(1), [
    { kind: 'memory', plans: [], agents: [], findings: [] },
    { kind: 'cluster', at: start },
    { kind: 'pause', at: start + 1 },
    { kind: 'clock-set', at: start + 2 },
  ])
  t.ok(lines.every((line) => check.Check(line)))
})

t.test('a round is written with what it has, and nothing else', async (t) => {
  const first = present(lost.flatMap((step) => (step.kind === 'round' ? [step.input] : []))[0])
  const { clock: _, facts: __, ...bare } = first.round
  const clockSteps = [{ ageSeconds: 1, seconds: -0.2, asleep: false }]
  const lines = recorded((recording) => {
    recording.round({ ...first, round: bare })
    recording.round({ ...first, round: { ...bare, clockSteps } })
  })
  const [plain, stepped] = lines.flatMap((line) => (line.kind === 'round' ? [line.round] : []))
  t.strictSame(
    ['clock', 'clockSteps', 'facts'].filter((key) => key in present(plain)),
    [],
  )
  t.same(stepped, { ...plain, clockSteps })
  t.ok(lines.every((line) => check.Check(line)))
})

import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createFleet, defaultThresholds, replayRecording } from '@oddnode/diagnosis'
import type { RecordedLine } from '@oddnode/protocol'
import t from 'tap'
import { createEvaluation, type Evaluation } from '../src/evaluation.ts'
import { createHistory } from '../src/history.ts'
import { noRecording, openRecordingFile, type RecordingFile } from '../src/recording-file.ts'
import { clusterOf } from './cluster/cluster-of.ts'
import { boot, clusterPlan, healthy, roundOf, samplesOf, timeout } from './pushing.ts'

const plan = clusterPlan('host')

type Rig = {
  path: string
  file: RecordingFile
  evaluation: Evaluation
  troubles: string[]
  /** So many rounds, with a tick after each. */
  run: (rounds: number, see?: typeof healthy) => void
}

function rig(path: string, maxBytes = 1e9): Rig {
  let now = 1000
  let counter = 0
  const fleet = createFleet(now, defaultThresholds)
  const troubles: string[] = []
  const onTrouble = (sentence: string) => troubles.push(sentence)
  const file = openRecordingFile({ path, maxBytes, fleet, now: () => now, onTrouble })
  const evaluation = createEvaluation({
    fleet,
    history: createHistory(fleet),
    now: () => now,
    record: () => undefined,
    committed: () => null,
    onEvaluation: () => undefined,
    recording: file.recording,
  })
  const run = (rounds: number, see = healthy) => {
    for (let i = 0; i < rounds; i++) {
      now += 15
      const samples = samplesOf(plan, see)
      const round = roundOf(plan, [])
      evaluation.take({ node: 'a', vantage: 'host', boot, counter: counter++, receivedAt: now, round, samples, plan })
      evaluation.tick()
    }
  }
  return { path, file, evaluation, troubles, run }
}

const linesOf = (path: string): RecordedLine[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))

function replay(path: string) {
  const lines = linesOf(path)
  const [start] = lines
  if (start?.kind !== 'start') throw new TypeError('a recording begins with its start')
  return replayRecording(start, lines)
}

t.test('what the findings were decided from is in the file, and is decided alike again', async (t) => {
  const { path, file, evaluation, run } = rig(join(t.testdir(), 'recording'))
  run(5)
  run(8, timeout)
  file.close()
  const { fleet, deviations, story } = replay(path)
  t.ok(story.length > 0)
  t.same(deviations, [])
  t.same([...fleet.findings], [...evaluation.fleet.findings])
  t.equal(statSync(path).mode & 0o777, 0o600, 'it names nodes and addresses')
})

t.test('a killed process loses nothing from before its last tick', async (t) => {
  const { path, evaluation, run } = rig(join(t.testdir(), 'recording'))
  run(5)
  t.equal(linesOf(path).at(-1)?.kind, 'tick')
  t.equal(replay(path).fleet.now, evaluation.fleet.now)
})

t.test('it begins anew over what the file had', async (t) => {
  const path = join(t.testdir({ recording: 'from before\n' }), 'recording')
  const { file } = rig(path)
  file.close()
  t.match(linesOf(path), [{ kind: 'start', isCut: false }])
  t.notOk(existsSync(`${path}.1`))
})

t.test('a file that is too large becomes the one before, and the next begins with what is known', async (t) => {
  const { path, file, evaluation, run } = rig(join(t.testdir(), 'recording'), 15_000)
  evaluation.takeCluster(clusterOf())
  run(5)
  run(8, timeout)
  run(20)
  file.close()
  const [older, newer] = [linesOf(`${path}.1`), linesOf(path)]
  t.match(newer.slice(0, 3), [{ kind: 'start', isCut: true }, { kind: 'memory' }, { kind: 'cluster' }])
  t.equal(newer[3]?.kind, 'tick', 'what a tick tells is in the file that has the tick')
  t.not(older.at(-1)?.kind, 'tick')
  for (const lines of [older, newer])
    t.same(
      lines.filter((line, i) => line.kind === 'findings' && lines[i - 1]?.kind !== 'tick'),
      [],
    )
  const { fleet } = replay(path)
  t.same([...fleet.findings.keys()], [...evaluation.fleet.findings.keys()])
})

t.test('a folder that is not there: said once, and the diagnosis goes on', async (t) => {
  const { file, troubles, evaluation, run } = rig(join(t.testdir(), 'missing', 'recording'))
  t.match(troubles, [/^the recording ends, since its file cannot be written: .*ENOENT/])
  t.equal(file.recording(), null)
  run(5)
  t.equal(evaluation.fleet.agents.size, 1)
  file.close()
  t.equal(troubles.length, 1)
})

const noFullDisk = existsSync('/dev/full') ? false : 'there is no /dev/full'

t.test('a full disk: said once, and the diagnosis goes on', { skip: noFullDisk }, async (t) => {
  const { file, troubles, evaluation, run } = rig('/dev/full')
  run(5)
  t.match(troubles, [/ENOSPC/])
  t.equal(troubles.length, 1)
  t.equal(file.recording(), null)
  t.ok(evaluation.fleet.now > 1000)
  file.close()
})

t.test('a disk that is full at the end throws nothing', { skip: noFullDisk }, async (t) => {
  const { file, troubles } = rig('/dev/full')
  t.doesNotThrow(() => file.close())
  t.equal(troubles.length, 1)
})

t.test('nobody asked for a recording', async (t) => {
  t.equal(noRecording.recording(), null)
  noRecording.close()
})

// Every recording that the lab left here, decided anew: the same findings as then, byte for byte, and the fault that was made to happen named
// alone. Where the diagnosis is meant to tell it otherwise now, `node --conditions=@oddnode/source scripts/retell-incidents.ts` says so here.
import { globSync } from 'node:fs'
import { basename } from 'node:path'
import { type Replayed, replayRecording, visibleFindings } from '@oddnode/diagnosis'
import type { Finding } from '@oddnode/protocol'
import t from 'tap'
import { readRecording } from '../../packages/cli/src/read-recording.ts'
import { allScenarios } from '../lab/all-scenarios.ts'
import { isExpected } from '../lab/open-findings.ts'
import { recordingFile, recordingName } from '../lab/recording.ts'
import type { Scenario } from '../lab/scenario.ts'

const all = await allScenarios()

type Told = Replayed & {
  /** Every finding as it stood after some tick, those that another one explains included, or when it ended. */
  seen: Finding[]
  /** Names that were shown and should not have been, each once. */
  wrong: string[]
}

function replayed(file: string, scenario: Scenario): Told {
  const recording = readRecording(file)
  if ('error' in recording) throw new Error(recording.error)
  const shown: [at: number, finding: Finding][] = []
  const seen = new Set<Finding>()
  const told = replayRecording(recording.start, recording.lines, (fleet) => {
    for (const finding of visibleFindings(fleet)) shown.push([fleet.now, finding])
    for (const finding of fleet.findings.values()) seen.add(finding)
  })
  const since = brokenSince(told, scenario)
  const names = shown.flatMap(([at, { fault }]) => (at >= since ? [fault] : []))
  return { ...told, seen: [...seen], wrong: [...new Set(names)].filter((name) => !isAllowed(scenario, name)) }
}

/** What was told before that belongs to a cluster that boots: who has not pushed yet is not observed. */
function brokenSince({ story }: Replayed, { fault }: Scenario): number {
  return story.reduce((first, { finding }) => {
    return finding.fault === fault ? Math.min(first, Date.parse(finding.since) / 1000) : first
  }, Infinity)
}

const isAllowed = ({ fault, expect }: Scenario, name: string): boolean =>
  name === fault || expect.beside?.includes(name) === true

const byName = new Map(all.map((scenario) => [recordingName(scenario, all), scenario]))

for (const file of globSync(recordingFile('*')).sort()) {
  const scenario = byName.get(basename(file, '.jsonl.gz'))
  if (scenario === undefined) throw new Error(`${file} is the recording of no scenario`)
  t.test(`${scenario.fault}: ${scenario.how}`, async (t) => {
    const { seen, findings, deviations, wrong } = replayed(file, scenario)
    t.same(deviations, [], 'the same as when it was recorded, byte for byte')
    const named = seen.filter(({ fault }) => fault === scenario.fault)
    t.ok(
      named.some((finding) => isExpected(scenario, finding)),
      `named where it is, in its words: ${[...new Set(named.map(({ story }) => story))].join(' ')}`,
    )
    t.same(wrong, [], 'alone')
    t.notOk(
      findings.some(({ fault }) => fault === scenario.fault),
      'and over',
    )
  })
}

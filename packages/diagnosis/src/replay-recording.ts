import { decodeSamples, type Finding, type Plan, type RecordedLine, type RecordingStart } from '@oddnode/protocol'
import { applyCluster, applyRound, applyTick } from './apply.ts'
import { visibleFindings } from './evaluate.ts'
import { createFleet, type Fleet } from './fleet.ts'
import { applyClockSet, applyPause } from './interruptions.ts'
import { type RememberedAgent, remember } from './remember.ts'
import { defaultThresholds, type Thresholds } from './thresholds.ts'

/** What a replay came to. */
export type Replayed = {
  fleet: Fleet
  /** Findings as they opened and ended, in order; a finding that came back is there twice. */
  story: { at: number; what: 'opened' | 'ended'; finding: Finding }[]
  /** What stands at the end. */
  findings: Finding[]
  /** Ticks that told something else than when they were recorded, in words. */
  deviations: string[]
}

/** Sees each tick of a replay, and what it told. */
export type AfterTick = (fleet: Fleet, told: Told) => void

/**
 * Replays a recording: the same inputs give the same findings, byte for byte.
 * @param lines checked against `RecordedLine`, the first one a `start`
 * @param afterTick sees what stands after each tick, which the story alone does not say: a finding may be explained by another
 * @throws RangeError where lines do not fit each other: a round of a plan that no line before it gave
 */
export function replayRecording(
  start: RecordingStart,
  lines: Iterable<RecordedLine>,
  afterTick: AfterTick = () => {},
): Replayed {
  const fleet = createFleet(start.at, thresholdsOf(start))
  const plans = new Map<string, Plan>()
  const replayed: Replayed = { fleet, story: [], findings: [], deviations: [] }
  let told: Told = nothingTold
  for (const line of lines) {
    if (line.kind === 'findings') {
      replayed.deviations.push(...deviationsOf(told, line, fleet.now))
      told = nothingTold
    } else {
      if (told !== nothingTold) replayed.deviations.push(...deviationsOf(told, nothingTold, fleet.now))
      told = feed(replayed, plans, line)
      if (line.kind === 'tick') afterTick(fleet, told)
    }
  }
  return { ...replayed, findings: visibleFindings(fleet) }
}

/** What a tick told: findings that opened or came back, and that ended. */
export type Told = { opened: readonly Finding[]; ended: readonly Finding[] }
const nothingTold: Told = { opened: [], ended: [] }

function feed(replayed: Replayed, plans: Map<string, Plan>, line: Exclude<RecordedLine, { kind: 'findings' }>): Told {
  const { fleet } = replayed
  switch (line.kind) {
    case 'start':
      return nothingTold
    case 'plan':
      plans.set(line.plan.id, line.plan)
      return nothingTold
    case 'round':
      feedRound(fleet, plans, line)
      return nothingTold
    case 'cluster':
      applyCluster(fleet, line.at, line.cluster)
      return nothingTold
    case 'pause':
      applyPause(fleet, line.at)
      return nothingTold
    case 'clock-set':
      applyClockSet(fleet, line.at)
      return nothingTold
    case 'memory': {
      for (const plan of line.plans) plans.set(plan.id, plan)
      const agents = line.agents as RememberedAgent[]
      remember(fleet, { plans, agents, findings: line.findings }, (plan) => plan)
      return nothingTold
    }
    case 'tick': {
      const { opened, ended } = applyTick(fleet, line.at).findings
      for (const finding of opened) replayed.story.push({ at: line.at, what: 'opened', finding })
      for (const finding of ended) replayed.story.push({ at: line.at, what: 'ended', finding })
      return opened.length + ended.length > 0 ? { opened, ended } : nothingTold
    }
  }
}

function feedRound(
  fleet: Fleet,
  plans: ReadonlyMap<string, Plan>,
  line: Extract<RecordedLine, { kind: 'round' }>,
): void {
  const { at, node, vantage, boot, counter, round } = line
  const plan = plans.get(round.plan)
  if (plan === undefined)
    throw new RangeError(`a round of ${vantage}/${node} names the plan ${round.plan}, which no line gave`)
  const samples = decodeSamples(round, plan.probes.length)
  if (!Array.isArray(samples))
    throw new RangeError(`a round of ${vantage}/${node}: ${samples.pointer} ${samples.detail}`)
  applyRound(fleet, { node, vantage, boot, counter, receivedAt: at, round, samples, plan })
}

/** Thresholds that this version has and the recording does not are as they are by default. */
function thresholdsOf({ thresholds }: RecordingStart): Thresholds {
  const known = Object.keys(defaultThresholds) as (keyof Thresholds)[]
  const given = known.flatMap((name) => (thresholds[name] === undefined ? [] : [[name, thresholds[name]] as const]))
  return { ...defaultThresholds, ...Object.fromEntries(given) }
}

function deviationsOf(told: Told, recorded: Told, at: number): string[] {
  return (['opened', 'ended'] as const).flatMap((what) => {
    const [now, then] = [told[what], recorded[what]].map((findings) => JSON.stringify(findings))
    if (now === then) return []
    const names = (findings: readonly Finding[]) =>
      findings.map(({ id, fault }) => `${fault} ${id}`).join(', ') || 'nothing'
    return [`at ${at}: ${what} ${names(told[what])}, recorded was ${names(recorded[what])}`]
  })
}

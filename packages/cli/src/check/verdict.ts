import { countWords, listWords, ofWords, transportWords } from '@oddnode/diagnosis'
import type { State, Target } from '@oddnode/protocol'
import type { CheckReport, Seen } from './check-report.ts'
import type { ProbeResult } from './probe-result.ts'
import { isTrap, subjectWords } from './subject-words.ts'

/** What is wrong, in one clause. */
type Fault = { state: 'failing' | 'degraded'; words: string }

/** The last line of a check: the worst of what is wrong, or what was looked at and is well. Never well without an answer. */
export function verdictOf(seen: Seen): CheckReport['verdict'] {
  const { probes } = seen
  const faults = faultsOf(seen)
  const [worst, ...rest] = faults
  if (worst !== undefined) {
    const more = rest.length > 0 ? ` And ${rest.length} more above.` : ''
    return { state: worst.state, sentence: `${atStart(worst.words)}${besides(probes)}.${more}` }
  }
  const told = probes.filter(({ state, target }) => state !== 'no-data' && !isTrap(target))
  return told.length === 0
    ? { state: 'no-data', sentence: unknownSentence(probes) }
    : { state: 'ok', sentence: wellSentence(seen, told) }
}

/** Nobody was asked, or what they said settles nothing: it cannot be told, which is not the same. */
function unknownSentence(probes: readonly ProbeResult[]): string {
  const answering = probes.filter(({ answered, target }) => answered > 0 && !isTrap(target))
  if (answering.length === 0) return 'Nothing is known: no server could be asked from here.'
  const said = [...new Set(answering.map(({ target, rcode }) => `${subjectWords(target)} answers ${rcode}`))]
  return `It cannot be told: ${listWords(said, 3)} for a name that does not exist, as one does that cannot ask further. Name one that must exist (--name NAME).`
}

function faultsOf({ probes, clocks, checks }: Seen): Fault[] {
  const targets = [...new Map(probes.map(({ target }) => [keyOf(target), target])).values()]
  const faults = [
    ...targets.flatMap((target) =>
      targetFault(
        target,
        probes.filter((probe) => keyOf(probe.target) === keyOf(target)),
      ),
    ),
    ...clocks.flatMap(({ server, state, words }) => faultOf(state, `this clock against ${server}: ${words}`)),
    ...checks.flatMap(({ passed, detail }) => faultOf(passed === false ? 'degraded' : 'ok', detail.replace(/\.$/, ''))),
  ]
  return faults.toSorted((a, b) => Number(b.state === 'failing') - Number(a.state === 'failing'))
}

const faultOf = (state: State, words: string): Fault[] =>
  state === 'failing' || state === 'degraded' ? [{ state, words }] : []

/** `node-local DNS 169.254.20.10: no answer in 5 s over UDP, over TCP it answers` */
function targetFault(target: Target, probes: readonly ProbeResult[]): Fault[] {
  const state = (['failing', 'degraded'] as const).find((one) => probes.some((probe) => probe.state === one))
  if (state === undefined) return []
  const bad = probes.filter((probe) => probe.state === state)
  const well = probes.filter((probe) => probe.state === 'ok')
  const clauses = [...Map.groupBy(bad, ({ words }) => words)].map(
    ([words, alike]) => `${words} over ${transportsOf(alike)}${questionsOf(alike, well)}${timesOf(state, alike)}`,
  )
  const spared = (['udp', 'tcp'] as const).filter(
    (one) => !bad.some(({ transport }) => transport === one) && well.some(({ transport }) => transport === one),
  )
  const rest = spared.length === 0 ? '' : `, over ${transportWords(spared)} it answers`
  return [{ state, words: `${subjectWords(target)}: ${clauses.slice(0, 2).join('; ')}${rest}` }]
}

const transportsOf = (probes: readonly ProbeResult[]): string =>
  transportWords(probes.map(({ transport }) => transport))

/** Which questions, where others of the same transport are answered. */
function questionsOf(bad: readonly ProbeResult[], well: readonly ProbeResult[]): string {
  const isPart = bad.some(({ transport }) => well.some((other) => other.transport === transport))
  return isPart ? ` (${listWords([...new Set(bad.map(({ question }) => question))])})` : ''
}

/** How often, where it was not each time. */
function timesOf(state: Fault['state'], probes: readonly ProbeResult[]): string {
  if (state === 'failing') return ''
  const [asked, bad] = [
    sum(probes, ({ asked }) => asked),
    sum(probes, ({ outcome, outcomes }) => outcomes[outcome] ?? 0),
  ]
  return `, ${bad} of ${countWords(asked, 'time')}`
}

const sum = (probes: readonly ProbeResult[], of: (probe: ProbeResult) => number): number =>
  probes.reduce((total, probe) => total + of(probe), 0)

/** Who is well beside it: the difference is the finding. */
function besides(probes: readonly ProbeResult[]): string {
  const well = wellSubjects(probes)
  return well.length === 0 ? '' : `; ${listWords(well, 3)} ${well.length === 1 ? 'answers' : 'answer'}`
}

function wellSubjects(probes: readonly ProbeResult[]): string[] {
  const servers = probes.filter(({ target }) => !isTrap(target))
  const byTarget = [...Map.groupBy(servers, ({ target }) => subjectWords(target))]
  return byTarget.filter(([, all]) => all.every(({ state }) => state === 'ok')).map(([subject]) => subject)
}

function wellSentence({ probes, clocks, notLookedAt }: Seen, told: readonly ProbeResult[]): string {
  const well = wellSubjects(probes)
  const time = clocks.some(({ state }) => state === 'ok') ? ', and this clock is right' : ''
  const answered = `${listWords(well, 4)} ${well.length === 1 ? 'answers' : 'answer'} well, ${ofWords(told.length, probes.length, 'probe')}${time}`
  return `As far as was looked at: ${answered}. Not looked at: ${countWords(notLookedAt.length, 'thing')}, listed above.`
}

const keyOf = ({ address, port }: Target): string => `${address} ${port}`

const atStart = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1)

import {
  expectedRcodes,
  type Outcome,
  type Question,
  type Role,
  rcodeName,
  type Transport,
  type Vantage,
} from '@oddnode/protocol'
import type { ProbeState } from './window.ts'

const roleWords: Readonly<Record<Role, string>> = {
  'node-local': 'node-local DNS',
  'cluster-dns': 'cluster DNS',
  'cluster-dns-upstream': 'cluster DNS upstream',
  endpoint: 'CoreDNS endpoint',
  upstream: 'upstream resolver',
  'resolv-conf': 'resolv-conf',
  'api-server': 'the API server',
}

/** Who is asked, e.g. `node-local DNS 169.254.20.10`. */
export function targetWords(target: { role: Role; address: string }): string {
  return `${roleWords[target.role]} ${target.address}`
}

/** Who asks: `pods` or `host processes`. */
export function vantageWords(vantage: Vantage): string {
  return vantage === 'pod' ? 'pods' : 'host processes'
}

/** What an agent of a vantage is called among the parts of Kubernetes (`app.kubernetes.io/component`). */
export const agentComponent = (vantage: Vantage): string => `agent-${vantage}`

/** `UDP`, `TCP` or `UDP and TCP`. */
export function transportWords(transports: readonly Transport[]): string {
  return (['udp', 'tcp'] as const)
    .filter((transport) => transports.includes(transport))
    .map((transport) => transport.toUpperCase())
    .join(' and ')
}

/** `a`, `a and b`, `a, b and c`; of more than `most` the first ones and how many more. */
export function listWords(items: readonly string[], most = 5): string {
  if (items.length > most) return `${items.slice(0, most - 1).join(', ')} and ${items.length - most + 1} more`
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
}

/** `1 node`, `3 nodes`. */
export function countWords(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** A share as a person says it: `20 %`, `0.4 %`, `none`. @param share 0 to 1 */
export function percentWords(share: number): string {
  return share === 0 ? 'none' : `${round(share * 100)} %`
}

/** `1 of 3 nodes`. */
export function ofWords(part: number, whole: number, noun: string): string {
  return `${part} of ${countWords(whole, noun)}`
}

/** A length of time as a person says it: `0.4 ms`, `94 s`, `3 min`, `2 h`, `9 d`. Sign is left out. */
export function durationWords(seconds: number): string {
  const size = Math.abs(seconds)
  if (size < 0.001) return `${round(size * 1e6)} µs`
  if (size < 1) return `${round(size * 1000)} ms`
  if (size < 600) return `${round(size)} s`
  if (size < 7200) return `${round(size / 60)} min`
  if (size < 172_800) return `${round(size / 3600)} h`
  return `${round(size / 86_400)} d`
}

/** Two significant digits below ten, else whole. */
function round(value: number): string {
  return value < 10 ? String(Number(value.toPrecision(2))) : String(Math.round(value))
}

/** `ahead of` or `behind`. */
export function directionWords(offsetSeconds: number): string {
  return offsetSeconds < 0 ? 'behind' : 'ahead of'
}

/** An instant as RFC 3339 in UTC with milliseconds. @param seconds Unix time */
export function instant(seconds: number): string {
  return new Date(Math.round(seconds * 1000)).toISOString()
}

/** An instant for a sentence: `2026-11-21 09:29:12 UTC`. @param seconds Unix time */
export function instantWords(seconds: number): string {
  return `${instant(seconds).slice(0, 19).replace('T', ' ')} UTC`
}

/** What a probe that is not well gets: the commonest outcome that is not an answer, else the RCODE, e.g. `timeout` or `SERVFAIL`. */
export function failureWords(state: Pick<ProbeState, 'outcomes' | 'rcode'>): string {
  const outcome = worstOutcome(state.outcomes)
  if (outcome !== null) return outcome
  return state.rcode === null ? 'no answer' : rcodeName(state.rcode)
}

function worstOutcome(outcomes: ProbeState['outcomes']): Outcome | null {
  const failures = (Object.entries(outcomes) as [Outcome, number][])
    .filter(([outcome]) => outcome !== 'answered' && outcome !== 'late' && outcome !== 'local-error')
    .sort(([, m], [, n]) => n - m)
  return failures[0]?.[0] ?? null
}

const silent: ReadonlySet<string> = new Set<Outcome>(['timeout', 'refused', 'unreachable', 'denied', 'closed'])

/** Whether `failureWords` say that nothing came that could be read as an answer. */
export const isSilence = (failure: string): boolean => silent.has(failure)

/** The same for a sentence that has nothing to compare with: `no answer (timeout)`, `SERVFAIL instead of NOERROR`. */
export function plainFailureWords(failure: string, expected: string): string {
  return isSilence(failure) ? `no answer (${failure})` : `${failure} instead of ${expected}`
}

/** What a question is answered with where all is well. */
export function expectedWords(question: Question): string {
  const expected = expectedRcodes[question]
  if (expected === null) return 'an answer'
  return expected.length === 0 ? 'no answer' : expected.map(rcodeName).join(' or ')
}

/** The same, to begin a sentence with. */
export const capitalized = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1)

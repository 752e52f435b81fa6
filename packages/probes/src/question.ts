import type { Names, PlannedProbe } from '@oddnode/protocol'
import type { WireQuestion } from './probe.ts'

/** Names that do not exist, asked in turn, so that no negative cache (5 to 30 s) answers the next one. */
const MISSING_NAMES = 16
const INVALID_DIGITS = 16

/**
 * What a probe of the plan asks on the wire. Always an absolute name: no search list is ever walked.
 *
 * @param turn how often this probe was asked before: `missing` goes through its names in turn
 * @param random in [0, 1), for `invalid` and `case`
 * @returns null where a name that it needs is unknown, and for what is no DNS. `pair` is its A half.
 */
export function questionFor(
  { question, name }: Pick<PlannedProbe, 'question' | 'name'>,
  names: Names,
  turn: number,
  random: () => number = Math.random,
): WireQuestion | null {
  switch (question) {
    case 'kubernetes':
    case 'pair':
      return address(underCluster('kubernetes.default.svc', names))
    case 'version':
      return typed(underCluster('dns-version', names), 'TXT')
    case 'soa':
      return typed(names.clusterDomain ?? '', 'SOA')
    case 'missing':
      return address(missing(names, turn))
    case 'external':
    case 'trap':
      return address(names.external)
    case 'canary':
      return address(names.canary)
    case 'invalid':
      return address(`${hexadecimal(INVALID_DIGITS, random)}.invalid`)
    case 'case':
      return mixedCase(address(underCluster('kubernetes.default.svc', names)), random)
    case 'identity':
      // RFC 4892 section 2.1.
      return { name: 'id.server', type: 'TXT', class: 'CH' }
    case 'large':
    case 'wildcard':
      return address(name ?? null)
    case 'connect':
    case 'reach':
    case 'health':
      return null
  }
}

const typed = (name: string | null, type: WireQuestion['type']): WireQuestion | null =>
  name === null ? null : { name: name.replace(/\.$/, ''), type, class: 'IN' }

const address = (name: string | null) => typed(name, 'A')

const underCluster = (name: string, { clusterDomain }: Names) =>
  clusterDomain === null ? null : `${name}.${clusterDomain}`

const missing = (names: Names, turn: number) =>
  names.namespace === null ? null : underCluster(`p${turn % MISSING_NAMES}.${names.namespace}.svc`, names)

const hexadecimal = (digits: number, random: () => number) =>
  Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('')

function mixedCase(question: WireQuestion | null, random: () => number): WireQuestion | null {
  if (question === null) return null
  const name = question.name.replace(/[a-z]/gi, (letter) =>
    random() < 0.5 ? letter.toUpperCase() : letter.toLowerCase(),
  )
  return { ...question, name }
}

import { type Role, rcodeName, type Transport, type Vantage } from '@oddnode/protocol'
import { addressClass } from './answers.ts'
import type { Cell } from './cell.ts'
import { cellState, type OddCell } from './differences.ts'
import type { OddMatter } from './odd-matter.ts'
import {
  countWords,
  expectedWords,
  failureWords,
  isSilence,
  listWords,
  plainFailureWords,
  targetWords,
  transportWords,
  vantageWords,
} from './words.ts'

/** What some cells get, from one target: what they have in common as one phrase. */
type Phrase = {
  vantages: Vantage[]
  target: { role: Role; address: string }
  /** What is got, e.g. `timeout`, `SERVFAIL`, `answer 192.0.2.1`. */
  got: string
  /** What is got elsewhere, or should be. */
  wanted: string
  transports: Transport[]
  /** Questions, where others to the same target over the same transports are well; else empty. */
  questions: string[]
}

/** Phrases that a sentence holds, and letters of them: the first one is told however long. */
const MOST_PHRASES = 4
const MOST_LETTERS = 300

/** What is odd, where, and against what: a sentence without its full stop. */
export function differenceStory({ scope, cells, shown }: OddMatter): string {
  const phrases = phrasesOf(shown)
  const nodes = listWords(scope.nodes)
  const asking = countWords(
    cells.reduce((most, cell) => Math.max(most, cell.asking), 0),
    'node',
  )
  switch (scope.kind) {
    case 'endpoint':
      return `${listTargets(phrases)} fails from all ${asking} that ask it: ${listFew(phrases.map((phrase) => `${compared(phrase)}${means(phrase)}`))}`
    case 'cluster':
      return `All ${asking} that ask are alike: ${tell(phrases, compared)}`
    default:
      if (cells.some(({ undecided }) => undecided)) return `${nodes} differ from each other: ${answersApart(shown)}`
      return comparedOrAlone(cells, phrases, nodes, scope.nodes.length)
  }
}

/** What is odd and where, in a few words. */
export function differenceTitle({ scope, shown }: OddMatter): string {
  const phrases = phrasesOf(shown)
  const targets = listTargets(phrases)
  const fail = new Set(phrases.map(({ target }) => targetWords(target))).size === 1 ? 'fails' : 'fail'
  if (scope.kind === 'endpoint') return `${targets} ${fail} from every node`
  if (scope.kind === 'cluster') return `${targets} ${fail} on every node`
  return `${listWords(scope.nodes)}: ${listWords([...new Set(phrases.map(({ got }) => got))])} from ${targets}`
}

function comparedOrAlone(cells: readonly OddCell[], phrases: readonly Phrase[], nodes: string, count: number): string {
  const healthy = cells.reduce((most, cell) => Math.max(most, cell.comparable), 0)
  if (healthy === 0) return tell(phrases, (phrase) => alone(phrase, nodes, count))
  const verb = count === 1 ? 'differs' : 'differ'
  return `${nodes} ${verb} from ${countWords(healthy, 'comparable node')}: ${tell(phrases, compared)}`
}

/** `pods get timeout instead of NOERROR` */
const compared = ({ vantages, got, wanted }: Phrase): string =>
  `${vantages.map(vantageWords).join(' and ')} get ${got} instead of ${wanted}`

/** `node resolver-host gets no answer (timeout)` */
function alone({ vantages, got, wanted }: Phrase, nodes: string, count: number): string {
  const hosts = count === 1 ? `node ${nodes} gets` : `nodes ${nodes} get`
  const pods = vantages.length > 1 ? `${nodes} and pods there get` : `pods on ${nodes} get`
  return `${vantages.includes('pod') ? pods : hosts} ${plainFailureWords(got, wanted)}`
}

/** Who gets what, then from whom; who gets what is said once for phrases that follow each other. */
function tell(phrases: readonly Phrase[], whatOf: (phrase: Phrase) => string): string {
  const clauses = phrases.map((phrase, i) => {
    const before = phrases[i - 1]
    const what = before !== undefined && whatOf(before) === whatOf(phrase) ? '' : `${whatOf(phrase)} `
    return `${what}from ${targetWords(phrase.target)}${means(phrase)}`
  })
  return listFew(clauses)
}

/** As many as a reader takes in; the rows show the others. */
function listFew(clauses: readonly string[]): string {
  const lettersUpTo = (last: number) => clauses.slice(0, last + 1).join('').length
  const tooMuch = clauses.findIndex((_, i) => i > 0 && lettersUpTo(i) > MOST_LETTERS)
  return listWords(clauses, tooMuch === -1 ? MOST_PHRASES : Math.min(MOST_PHRASES, tooMuch + 1))
}

/** ` over UDP and TCP for external` */
function means({ transports, questions }: Phrase): string {
  return ` over ${transportWords(transports)}${questions.length === 0 ? '' : ` for ${listWords(questions)}`}`
}

function listTargets(phrases: readonly Phrase[]): string {
  return listWords([...new Set(phrases.map(({ target }) => targetWords(target)))], MOST_PHRASES)
}

/** Which node gets which answer, where there is no majority. */
function answersApart(cells: readonly OddCell[]): string {
  const first = cells[0] as OddCell
  const same = cells.filter(({ vantage, target, planned }) => {
    const { transport, question } = first.planned
    return (
      vantage === first.vantage &&
      target === first.target &&
      planned.transport === transport &&
      planned.question === question
    )
  })
  const answers = (same.length > 1 ? same : cells).map((cell) => `${cell.node} gets ${answerWords(cell)}`)
  return `from ${targetWords(first.target)} ${listWords(answers)} over ${transportWords([first.planned.transport])} for ${first.planned.question}; which is right cannot be told`
}

function phrasesOf(cells: readonly OddCell[]): Phrase[] {
  const alike = Map.groupBy(cells, (cell) =>
    [cell.vantage, cell.target.role, cell.target.address, gotBy(cell), wantedBy(cell)].join('\n'),
  )
  const phrases = [...alike.values()].map(phraseOf)
  const merged = Map.groupBy(phrases, ({ vantages: _, ...rest }) => JSON.stringify(rest))
  return [...merged.values()].map((same) => ({
    ...(same[0] as Phrase),
    vantages: same.flatMap(({ vantages }) => vantages),
  }))
}

function phraseOf(cells: readonly OddCell[]): Phrase {
  const cell = cells[0] as OddCell
  const transports = (['udp', 'tcp'] as const).filter((transport) =>
    cells.some(({ planned }) => planned.transport === transport),
  )
  const questions = [...new Set(cells.map(({ planned }) => planned.question))]
  return {
    vantages: [cell.vantage],
    target: { role: cell.target.role, address: cell.target.address },
    got: gotBy(cell),
    wanted: wantedBy(cell),
    transports,
    questions: asksMore(cell, transports, questions) ? questions : [],
  }
}

/** Whether the agent asks this target other questions too, over these transports, in each round: rare ones tell no path from another. */
function asksMore({ agent, planned }: Cell, transports: readonly Transport[], questions: readonly string[]): boolean {
  return agent.plan.probes.some(
    (other) =>
      other.target === planned.target &&
      other.everySeconds === 0 &&
      !other.onlyAfterTruncation &&
      transports.includes(other.transport) &&
      !questions.includes(other.question),
  )
}

function gotBy(cell: OddCell): string {
  return cell.kind === 'failing' ? failureWords(cellState(cell)) : answerWords(cell)
}

function wantedBy(cell: OddCell): string {
  const [healthy] = cell.healthy
  // Where nothing came at all, which answer was expected is no news: questions that fail alike are told in one phrase.
  if (cell.kind === 'failing' && isSilence(gotBy(cell))) return 'an answer'
  if (cell.kind === 'differing') return healthy === undefined ? 'another answer' : answerWords(healthy)
  const rcode = healthy === undefined ? null : cellState(healthy).rcode
  return rcode === null ? expectedWords(cell.planned.question) : rcodeName(rcode)
}

function answerWords(cell: Cell): string {
  const { answers, ttlStays } = cellState(cell)
  if (answers.length === 0) return 'an empty answer'
  const ttl = ttlStays ? ' with a TTL that does not count down' : ''
  if (cell.planned.question !== 'external') return `answer ${listWords(answers, 3)}${ttl}`
  return `${[...new Set(answers.map(addressClass))].sort().join(' and ')} addresses`
}

import { type Confidence, commandOf, type Scope, type Severity, type Target } from '@oddnode/protocol'
import type { Cell } from './cell.ts'
import type { Candidate, Fault, View } from './fault.ts'
import type { Fleet } from './fleet.ts'
import { healthyBeside } from './peers.ts'
import { clusterScope, endpointScope, scopeOfNodes } from './scope.ts'
import { shellWord } from './shell-word.ts'
import type { Sight } from './sight.ts'
import { fill } from './template.ts'
import { all, type Truth } from './truth.ts'
import { instantWords, listWords } from './words.ts'

/** One thing that may be at fault where a rule looks: what of it fails, and since when. A rule adds what its conditions need. */
export type Case = {
  /** When it began, in seconds on the aggregator's clock; Infinity while nothing fails yet: then there is no finding. */
  since: number
  /** The rows of the matrix that show it; [] where it does not show there. */
  evidence: readonly Cell[]
  /** Other cells that it accounts for. */
  explains?: readonly Cell[]
}

/** Conditions by what they say. */
export type Conditions<S, C extends Case> = Readonly<Record<string, (one: C, sight: S) => Truth>>

/** What several places that show the same are told with. */
export type Told<C extends Case> = {
  /** One for each place, in the order of their names; of very many the first ones, which tell as much. */
  cases: readonly [C, ...C[]]
  /** Names of the nodes; [] of a server or of the whole cluster. */
  nodes: readonly string[]
  scope: Scope
  fleet: Fleet
  at: number
}

/** A rule as a fault's file states it. */
export type Statement<S, C extends Case> = {
  cases: (sight: S) => readonly C[]
  /** All must hold, surely. */
  signature: Conditions<S, C>
  /** None may be known not to hold; without data for one of them the finding is only `possible`. */
  supportedBy?: Conditions<S, C>
  /** A look-alike that cannot be excluded: the finding is `likely`. */
  isLikely?: (one: C, sight: S) => boolean
  /** Places with the same are told as one finding; '' if absent. */
  sameness?: (one: C) => string
  /** Where it is; absent: the nodes, or the server. */
  scope?: (cases: readonly [C, ...C[]], nodes: readonly string[], view: View) => Scope
  severity: Severity | ((told: Told<C>) => Severity)
  /** Texts with `{word}` where a value goes. Always known: {nodes}, {node} (the first), {domain}, {since}. */
  title: string
  story: string
  /** Where this form has another cause than the fault has commonly. */
  cause?: string
  confirm: readonly string[]
  values?: (told: Told<C>) => Record<string, string>
}

/** A server as a signature looks at it. */
export type TargetSight = View & { target: Target }

/** One place where a rule holds. */
export type Match = {
  /** The node's name, the server's key, or '' for the whole fleet. */
  place: string
  sameness: string
  confidence: Confidence
  one: Case
}

/** What a condition is taken for. @param says its words @param known what is known of it */
export type Taken = (says: string, known: Truth) => Truth

/** What a fault says alike in all of its forms. */
export type CauseAndRemedy = Pick<Fault, 'cause' | 'remedy'>

/** A rule without its types, as the evaluation runs it. */
export type Rule<S = never> = {
  /** What must hold, in words. */
  conditions: readonly string[]
  texts: { title: string; story: string; cause: string | null; confirm: readonly string[] }
  /**
   * @param taken what is known of a condition is taken for something else: how the tests are tested
   * @param undecided where cases are put of which a condition waits, and none fails
   */
  match: (sight: S, place: string, taken?: Taken, undecided?: Case[]) => Match[]
  /** Matches of one sameness, in the order of their places; at least one. */
  tell: (matches: readonly Match[], view: View, fault: CauseAndRemedy) => Candidate
}

export type NodeRule = Rule<Sight> & { looksAt: 'node' }
export type TargetRule = Rule<TargetSight> & { looksAt: 'target' }
export type FleetRule = Rule<View> & { looksAt: 'fleet' }
export type AnyRule = NodeRule | TargetRule | FleetRule

/** A fault that shows on nodes, each by itself. */
export function nodeRule<C extends Case>(statement: Statement<Sight, C>): NodeRule {
  const scopeOf: ScopeOf<C> = (_, nodes, { fleet }) => scopeOfNodes(fleet, nodes)
  return { looksAt: 'node', ...ruleOf(statement, statement.scope ?? scopeOf, (places) => places) }
}

/** A fault of one server, whoever asks it. */
export function targetRule<C extends Case & { target: Target }>(statement: Statement<TargetSight, C>): TargetRule {
  const scopeOf: ScopeOf<C> = ([{ target }]) =>
    endpointScope({ role: target.role, address: target.address, pod: null, node: null })
  return { looksAt: 'target', ...ruleOf(statement, statement.scope ?? scopeOf, () => []) }
}

/** A fault that only the whole shows; its cases name the nodes or the server themselves, by `scope`. */
export function fleetRule<C extends Case>(statement: Statement<View, C>): FleetRule {
  const scopeOf: ScopeOf<C> = () => clusterScope()
  return { looksAt: 'fleet', ...ruleOf(statement, statement.scope ?? scopeOf, () => []) }
}

type ScopeOf<C extends Case> = NonNullable<Statement<never, C>['scope']>

function ruleOf<S, C extends Case>(
  statement: Statement<S, C>,
  scopeOf: ScopeOf<C>,
  nodesOf: (places: readonly string[]) => readonly string[],
): Rule<S> {
  const { signature, supportedBy = {}, title, story, cause = null, confirm } = statement
  return {
    conditions: [...Object.keys(signature), ...Object.keys(supportedBy)],
    texts: { title, story, cause, confirm },
    match: (sight, place, taken, undecided) =>
      statement.cases(sight).flatMap((one): Match[] => {
        const confidence = confidenceOf(statement, one, sight, taken)
        if (confidence === 'wait') undecided?.push(one)
        if (confidence === null || confidence === 'wait') return []
        return [{ place, sameness: statement.sameness?.(one) ?? '', confidence, one }]
      }),
    tell: (matches, view, fault) => {
      const [first, ...rest] = matches.slice(0, MOST_TOLD).map(({ one }) => one as C)
      if (first === undefined) throw new RangeError('a finding needs a match')
      const cases: readonly [C, ...C[]] = [first, ...rest]
      const nodes = nodesOf([...new Set(matches.map(({ place }) => place))])
      const scope = scopeOf(cases, nodes, view)
      const told: Told<C> = { cases, nodes, scope, fleet: view.fleet, at: view.at }
      const since = matches.reduce((start, { one }) => Math.min(start, one.since), Infinity)
      const values = { ...standardValues(told, since), ...statement.values?.(told) }
      return {
        scope,
        severity: typeof statement.severity === 'function' ? statement.severity(told) : statement.severity,
        confidence: weakestOf(matches.map((match) => match.confidence)),
        title: fill(title, values),
        story: fill(story, values),
        since,
        evidence: rowsOf(view.fleet, cases),
        cause: fill(cause ?? fault.cause, values),
        confirm: confirm.filter((one) => canBeRun(one, view)).map((command) => fill(command, inCommands(values))),
        remedy: fill(fault.remedy, values),
      }
    },
  }
}

/** Where nobody tells what the cluster is, as on a lone machine, there is nothing for kubectl to talk to. */
const canBeRun = (command: string, { fleet }: View): boolean =>
  fleet.cluster !== null || !commandOf(command).text.startsWith('kubectl ')

function confidenceOf<S, C extends Case>(
  { signature, supportedBy = {}, isLikely }: Statement<S, C>,
  one: C,
  sight: S,
  taken: Taken = (_, known) => known,
): Confidence | 'wait' | null {
  const truthOf = ([says, holds]: [string, (one: C, sight: S) => Truth]): Truth => taken(says, holds(one, sight))
  // What never began is nothing (`failingSince` of cells none of which fails), whatever conditions without data say of it.
  if (!Number.isFinite(one.since)) return null
  // In their order, up to the first that does not hold: most nodes are well, and fail the first one.
  let waits = false
  for (const condition of Object.entries(signature)) {
    const known = truthOf(condition)
    if (known === 'no' || known === 'no-data') return null
    waits ||= known === 'wait'
  }
  const support = all(...Object.entries(supportedBy).map(truthOf))
  if (support === 'no') return null
  if (waits || support === 'wait') return 'wait'
  if (support === 'no-data') return 'possible'
  return isLikely?.(one, sight) === true ? 'likely' : 'certain'
}

/** More places than these add nothing to a sentence. */
const MOST_TOLD = 50

const confidences: readonly Confidence[] = ['possible', 'likely', 'certain']
const weakestOf = (all: readonly Confidence[]): Confidence =>
  confidences.find((confidence) => all.includes(confidence)) ?? 'certain'

function standardValues({ nodes, scope, fleet }: Told<Case>, since: number): Record<string, string> {
  const named = nodes.length > 0 ? nodes : scope.nodes
  return {
    nodes: scope.kind === 'cluster' ? 'every node' : listWords(named),
    node: named[0] ?? 'NODE',
    domain: clusterDomainOf(fleet) ?? 'CLUSTER-DOMAIN',
    since: instantWords(since),
  }
}

export function clusterDomainOf({ cluster, agents }: Fleet): string | null {
  if (cluster?.dns.clusterDomain) return cluster.dns.clusterDomain
  for (const { plan } of agents.values()) if (plan.names.clusterDomain !== null) return plan.names.clusterDomain
  return null
}

/** What a person can read: the rows of the first nodes. */
const SHOWN_CASES = 3
const SHOWN_ROWS = 60

function rowsOf(fleet: Fleet, cases: readonly Case[]): Candidate['evidence'] {
  const rows = cases.slice(0, SHOWN_CASES).flatMap(({ evidence, since }) => evidence.map((cell) => ({ cell, since })))
  return rows
    .slice(0, SHOWN_ROWS)
    .map(({ cell, since }) => ({ cell, healthy: healthyBeside(fleet, cell, since)[0] ?? null }))
}

/** Names that may come from a resolv.conf: in a command they are one word each. */
const namesFromOutside = ['domain', 'external', 'found', 'name']

const inCommands = (values: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, namesFromOutside.includes(key) ? shellWord(value) : value]),
  )

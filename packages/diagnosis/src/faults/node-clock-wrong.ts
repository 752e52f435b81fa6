import type { Finding } from '@oddnode/protocol'
import { clockCause } from '../clock-cause.ts'
import { type ClockGroup, clockGroups } from '../clock-groups.ts'
import { isClockMeasured } from '../clock-offsets.ts'
import { type ClocksApart, clockVerdictOf, THE_OTHER_NODES, type WrongClock } from '../clock-verdict.ts'
import { atStart, byCount, clocksWords } from '../clock-words.ts'
import type { Candidate, Fault, View } from '../fault.ts'
import type { Fleet } from '../fleet.ts'
import { inAgent } from '../in-agent.ts'
import { fleetPace } from '../pace-of-rounds.ts'
import { nodesScope } from '../scope.ts'
import { hasListened } from '../silence.ts'
import { durationWords, listWords } from '../words.ts'
import { doubtWords, offWords } from '../wrong-clock-words.ts'

/** T-01: a clock is off against the other nodes, or against NTP where these are no measure; several that are off alike are one. + is ahead. */
export const nodeClockWrong: Fault = {
  name: 'node-clock-wrong',
  tier: 1,
  about:
    'The clock of a node is off against the other nodes; or against NTP, where there is no majority or NTP says that it is the majority which is off.',
  cause:
    'Nothing keeps the clock right: no time daemon runs, it reaches none of its servers, or it follows a wrong one; or the clock was set wrong at boot, as from a hardware clock in local time.',
  remedy: 'Install or repair the time daemon there, then restart what keeps tokens.',
  references: [
    'https://github.com/istio/istio/issues/32176',
    'https://github.com/kubernetes/kubernetes/issues/124022',
    'https://github.com/kubernetes/kubernetes/issues/123415',
    'https://github.com/actions/create-github-app-token/issues/87',
  ],
  notTakenFor: {
    'cluster-clock-wrong': 'there all nodes agree, and the outside says otherwise',
    'ntp-server-wrong': 'there one server is off for all nodes',
    'aggregator-clock-wrong': 'there all nodes are off alike against the aggregator, and right by NTP',
  },
  rules: [],
  candidates: (view) => {
    const { fleet } = view
    const { wrong, apart } = clockVerdictOf(view)
    const groups = clockGroups(wrong.filter((clock) => !isTooEarly(clock, view)))
    const silent = unmeasured(view)
    return [
      ...groups.map((group) => ofGroup(group, silentOf(group, silent), fleet)),
      ...silent.filter((one) => isLeft(one, wrong, view)).map((one) => ofSilent(one, fleet)),
      ...(apart === null ? [] : [ofApart(apart, fleet)]),
    ]
  },
  // A majority is there again only when all had the time to report.
  isOver: ({ scope }, { fleet, at }) =>
    hasListened(fleet, at) && scope.nodes.every((name) => isClockMeasured(fleet, name, at)),
  covers: [
    {
      faults: [
        'node-clock-unsynchronised',
        'ntp-servers-unreachable',
        'node-clock-stepped',
        'node-clock-drifting',
        'no-time-daemon',
        'node-clock-in-local-time',
      ],
      on: 'same-nodes',
    },
  ],
}

const SETTLING_SECONDS = 60

/**
 * The aggregator's clock was set a moment ago, and those of all nodes may have been with it: until they can be compared again, nobody new is
 * accused on NTP's word alone.
 */
function isTooEarly({ node, offset }: WrongClock, view: View): boolean {
  if (offset.reference === THE_OTHER_NODES || isSettled(view)) return false
  return !openFindings(view.fleet).some(({ scope }) => scope.nodes.includes(node))
}

const isSettled = ({ fleet, at }: View): boolean => at - fleet.clockSince >= SETTLING_SECONDS * fleetPace(fleet)

/** An open finding, and which of its nodes are not measured any more: nobody says that their clocks are right. */
type Unmeasured = { finding: Finding; nodes: readonly string[] }

function unmeasured({ fleet, at }: View): Unmeasured[] {
  return openFindings(fleet).flatMap((finding) => {
    // Of clocks that were only apart, or told without being sure, there is nothing to keep.
    if (finding.confidence === 'possible') return []
    const nodes = finding.scope.nodes.filter((name) => !isClockMeasured(fleet, name, at))
    return nodes.length === 0 ? [] : [{ finding, nodes }]
  })
}

const openFindings = ({ findings }: Fleet): Finding[] =>
  [...findings.values()].filter(({ fault, ended }) => fault === nodeClockWrong.name && ended === null)

/** Those that were told with the clocks of a group. */
const silentOf = ({ clocks }: ClockGroup, silent: readonly Unmeasured[]): string[] =>
  silent.flatMap(({ finding, nodes }) => (clocks.some(({ node }) => finding.scope.nodes.includes(node)) ? nodes : []))

/** Some of its nodes are measured, and none of these is wrong: what is left is not known. */
const isLeft = ({ finding: { scope }, nodes }: Unmeasured, wrong: readonly WrongClock[], view: View): boolean =>
  nodes.length < scope.nodes.length && !wrong.some(({ node }) => scope.nodes.includes(node)) && isSettled(view)

function ofSilent({ finding, nodes }: Unmeasured, fleet: Fleet): Candidate {
  const was = `${clocksWords(nodes)} ${byCount(nodes, 'was', 'were')} off when last measured`
  return {
    scope: nodesScope(fleet, nodes),
    severity: finding.severity,
    confidence: 'possible',
    title: atStart(was),
    story: atStart(`${was}, and nothing has been heard of ${byCount(nodes, 'it', 'them')} since.`),
    since: Date.parse(finding.since) / 1000,
    evidence: [],
    cause: finding.cause,
    confirm: nodes.slice(0, CONFIRMED_NODES).flatMap((node) => confirmOf(node, fleet)),
    remedy: finding.remedy,
  }
}

function ofGroup({ clocks, severity }: ClockGroup, silent: readonly string[], fleet: Fleet): Candidate {
  const [first] = clocks
  const nodes = [...new Set([...clocks.map(({ node }) => node), ...silent])].sort()
  const off = offWords(clocks, nodes)
  return {
    scope: nodesScope(fleet, nodes),
    severity: first.contradictedBy !== null && severity === 'critical' ? 'warning' : severity,
    confidence: confidenceOf(first),
    title: atStart(off),
    story: atStart(`${off}${doubtWords(clocks, nodes.length)}.`),
    since: Math.min(...clocks.map(({ offset }) => offset.takenAt)),
    evidence: [],
    cause: nodes.length > 1 ? COMMON_CAUSE : (clockCause(first.node, fleet) ?? nodeClockWrong.cause),
    confirm: nodes.slice(0, CONFIRMED_NODES).flatMap((node) => confirmOf(node, fleet)),
    remedy: 'Install or repair the time daemon there, then restart what keeps tokens.',
  }
}

/** A group has a cause in common; the commands of more nodes than these tell the same. */
const CONFIRMED_NODES = 2

const COMMON_CAUSE =
  'Clocks that are off alike have something in common: a time server, a node image whose time daemon does not run, or the hypervisor whose clock they were set by.'

function confidenceOf({ contradictedBy, onOneWordOf, isOfMost }: WrongClock): Candidate['confidence'] {
  if (contradictedBy !== null || (onOneWordOf === 'server' && isOfMost)) return 'possible'
  return onOneWordOf === null ? 'certain' : 'likely'
}

function ofApart({ nodes, apartSeconds, severity, since }: ClocksApart, fleet: Fleet): Candidate {
  const clocks = `The clocks of ${listWords(nodes)} differ by ${nodes.length > 2 ? 'up to ' : ''}${durationWords(apartSeconds)}`
  return {
    scope: nodesScope(fleet, nodes),
    severity,
    confidence: 'possible',
    title: clocks,
    story: `${clocks}; which is wrong cannot be told without an NTP server or a majority.`,
    since,
    evidence: [],
    cause:
      'On one of them nothing keeps the clock right (no time daemon, none of its servers reached, a wrong one followed), or it was set wrong at boot.',
    confirm: nodes.flatMap((node) => confirmOf(node, fleet)).slice(0, 6),
    remedy:
      'Configure an NTP server for the agents to compare with (targets.ntp), then repair the time daemon of the one that is off.',
  }
}

function confirmOf(node: string, fleet: Fleet): string[] {
  const there = inAgent(fleet, node, 'host', 'date -u')
  return [
    ...(there === null ? [] : [`date -u; ${there} # ours, and that of ${node}`]),
    `on ${node}: date -u; chronyc -n tracking; timedatectl`,
  ]
}

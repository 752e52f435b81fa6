import type { Finding } from '@oddnode/protocol'
import { clockConsequence } from '../clock-consequence.ts'
import { isClockMeasured } from '../clock-offsets.ts'
import { type ClocksApart, clockVerdictOf, THE_OTHER_NODES, type WrongClock } from '../clock-verdict.ts'
import type { Candidate, Fault, View } from '../fault.ts'
import type { Fleet } from '../fleet.ts'
import { fleetPace } from '../pace-of-rounds.ts'
import { nodesScope } from '../scope.ts'
import { hasListened } from '../silence.ts'
import { directionWords, durationWords, listWords } from '../words.ts'

/** T-01: a clock is off against the other nodes, or against NTP where there is no majority. + is ahead. */
export const nodeClockWrong: Fault = {
  name: 'node-clock-wrong',
  tier: 1,
  about: 'The clock of a node is off against the other nodes, or against NTP where there is no majority.',
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
  },
  rules: [],
  candidates: (view) => {
    const { fleet } = view
    const { wrong, apart } = clockVerdictOf(view)
    const told = wrong.filter((clock) => !isTooEarly(clock, view))
    return [...told.map((clock) => ofNode(clock, fleet)), ...(apart === null ? [] : [ofApart(apart, fleet)])]
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
function isTooEarly({ node, offset }: WrongClock, { fleet, at }: View): boolean {
  if (offset.reference === THE_OTHER_NODES || at - fleet.clockSince >= SETTLING_SECONDS * fleetPace(fleet)) return false
  const isKnown = ({ fault, ended, scope }: Finding) =>
    fault === nodeClockWrong.name && ended === null && scope.nodes.includes(node)
  return ![...fleet.findings.values()].some(isKnown)
}

function ofNode(clock: WrongClock, fleet: Fleet): Candidate {
  const { node, offset, severity, onOneWordOf, contradictedBy } = clock
  return {
    scope: nodesScope(fleet, [node]),
    severity: contradictedBy !== null && severity === 'critical' ? 'warning' : severity,
    confidence: contradictedBy !== null ? 'possible' : onOneWordOf !== null ? 'likely' : 'certain',
    title: `${node}'s clock is ${durationWords(offset.offsetSeconds)} ${directionWords(offset.offsetSeconds)} ${referenceWords(offset.reference)}`,
    story: storyOf(clock),
    since: offset.takenAt,
    evidence: [],
    confirm: confirmOf(node, fleet),
    remedy: 'Install or repair the time daemon there, then restart what keeps tokens.',
  }
}

const doubts = {
  server: '; no second server was asked, so it may be that one which is off',
  implementation: '; only one implementation of NTP could read it',
}

function storyOf({ node, offset, onOneWordOf, contradictedBy }: WrongClock): string {
  const { offsetSeconds, reference } = offset
  const off = `${node}'s clock is ${durationWords(offsetSeconds)} ${directionWords(offsetSeconds)} ${referenceWords(reference)}`
  if (contradictedBy !== null) {
    const ntp = `${durationWords(contradictedBy.offsetSeconds)} ${directionWords(contradictedBy.offsetSeconds)}`
    return `${off}, but ${ntp} ${referenceWords(contradictedBy.reference)}; which of them is wrong cannot be told.`
  }
  const consequence = clockConsequence(offsetSeconds)
  const doubt = onOneWordOf === null ? '' : doubts[onOneWordOf]
  return `${off}${consequence === null ? '' : `: ${consequence}`}${doubt}.`
}

function referenceWords(reference: string): string {
  return reference.startsWith('ntp ') ? `NTP server ${reference.slice(4)}` : reference
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
    confirm: nodes.flatMap((node) => confirmOf(node, fleet)).slice(0, 6),
    remedy:
      'Configure an NTP server for the agents to compare with (targets.ntp), then repair the time daemon of the one that is off.',
  }
}

function confirmOf(node: string, fleet: Fleet): string[] {
  const inKubernetes = fleet.nodes.get(node)?.ready !== null
  const date = `date -u; kubectl debug node/${node} -it --image=busybox -- date -u`
  return [...(inKubernetes ? [date] : []), `on ${node}: date -u; chronyc -n tracking; timedatectl`]
}

import { lastStepAt } from '../clock-columns.ts'
import { nodeClock, type Offset } from '../clock-offsets.ts'
import type { Fault, View } from '../fault.ts'
import { sortedAgents } from '../ledger.ts'
import { median } from '../median.ts'
import { isServerWell, ntpSubject } from '../ntp-servers.ts'
import { fleetPace } from '../pace-of-rounds.ts'
import { type Case, fleetRule } from '../rule.ts'
import { clusterScope } from '../scope.ts'
import { agentsOf } from '../silence.ts'
import { truth } from '../truth.ts'
import { durationWords } from '../words.ts'

/** One server beside the middle of all, as one node has it. */
type Deviation = { node: string; server: string; takenAt: number; seconds: number; uncertaintySeconds: number }

type WrongServer = Case & {
  server: string
  /** The middle of what the nodes say; + = the server is ahead. */
  seconds: number
  /** How many nodes say so alike, of how many that compare it. */
  alike: number
  comparing: number
}

type Apart = Case & { servers: [string, string]; seconds: number; uncertaintySeconds: number }

const FEWEST_NODES = 3
const FEWEST_SERVERS = 3

/** Each node's servers beside each other, where they are apart on any; by node. */
function comparisons({ fleet, at }: View): { node: string; ntp: Offset[] }[] {
  const agents = sortedAgents(fleet.ledger, fleet.agents)
  if (!agents.some(({ clockMemory }) => clockMemory.ntpApartSeconds > fleet.thresholds.clockInfoSeconds)) return []
  return [...new Set(agents.map(({ node }) => node))].slice(0, MOST_NODES).flatMap((name) => {
    const node = fleet.nodes.get(name)
    if (node === undefined || !isSettled({ fleet, at }, name)) return []
    return [{ node: name, ntp: nodeClock(fleet, node, at).ntp }]
  })
}

/** Two periods of 64 s, and what a measurement takes. */
const SETTLE_SECONDS = 150

/** A measurement that a step of the clock fell into reads one server by the old time, and the next by the new one. */
const isSettled = ({ fleet, at }: View, name: string): boolean =>
  agentsOf(fleet, name).every((agent) => at - lastStepAt(agent) > SETTLE_SECONDS * fleetPace(fleet))

/** So many nodes tell as much as all of them. */
const MOST_NODES = 100

function wrongServers(view: View): WrongServer[] {
  const deviations = comparisons(view).flatMap(deviationsOf)
  return [...Map.groupBy(deviations, ({ server }) => server)].map(([server, ofServer]) => {
    const seconds = median(ofServer.map((one) => one.seconds))
    const alike = ofServer.filter((one) => isBeyondDoubt(one, view) && isAlike(one, seconds))
    const since = alike.reduce((first, { takenAt }) => Math.min(first, takenAt), Infinity)
    return { since, evidence: [], server, seconds, alike: alike.length, comparing: ofServer.length }
  })
}

/** Offsets are the node's, so a server that is ahead makes the node look behind. */
function deviationsOf({ node, ntp }: { node: string; ntp: Offset[] }): Deviation[] {
  if (ntp.length < FEWEST_SERVERS) return []
  const middle = median(ntp.map(({ offsetSeconds }) => offsetSeconds))
  return ntp.map(({ reference, offsetSeconds, uncertaintySeconds, takenAt }) => ({
    node,
    server: reference.replace(/^ntp /, ''),
    takenAt,
    seconds: middle - offsetSeconds,
    uncertaintySeconds,
  }))
}

const isBeyondDoubt = ({ seconds, uncertaintySeconds }: Deviation, { fleet }: View): boolean =>
  Math.abs(seconds) - uncertaintySeconds > fleet.thresholds.clockInfoSeconds

const isAlike = (one: Deviation, seconds: number): boolean =>
  one.seconds * seconds > 0 && Math.abs(one.seconds - seconds) <= one.uncertaintySeconds + Math.abs(seconds) / 4

/** Two servers that the nodes have no third one for. */
function apart(view: View): Apart[] {
  const pairs = comparisons(view).flatMap(({ ntp: [a, b, c] }) => (a && b && !c ? [{ a, b }] : []))
  const [first] = pairs
  if (first === undefined) return []
  const servers: [string, string] = [first.a.reference.replace(/^ntp /, ''), first.b.reference.replace(/^ntp /, '')]
  return [
    {
      since: Math.min(first.a.takenAt, first.b.takenAt),
      evidence: [],
      servers,
      seconds: Math.abs(median(pairs.map(({ a, b }) => a.offsetSeconds - b.offsetSeconds))),
      uncertaintySeconds: median(pairs.map(({ a, b }) => a.uncertaintySeconds + b.uncertaintySeconds)),
    },
  ]
}

/** T-07. */
export const ntpServerWrong: Fault = {
  name: 'ntp-server-wrong',
  tier: 2,
  about: 'One NTP server tells another time than the others do, to all nodes alike.',
  cause:
    'The server follows a wrong source, or none but its own clock. All nodes see it alike, so that it is none of their clocks.',
  remedy: 'Take the server out of the list; have four, so that one wrong one is outvoted.',
  references: ['https://chrony-project.org/faq.html'],
  notTakenFor: {
    'node-clock-wrong': 'there one node is off against all servers',
    'ntp-server-unsynchronised': 'there the server says itself that it has no time',
  },
  rules: [
    fleetRule<WrongServer>({
      cases: wrongServers,
      signature: {
        'a server is off against the middle of all, for three nodes at least, by the same': ({ alike, comparing }) =>
          truth(alike >= Math.min(FEWEST_NODES, comparing) && alike > 0),
        'for most nodes that compare it': ({ alike, comparing }) => truth(alike * 2 > comparing),
      },
      supportedBy: {
        'three nodes compare it': ({ comparing }) => (comparing >= FEWEST_NODES ? 'yes' : 'no-data'),
      },
      sameness: ({ server }) => server,
      scope: ([{ server }]) => clusterScope(ntpSubject(server)),
      severity: 'warning',
      title: 'NTP server {server} is {x} {direction}',
      story: 'NTP server {server} is {x} {direction}, the others agree.',
      confirm: ['on any node: chronyc -n sources -v # x marks a server that is not believed'],
      values: ({ cases: [{ server, seconds }] }) => ({
        server,
        x: durationWords(seconds),
        direction: seconds < 0 ? 'behind' : 'ahead',
      }),
    }),
    fleetRule<Apart>({
      cases: apart,
      signature: {
        'the two servers are apart by more than the readings may be off': (
          { seconds, uncertaintySeconds },
          { fleet },
        ) => truth(seconds - uncertaintySeconds > fleet.thresholds.clockInfoSeconds),
      },
      scope: () => clusterScope(),
      severity: 'info',
      title: 'NTP servers {a} and {b} differ by {x}',
      story: 'The two servers {a} and {b} differ by {x}; two are no majority.',
      cause: 'One of the two follows a wrong source, or none but its own clock; two cannot tell which.',
      confirm: ['on any node: chronyc -n sources -v'],
      values: ({ cases: [{ servers, seconds }] }) => ({ a: servers[0], b: servers[1], x: durationWords(seconds) }),
    }),
  ],
  isOver: ({ scope }, { fleet, at }) => {
    const server = scope.subject?.address
    if (server) return isServerWell(fleet, server, at)
    return [...fleet.nodes.values()].some((node) => nodeClock(fleet, node, at).ntp.length > 0)
  },
  covers: [],
}

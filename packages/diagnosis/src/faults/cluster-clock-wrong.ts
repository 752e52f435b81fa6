import { certainSeconds, nodeClock, type Offset } from '../clock-offsets.ts'
import { agreedNtp, nodesAgree } from '../clock-verdict.ts'
import type { Fault, View } from '../fault.ts'
import { sortedAgents } from '../ledger.ts'
import { median } from '../median.ts'
import { ntpSubject } from '../ntp-servers.ts'
import { type Case, fleetRule } from '../rule.ts'
import { clusterScope } from '../scope.ts'
import { truth } from '../truth.ts'
import { directionWords, durationWords, listWords } from '../words.ts'

type OffCluster = Case & {
  /** The middle of what NTP says of the nodes; + = ahead. */
  offsetSeconds: number
  uncertaintySeconds: number
  /** How many nodes NTP says so of, of how many that it says anything of. */
  alike: number
  told: number
  servers: string[]
}

/** So many nodes tell as much as all of them. */
const MOST_NODES = 100
/** So many of them must be off alike. */
const MOST = 2 / 3

/** What NTP says of the whole cluster, where it says of any node that it is off. */
function offClusters(view: View): OffCluster[] {
  const { fleet, at } = view
  const agents = sortedAgents(fleet.ledger, fleet.agents)
  const suspects = agents.filter(
    ({ clockMemory }) => clockMemory.mostByNtpSeconds > fleet.thresholds.clockWarningSeconds,
  )
  if (suspects.length === 0) return []
  const names = [...new Set(agents.map(({ node }) => node))].slice(0, MOST_NODES)
  const nodes = names.flatMap((name) => fleet.nodes.get(name) ?? [])
  const clocks = nodes.map((node) => nodeClock(fleet, node, at)).filter(({ ntp }) => ntp.length > 0)
  const offsets = clocks.flatMap((clock) => agreedNtp(clock, fleet.thresholds) ?? [])
  const first = offsets[0]
  if (first === undefined) return []
  const offsetSeconds = median(offsets.map((one) => one.offsetSeconds))
  const isAlike = (one: Offset) =>
    Math.abs(one.offsetSeconds - offsetSeconds) <= one.uncertaintySeconds + fleet.thresholds.clockInfoSeconds
  const servers = new Set(clocks.flatMap(({ ntp }) => ntp.map(({ reference }) => reference.replace(/^ntp /, ''))))
  return [
    {
      since: offsets.reduce((since, { takenAt }) => Math.min(since, takenAt), Infinity),
      evidence: [],
      offsetSeconds,
      uncertaintySeconds: median(offsets.map((one) => one.uncertaintySeconds)),
      alike: offsets.filter(isAlike).length,
      told: clocks.length,
      servers: [...servers].sort(),
    },
  ]
}

/** T-02. */
export const clusterClockWrong: Fault = {
  name: 'cluster-clock-wrong',
  tier: 2,
  about:
    'The clocks of all nodes agree with each other, and are off against the outside: what talks to the outside fails, inside all is well.',
  remedy:
    'Repair the time source that the nodes have in common. With chrony its directive "local" makes an isolated server look valid.',
  references: [
    'https://github.com/oxidecomputer/omicron/issues/4087',
    'https://github.com/oxidecomputer/omicron/issues/7534',
  ],
  notTakenFor: {
    'node-clock-wrong': 'there the nodes differ from each other',
    'ntp-server-wrong': 'there the other servers agree with the nodes',
  },
  rules: [
    fleetRule<OffCluster>({
      cases: offClusters,
      signature: {
        'NTP says that the clock is off': (one, { fleet }) =>
          truth(certainSeconds(one) > fleet.thresholds.clockWarningSeconds),
        'it says so of most nodes alike': ({ alike, told }) => truth(alike >= told * MOST),
        'the nodes agree with each other': (_, { fleet, at }) => truth(nodesAgree(fleet, at)),
      },
      supportedBy: {
        'two NTP servers say the same': ({ servers }) => (servers.length > 1 ? 'yes' : 'no-data'),
      },
      scope: ([{ servers }]) => clusterScope(servers.length === 1 ? ntpSubject(servers[0] ?? '') : null),
      severity: ({ cases: [one], fleet }) =>
        one.servers.length > 1 && certainSeconds(one) > fleet.thresholds.clockCriticalSeconds ? 'critical' : 'warning',
      title: 'The clocks of all nodes are {x} {direction} {reference}',
      story: 'All nodes agree, but the cluster is {x} {direction} {reference}{consequence}.',
      confirm: ["on any node: chronyd -Q -t 3 'server {server} iburst'", 'on any node: chronyc -n sources -v'],
      values: ({ cases: [{ offsetSeconds, servers }] }) => ({
        x: durationWords(offsetSeconds),
        direction: directionWords(offsetSeconds),
        reference: `NTP server${servers.length > 1 ? 's' : ''} ${listWords(servers)}`,
        server: servers[0] ?? 'SERVER',
        consequence:
          servers.length > 1
            ? ': what talks to the outside fails, inside all is well'
            : '; whether the cluster or that server is wrong cannot be told without a second one',
      }),
    }),
  ],
  isOver: (_, { fleet, at }) => [...fleet.nodes.values()].some((node) => nodeClock(fleet, node, at).ntp.length > 0),
  covers: [],
}

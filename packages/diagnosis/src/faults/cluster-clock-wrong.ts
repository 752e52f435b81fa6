import { clockColumns } from '../clock-columns.ts'
import { certainSeconds, nodeClock } from '../clock-offsets.ts'
import { comparedClocks, countAgreeing, nodesAgree } from '../compared-clocks.ts'
import type { Fault, View } from '../fault.ts'
import { type MiddleByNtp, middleByNtp } from '../ntp-reference.ts'
import { ntpSubject } from '../ntp-servers.ts'
import { type Case, fleetRule, type Told } from '../rule.ts'
import { clusterScope } from '../scope.ts'
import { truth } from '../truth.ts'
import { directionWords, durationWords, listWords, ofWords } from '../words.ts'

type OffCluster = Case & { middle: MiddleByNtp }

/** What NTP says of the middle of all nodes, where it says of any node that it is off. */
function offClusters(view: View): OffCluster[] {
  const { thresholds } = view.fleet
  const isSuspect = clockColumns(view.fleet).mostByNtpSeconds.some((most) => most > thresholds.clockInfoSeconds)
  const middle = isSuspect ? middleByNtp(view) : null
  return middle === null ? [] : [{ since: middle.reference.takenAt, evidence: [], middle }]
}

const isOneServer = ({ middle: { reference } }: OffCluster): boolean => reference.servers.length === 1

/** `all nodes` that are compared, or how many of them agree. */
function whoAgrees({ fleet, at }: Pick<Told<OffCluster>, 'fleet' | 'at'>): string {
  const compared = comparedClocks({ fleet, at })
  const agreeing = countAgreeing(compared, fleet.thresholds)
  const { length } = compared.nodes
  return agreeing === length ? 'all nodes' : ofWords(agreeing, length, 'node')
}

/** T-02. */
export const clusterClockWrong: Fault = {
  name: 'cluster-clock-wrong',
  tier: 2,
  about:
    'The clocks of all nodes agree with each other, and are off against the outside: what talks to the outside fails, inside all is well.',
  cause: `The nodes follow one source of time, and that is off: chrony's directive "local" lets a server that is cut off look valid. Where a single NTP server says otherwise, it may as well be that one which is wrong.`,
  remedy:
    'Repair the time source that the nodes have in common. With chrony its directive "local" makes an isolated server look valid.',
  references: [
    'https://github.com/oxidecomputer/omicron/issues/4087',
    'https://github.com/oxidecomputer/omicron/issues/7534',
  ],
  notTakenFor: {
    'node-clock-wrong': 'there the nodes differ from each other, and NTP says that some are right',
    'aggregator-clock-wrong': 'there NTP says that the nodes are right',
    'ntp-server-wrong': 'there the other servers agree with the nodes',
  },
  rules: [
    fleetRule<OffCluster>({
      cases: offClusters,
      signature: {
        'NTP says that the clocks are off': ({ middle }, { fleet }) =>
          truth(certainSeconds(middle) > fleet.thresholds.clockWarningSeconds),
        'of no node it says that it is right': ({ middle }) => truth(middle.right === 0),
        'the nodes agree with each other': (_, view) => truth(nodesAgree(comparedClocks(view), view.fleet.thresholds)),
      },
      supportedBy: {
        'two NTP servers say the same': (one) => (isOneServer(one) ? 'no-data' : 'yes'),
      },
      scope: ([one]) => clusterScope(isOneServer(one) ? ntpSubject(one.middle.reference.servers[0] ?? '') : null),
      severity: ({ cases: [one], fleet }) =>
        !isOneServer(one) && certainSeconds(one.middle) > fleet.thresholds.clockCriticalSeconds
          ? 'critical'
          : 'warning',
      title: 'The clocks of {who} are {x} {direction} {reference}',
      story: '{Who} agree, but the cluster is {x} {direction} {reference}{consequence}.',
      confirm: ["on any node: chronyd -Q -t 3 'server {server} iburst'", 'on any node: chronyc -n sources -v'],
      values: ({ cases: [one], fleet, at }) => {
        const { offsetSeconds, reference } = one.middle
        const who = whoAgrees({ fleet, at })
        return {
          who,
          Who: who.replace(/^all/, 'All'),
          x: durationWords(offsetSeconds),
          direction: directionWords(offsetSeconds),
          reference: `NTP server${isOneServer(one) ? '' : 's'} ${listWords(reference.servers)}`,
          server: reference.servers[0] ?? 'SERVER',
          consequence: isOneServer(one)
            ? '; whether the cluster or that server is wrong cannot be told without a second one'
            : ': what talks to the outside fails, inside all is well',
        }
      },
    }),
  ],
  isOver: (_, { fleet, at }) => [...fleet.nodes.values()].some((node) => nodeClock(fleet, node, at).ntp.length > 0),
  covers: [],
}

import { certainSeconds, type Offset } from '../clock-offsets.ts'
import { byCount } from '../clock-words.ts'
import { apartSeconds, type ComparedClocks, comparedClocks, nodesAgree } from '../compared-clocks.ts'
import type { Fault, View } from '../fault.ts'
import { type MiddleByNtp, middleByNtp } from '../ntp-reference.ts'
import { type Case, fleetRule } from '../rule.ts'
import { clusterScope } from '../scope.ts'
import { hasListened } from '../silence.ts'
import { truth } from '../truth.ts'
import { countWords, directionWords, durationWords, listWords } from '../words.ts'

type OffAggregator = Case & {
  compared: ComparedClocks
  /** Null where no NTP server tells. */
  middle: MiddleByNtp | null
  /** Of the aggregator, against the middle of the nodes; + = ahead. */
  offset: Pick<Offset, 'offsetSeconds' | 'uncertaintySeconds'>
}

/** All nodes read the same offset from the aggregator, which is its own where they are right. */
function offAggregators(view: View): OffAggregator[] {
  const { fleet, at } = view
  const compared = comparedClocks(view)
  const offset = { offsetSeconds: -compared.middle, uncertaintySeconds: compared.middleUncertainty }
  if (!(certainSeconds(offset) > fleet.thresholds.clockWarningSeconds) || !hasListened(fleet, at)) return []
  const since = compared.takenAt.reduce((first, takenAt) => Math.min(first, takenAt), Infinity)
  return [{ since, evidence: [], compared, middle: middleByNtp(view), offset }]
}

/** A node that is off as much as the aggregator is the one that it runs on, and told itself. */
function runsOnOddNode({ compared, offset }: OffAggregator, { fleet }: View): boolean {
  const { clockWarningSeconds } = fleet.thresholds
  return compared.seconds.some(
    (seconds, i) =>
      apartSeconds(compared, i) > clockWarningSeconds &&
      Math.abs(seconds) <= (compared.uncertainty[i] as number) + Math.abs(offset.offsetSeconds) / 10,
  )
}

const serversOf = ({ middle }: OffAggregator): readonly string[] => middle?.reference.servers ?? []

/** T-13. */
export const aggregatorClockWrong: Fault = {
  name: 'aggregator-clock-wrong',
  tier: 2,
  about:
    "The clocks of the nodes agree with each other, and the aggregator's is apart from them: it is the odd one. No verdict about a node hangs on it, but the times of the report are its own.",
  cause:
    'No time daemon runs where the aggregator does, or that daemon reaches none of its servers or follows a wrong one.',
  remedy: "Repair the time daemon of the machine that the aggregator runs on, or have it ask the nodes' NTP servers.",
  references: ['https://www.rfc-editor.org/rfc/rfc5905'],
  notTakenFor: {
    'node-clock-wrong': 'there a node differs from the others',
    'cluster-clock-wrong': 'there NTP says that the nodes are off',
  },
  rules: [
    fleetRule<OffAggregator>({
      cases: offAggregators,
      signature: {
        'the nodes agree with each other': ({ compared }, { fleet }) =>
          truth(compared.nodes.length === 1 || nodesAgree(compared, fleet.thresholds)),
        'it runs on no node that is off as much': (one, view) => truth(!runsOnOddNode(one, view)),
        'NTP, where it answers, says that the nodes are right': ({ middle }, { fleet }) =>
          truth(middle === null || certainSeconds(middle) <= fleet.thresholds.clockWarningSeconds),
      },
      supportedBy: {
        'two NTP servers say so': (one) => (serversOf(one).length > 1 ? 'yes' : 'no-data'),
      },
      scope: () => clusterScope({ role: null, address: null, pod: 'aggregator', node: null }),
      severity: 'warning',
      title: "The aggregator's clock is {x} {direction} the nodes' clocks",
      story: "The aggregator's clock is {x} {direction} {whose}{reference}.",
      confirm: ['on the machine of the aggregator: timedatectl; chronyc -n tracking'],
      values: ({ cases: [one] }) => ({
        x: durationWords(one.offset.offsetSeconds),
        direction: directionWords(one.offset.offsetSeconds),
        whose: whoseWords(one.compared.nodes),
        reference: referenceWords(serversOf(one), byCount(one.compared.nodes, 'is', 'are')),
      }),
    }),
  ],
  isOver: (_, view) => comparedClocks(view).nodes.length > 0,
  covers: [],
}

const whoseWords = ([first, ...others]: readonly string[]): string =>
  others.length === 0 ? `${first}'s clock` : `the clocks of ${countWords(others.length + 1, 'node')}`

function referenceWords(servers: readonly string[], are: string): string {
  if (servers.length === 0) return '; which is wrong cannot be told without NTP servers that agree'
  const named = `NTP server${servers.length > 1 ? 's' : ''} ${listWords(servers)}`
  return `, which ${are} right by ${named}: the times that are told here are off by as much`
}

import { type ClusterCheck, MAX_PROBES } from '@oddnode/protocol'
import { BUCKETS, isSampled, type Sampling, WATCHERS } from './sampling.ts'

export type SampledCluster = {
  sampling: Sampling
  endpoints: number
  nodes: number
  /** Queries per second that the busiest endpoint gets at most. */
  load: number
  /** Targets that no plan has room for: nobody asks them. */
  leftOut: number
  queriesPerSecondPerEndpoint: number
}

/** While something fails, a CoreDNS pod gets twice its budget at most, for as long as it takes to decide what: half a minute. */
const MOST_BUDGETS = 2

export const spareQueriesPerSecond = ({ load, queriesPerSecondPerEndpoint: allowed }: SampledCluster): number =>
  Math.max(0, MOST_BUDGETS * allowed - load)

/** What is asked of CoreDNS pods how often, as a line among the checks: what is sampled must not look like all. */
export function samplingCheck(sampled: SampledCluster): ClusterCheck {
  const { sampling, load, queriesPerSecondPerEndpoint: allowed } = sampled
  const rarer = [
    ...rarerText('ClusterIPs', sampling.clusterIpRounds),
    ...rarerText('node-local DNS', sampling.nodeLocalRounds),
  ]
  const load1 = `about ${roundText(load)} queries a second to each at most, of ${allowed} allowed (budget.queriesPerSecondPerEndpoint)`
  return {
    id: 'sampling',
    passed: load <= allowed && sampled.leftOut === 0,
    detail: `${[endpointsText(sampled), ...rarer].join('; ')}: ${load1}; asking again what fails may add ${roundText(spareQueriesPerSecond(sampled))} for half a minute${leftOutText(sampled)}.`,
  }
}

function endpointsText({ sampling, endpoints, nodes }: SampledCluster): string {
  const pods = endpoints === 1 ? 'the CoreDNS pod' : `each of ${endpoints} CoreDNS pods`
  if (!isSampled(sampling)) return `Every node asks ${pods} in every round`
  const watch = `${Math.min(WATCHERS, nodes)} nodes ask ${pods} in every ${ordinal(sampling.watchRounds)}round`
  if (sampling.buckets === 0) return `Only ${watch}`
  const share = sampling.buckets === BUCKETS ? 'all of them' : `one in ${BUCKETS / sampling.buckets} of them by turns`
  return `${watch}, every node asks ${share} in every ${ordinal(sampling.everyRounds)}round`
}

const leftOutText = ({ leftOut }: SampledCluster): string =>
  leftOut === 0 ? '' : `; ${leftOut} targets are asked by nobody, since a plan holds ${MAX_PROBES} probes at most`

const rarerText = (what: string, rounds: number): string[] =>
  rounds === 1 ? [] : [`${what} are asked in every ${ordinal(rounds)}round`.replace('DNS are', 'DNS is')]

/** '' for 1, else the ordinal and a space. */
function ordinal(rounds: number): string {
  if (rounds === 1) return ''
  const last = rounds % 10
  const isTeen = Math.floor(rounds / 10) % 10 === 1
  const suffix = isTeen ? 'th' : last === 1 ? 'st' : last === 2 ? 'nd' : last === 3 ? 'rd' : 'th'
  return `${rounds}${suffix} `
}

const roundText = (value: number): string => (value < 10 ? value.toFixed(1) : String(Math.round(value)))

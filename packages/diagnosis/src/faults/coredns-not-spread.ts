import type { DnsEndpoint } from '@oddnode/protocol'
import { dnsPods } from '../dns-pods.ts'
import type { Fault, View } from '../fault.ts'
import type { Fleet } from '../fleet.ts'
import { type Case, fleetRule } from '../rule.ts'
import { clusterScope } from '../scope.ts'
import { type Truth, truth } from '../truth.ts'

type Crowded = Case & { endpoints: readonly DnsEndpoint[]; place: string | null }

/** One node alone in another zone is no place to rely on. */
const FEWEST_ELSEWHERE = 2

/** A roll-out gathers pods for a while. */
const SETTLED_SECONDS = 60

/**
 * The pods that are ready, and the one place where they are, if they are in one of several. One whose node has just failed is what spreading
 * is for.
 */
function readyPods({ fleet, at }: View): Crowded[] {
  const isDown = ({ node }: DnsEndpoint) => fleet.nodes.get(node ?? '')?.ready === false
  const endpoints = fleet.cluster?.dns.endpoints?.filter((one) => !one.terminating && (one.ready || isDown(one))) ?? []
  return !endpoints.some(({ ready }) => ready)
    ? []
    : [{ since: at, evidence: [], endpoints, place: placeOf(endpoints, fleet) }]
}

function placeOf(endpoints: readonly DnsEndpoint[], { nodes }: Fleet): string | null {
  const node = onlyOne(endpoints.map((one) => one.node))
  if (node !== null) return nodes.size > 1 ? `on ${node}` : null
  const zone = onlyOne(endpoints.map((one) => one.zone ?? nodes.get(one.node ?? '')?.attributes['zone'] ?? null))
  const elsewhere = [...nodes.values()].filter(
    ({ attributes: { zone: other } }) => other !== undefined && other !== zone,
  )
  return zone !== null && elsewhere.length >= FEWEST_ELSEWHERE ? `in zone ${zone}` : null
}

const onlyOne = (places: readonly (string | null)[]): string | null => {
  const [first = null] = places
  return places.every((one) => one === first) ? first : null
}

function isSettled({ cluster }: Fleet, at: number): Truth {
  const changedAt = cluster?.dns.endpointsChangedAt ?? null
  return changedAt === null || at - changedAt > SETTLED_SECONDS ? 'yes' : 'wait'
}

/** D-36. */
export const corednsNotSpread: Fault = {
  name: 'coredns-not-spread',
  tier: 2,
  about: 'All CoreDNS pods run on one node, or in one zone: when it fails, no node resolves names of the cluster.',
  cause: 'There is one replica, or nothing asks the scheduler to keep the replicas apart (topologySpreadConstraints).',
  remedy: 'Run two replicas at least, with topologySpreadConstraints over nodes and zones.',
  references: [
    'https://github.com/aws/containers-roadmap/issues/2530',
    'https://github.com/coredns/deployment/blob/master/kubernetes/Scaling_CoreDNS.md',
  ],
  notTakenFor: { 'cluster-dns-has-no-endpoints': 'there no pod is ready at all' },
  rules: [
    fleetRule<Crowded>({
      cases: readyPods,
      signature: {
        'all pods that are ready are on one of several nodes, or in one of several zones': ({ place }) =>
          truth(place !== null),
        'they have been for a while': (_, { fleet, at }) => isSettled(fleet, at),
      },
      scope: () => clusterScope(),
      severity: 'info',
      title: 'CoreDNS is not spread',
      story: "{pods} {place}: its failure is the cluster's.",
      confirm: ['kubectl -n {namespace} get pod -l {selector} -o wide'],
      values: ({ cases: [{ endpoints, place }], fleet }) => ({
        pods: endpoints.length === 1 ? 'The only CoreDNS pod is' : `All ${endpoints.length} CoreDNS pods are`,
        place: place ?? '',
        ...dnsPods(fleet),
      }),
    }),
  ],
  isOver: (_, { fleet }) => (fleet.cluster?.dns.endpoints ?? null) !== null,
  covers: [],
}

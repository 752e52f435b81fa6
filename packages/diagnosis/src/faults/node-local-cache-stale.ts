import type { Target } from '@oddnode/protocol'
import { answeredAt, type Canary, type CanaryServer, canaryOf, canaryServers, isAnyOld } from '../canary.ts'
import type { Cell } from '../cell.ts'
import { dnsServer } from '../confirm.ts'
import type { Fault, View } from '../fault.ts'
import { scopeOfFacts } from '../odd-fact.ts'
import { type Case, fleetRule } from '../rule.ts'
import { truth } from '../truth.ts'
import { instantWords } from '../words.ts'

type StaleCache = Case & {
  nodes: readonly string[]
  canary: Canary
  endpoints: readonly CanaryServer[]
  /** Who answers from it. */
  target: Target
}

/** What a cache may keep. */
const CACHE_SECONDS = 35

/** Each node whose cache answers with other addresses than the API has. */
function staleCaches({ fleet }: View): StaleCache[] {
  const canary = canaryOf(fleet)
  if (canary === null || !isAnyOld(fleet, 'node-local', canary)) return []
  const old = canaryServers(fleet, 'node-local', canary).flatMap((server) => server.old)
  const endpoints = canaryServers(fleet, 'endpoint', canary)
  return [...Map.groupBy(old, ({ node }) => node)].flatMap(([node, cells]) =>
    cells.slice(0, 1).map(({ target }) => ({
      since: canary.changedAt,
      evidence: cells,
      nodes: [node],
      canary,
      endpoints,
      target,
    })),
  )
}

const isLateEnough = (cells: readonly Cell[], { changedAt }: Canary): boolean =>
  cells.every((cell) => answeredAt(cell) > changedAt + CACHE_SECONDS)

/** D-30. */
export const nodeLocalCacheStale: Fault = {
  name: 'node-local-cache-stale',
  tier: 2,
  about:
    'Node-local DNS goes on answering addresses that CoreDNS has replaced, for longer than its cache should keep them: as serve_stale does when it gets nothing newer.',
  cause:
    'With serve_stale the cache answers what it has (with a TTL of 0) while nothing newer comes: it does not reach CoreDNS, or does so too late. Else it keeps answers for longer than 30 s.',
  remedy: 'Restart node-local DNS on {nodes}; limit serve_stale in its cache.',
  references: ['https://coredns.io/plugins/cache/', 'https://github.com/kubernetes/kubernetes/issues/136171'],
  notTakenFor: { 'coredns-replica-stale': 'there a CoreDNS pod itself answers the old addresses' },
  rules: [
    fleetRule<StaleCache>({
      cases: staleCaches,
      signature: {
        'the cache answered old addresses well after they were replaced': ({ evidence, canary }) =>
          isLateEnough(evidence, canary) ? 'yes' : 'wait',
        'a CoreDNS pod answers the new ones': ({ endpoints }) => truth(endpoints.some(({ fresh }) => fresh.length > 0)),
        'none answers old ones': ({ endpoints }) => truth(endpoints.every(({ old }) => old.length === 0)),
      },
      sameness: ({ target }) => target.address,
      scope: (cases, _, view) => scopeOfFacts(cases, view),
      severity: 'info',
      title: 'Node-local DNS on {nodes} answers old addresses',
      story: 'Node-local DNS on {nodes} returns addresses replaced at {time}; CoreDNS has the new ones.',
      confirm: ['in a pod on {node}, twice: dig @{dnsServer} {name}. +noall +answer'],
      values: ({ cases: [{ canary, target }], fleet }) => ({
        time: instantWords(canary.changedAt),
        dnsServer: dnsServer(target),
        name: fleet.cluster?.canary?.name ?? 'NAME',
      }),
    }),
  ],
  isOver: ({ scope }, { fleet }) => {
    const canary = canaryOf(fleet)
    if (canary === null) return false
    const old = canaryServers(fleet, 'node-local', canary).flatMap((server) => server.old)
    return !old.some(({ node }) => scope.kind === 'cluster' || scope.nodes.includes(node))
  },
  covers: [],
}

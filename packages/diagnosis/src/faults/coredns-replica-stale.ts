import type { Target } from '@oddnode/protocol'
import {
  answeredAt,
  type Canary,
  type CanaryServer,
  canaryOf,
  canaryServers,
  isAnyOld,
  SETTLED_SECONDS,
} from '../canary.ts'
import type { Cell } from '../cell.ts'
import { dnsServer } from '../confirm.ts'
import type { Fault, View } from '../fault.ts'
import { endpointOf } from '../peers.ts'
import { type Case, fleetRule, type Told } from '../rule.ts'
import { endpointScope } from '../scope.ts'
import { truth } from '../truth.ts'
import { instantWords } from '../words.ts'

type Stale = Case & { target: Target; canary: Canary; asked: number; others: readonly Cell[] }

/** A pod is judged by most of those that ask it, a few of which asked last before it changed. */
const MOST = 0.8
/** Rows that stand for those of all nodes. */
const SHOWN_ROWS = 6

/** Each CoreDNS pod that answers something else than the API says. */
function stale({ fleet }: View): Stale[] {
  const canary = canaryOf(fleet)
  if (canary === null || !isAnyOld(fleet, 'endpoint', canary)) return []
  const servers = canaryServers(fleet, 'endpoint', canary)
  return servers
    .filter(({ old }) => old.length > 0)
    .map((server) => ({
      since: canary.changedAt,
      evidence: server.old.slice(0, SHOWN_ROWS),
      explains: [...server.old, ...behind(canaryServers(fleet, 'node-local', canary))],
      target: server.target,
      canary,
      asked: server.old.length + server.fresh.length,
      others: servers.filter((other) => other !== server).flatMap(({ fresh }) => fresh),
    }))
}

/** Caches that were answered by such a pod. */
const behind = (caches: readonly CanaryServer[]): Cell[] => caches.flatMap(({ old }) => old)

function troubleWords({ cases: [{ canary, evidence }] }: Told<Stale>): string {
  const answers = new Set(evidence.flatMap(({ agent, probe }) => agent.windows.answers[probe] ?? []))
  const lacks = canary.addresses.some((address) => !answers.has(address))
  const keeps = [...answers].some((address) => !canary.addresses.includes(address))
  return [...(lacks ? ['lacks new'] : []), ...(keeps ? ['still returns removed'] : [])].join(' and ')
}

/** D-23b. */
export const corednsReplicaStale: Fault = {
  name: 'coredns-replica-stale',
  tier: 2,
  about:
    'One CoreDNS pod lost its watch of the API without noticing: it goes on answering what it knew, while the others know better.',
  cause: 'The pod lost its watch of the API server and did not notice: it answers what it knew then, and stays ready.',
  remedy: 'Delete the pod: the new one reads everything anew.',
  references: ['https://github.com/lf-edge/eve/issues/6113', 'https://github.com/coredns/coredns/issues/3879'],
  notTakenFor: {
    'node-local-cache-stale': 'there the CoreDNS pods have the new addresses, and a cache has the old ones',
  },
  rules: [
    fleetRule<Stale>({
      cases: stale,
      signature: {
        'what it answers for our own Service is not what the API says, whoever asks': ({
          explains = [],
          target,
          asked,
        }) => truth(explains.filter((cell) => cell.target.address === target.address).length >= MOST * asked),
        'it was asked well after the last change': ({ evidence, canary }) =>
          evidence.every((cell) => answeredAt(cell) > canary.changedAt + SETTLED_SECONDS) ? 'yes' : 'wait',
        'another CoreDNS pod answers what the API says': ({ others }) => truth(others.length > 0),
      },
      sameness: ({ target }) => target.address,
      scope: ([{ target }], _, { fleet }) => {
        const { pod = null, node = null } = endpointOf(fleet, target) ?? {}
        return endpointScope({ role: target.role, address: target.address, pod, node })
      },
      severity: 'warning',
      title: 'CoreDNS pod {endpoint} is stale',
      story: 'CoreDNS pod {endpoint} missed changes since {time}: it {trouble} addresses.',
      confirm: ['in a pod on {asker}, for each CoreDNS pod: dig +short @{dnsServer} {name}. | sort'],
      values: (told) => {
        const [{ target, canary, evidence }] = told.cases
        return {
          endpoint: target.address,
          dnsServer: dnsServer(target),
          time: instantWords(canary.changedAt),
          trouble: troubleWords(told),
          asker: evidence[0]?.node ?? 'NODE',
          name: told.fleet.cluster?.canary?.name ?? 'NAME',
        }
      },
    }),
  ],
  isOver: ({ scope }, { fleet }) => {
    const canary = canaryOf(fleet)
    if (canary === null) return false
    const server = canaryServers(fleet, 'endpoint', canary).find(
      ({ target }) => target.address === scope.subject?.address,
    )
    return server === undefined || server.old.length === 0
  },
  covers: [{ faults: ['node-local-cache-stale'], on: 'anywhere' }],
}

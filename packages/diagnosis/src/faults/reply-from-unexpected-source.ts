import type { SourcePort, Target, Vantage } from '@oddnode/protocol'
import type { Cell } from '../cell.ts'
import { loss, ok, sinceOf, stateOf } from '../cell-truth.ts'
import { endpointsByPlace } from '../endpoints.ts'
import type { Fault } from '../fault.ts'
import { losesAbout } from '../loss-near.ts'
import { nodeIsUnwell } from '../node-fails.ts'
import { type Case, nodeRule } from '../rule.ts'
import { cellsOf, type Sight, targetsOf } from '../sight.ts'
import { type Truth, truth } from '../truth.ts'
import { allCellsTo } from '../ways.ts'
import { probeState } from '../window.ts'
import { listWords } from '../words.ts'

type Foreign = Case & {
  /** The ClusterIPs. */
  targets: readonly Target[]
  /** All UDP probes of pods to them, and the host's. */
  pod: readonly Cell[]
  host: readonly Cell[]
  local: readonly Target[]
  /** Answers that came from another address, in the windows of now. */
  strays: number
}

const FEWEST_STRAYS = 3
const HALF = 0.5

/** Pods' queries to ClusterIPs that are answered from elsewhere; a flow that keeps its port may be so for good. */
function foreign(sight: Sight): Foreign[] {
  if (!nodeIsUnwell(sight)) return []
  const asked = (target: Target, vantage: Vantage, sourcePort: SourcePort): Cell[] =>
    cellsOf(sight, { role: target.role, address: target.address, transport: 'udp', vantage, sourcePort })
  const strayed = (target: Target): Cell[] =>
    [...asked(target, 'pod', 'fresh'), ...asked(target, 'pod', 'fixed')].filter((cell) => straysOf(cell) > 0)
  const targets = (['cluster-dns', 'cluster-dns-upstream'] as const)
    .flatMap((role) => targetsOf(sight, role))
    .filter((target) => strayed(target).length > 0)
  if (targets.length === 0) return []
  const evidence = targets.flatMap(strayed)
  return [
    {
      since: evidence.reduce((first, cell) => Math.min(first, sinceOf(cell)), Infinity),
      evidence,
      explains: allCellsTo(sight, targets, ['pod']),
      targets,
      pod: targets.flatMap((target) => asked(target, 'pod', 'fresh')),
      host: targets.flatMap((target) => asked(target, 'host', 'fresh')),
      local: endpointsByPlace(sight).local,
      strays: evidence.reduce((sum, cell) => sum + straysOf(cell), 0),
    },
  ]
}

function straysOf(cell: Cell): number {
  const state = stateOf(cell)
  if (state !== 'failing' && state !== 'degraded') return 0
  return probeState(cell.agent.windows, cell.probe).outcomes['wrong-source'] ?? 0
}

/** Every pod is asked alike, so that as many answers stray as there are CoreDNS pods on the node. */
function losesWhatIsLocal({ pod, local }: Foreign, sight: Sight): Truth {
  const all = targetsOf(sight, 'endpoint').length
  return all === 0 ? 'no-data' : losesAbout(pod, local.length / all)
}

/** D-24. */
export const replyFromUnexpectedSource: Fault = {
  name: 'reply-from-unexpected-source',
  tier: 2,
  about:
    'Answers of a CoreDNS pod to pods of the same node go straight over the bridge instead of back through the translation: they come from the address of the pod, which was not asked, and are thrown away.',
  cause:
    'The kernel does not show bridged packets to the rules (br_netfilter is not loaded, or bridge-nf-call-iptables is 0): the answer takes the bridge straight to the pod that asked, and its source is never translated back.',
  remedy: 'On {nodes}: modprobe br_netfilter, and set net.bridge.bridge-nf-call-iptables to 1, for good.',
  references: [
    'https://github.com/kubernetes/kubernetes/issues/21613',
    'https://github.com/kubernetes/kubernetes/issues/38802',
    'https://github.com/coredns/coredns/issues/1879',
  ],
  notTakenFor: {
    'coredns-endpoint-failing': 'there the pod answers no node',
    'dns-packets-lost-on-node': 'there no answer comes at all',
  },
  rules: [
    nodeRule<Foreign>({
      cases: foreign,
      signature: {
        'answers to pods come from another address than was asked': ({ strays }) => truth(strays >= FEWEST_STRAYS),
        'the host is answered by the ClusterIP': ({ host, since }) => ok(host, since),
        'pods are answered directly by the CoreDNS pod of the same node': ({ local, since }, sight) =>
          ok(
            local.flatMap(({ address }) => cellsOf(sight, { vantage: 'pod', role: 'endpoint', address })),
            since,
          ),
      },
      supportedBy: {
        'as many stray as there are CoreDNS pods on the node': losesWhatIsLocal,
      },
      sameness: ({ local }) => local.map(({ address }) => address).join(),
      severity: ({ cases }) => (cases.some(({ pod }) => (loss(pod) ?? 0) >= HALF) ? 'critical' : 'warning'),
      title: 'Answers of the CoreDNS pod on {nodes} come from an address that was not asked',
      story:
        'On {nodes} answers of the CoreDNS pod on the same node come from {source} instead of {address} and are thrown away.',
      confirm: ['on {node}: sysctl net.bridge.bridge-nf-call-iptables'],
      values: ({ cases: [{ targets, local }] }) => ({
        address: listWords(targets.map(({ address }) => address)),
        source: listWords(local.map(({ address }) => address)),
      }),
    }),
  ],
  covers: [
    { faults: ['dns-packets-lost-on-node'], on: 'same-nodes' },
    { faults: ['tcp-53-blocked'], on: 'same-pods' },
  ],
}

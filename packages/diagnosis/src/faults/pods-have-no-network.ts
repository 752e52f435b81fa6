import { controlQuestions } from '@oddnode/protocol'
import { cellsToward } from '../askers.ts'
import type { Cell } from '../cell.ts'
import { dead, failingSince, someOk } from '../cell-truth.ts'
import { hostedOn } from '../endpoints.ts'
import type { Fault } from '../fault.ts'
import { nodeFails } from '../node-fails.ts'
import { type Case, nodeRule } from '../rule.ts'
import { allCells, type Sight } from '../sight.ts'

type NoNetwork = Case & { controls: readonly Cell[] }

const isControl = ({ planned }: Cell): boolean => controlQuestions.some((question) => question === planned.question)
/** Asked so often that what it saw last is of now, and for its own sake. */
const isTimely = ({ planned }: Cell): boolean => planned.everySeconds === 0 && !planned.onlyAfterTruncation

function noNetwork(sight: Sight): NoNetwork[] {
  if (!nodeFails(sight)) return []
  const cells = allCells(sight, 'pod')
  const timely = cells.filter(isTimely)
  const evidence = timely.filter((cell) => !isControl(cell))
  const hosted = new Set(hostedOn(sight.fleet, sight.node.name))
  const outside =
    dead(evidence) === 'yes' && hosted.size > 0
      ? cellsToward(sight, ({ role, address }) => role === 'endpoint' && hosted.has(address))
      : []
  return [
    { since: failingSince(evidence), evidence, explains: [...cells, ...outside], controls: timely.filter(isControl) },
  ]
}

/** D-16b. */
export const podsHaveNoNetwork: Fault = {
  name: 'pods-have-no-network',
  tier: 2,
  about:
    'Pods of one node reach nothing at all, not even what is on the node, while the host does. While it lasts their agent is silent; what it buffered tells afterwards.',
  cause:
    'The CNI agent of the node died or lost what it had set up: the interfaces and routes of pods are gone, while the host has its own.',
  remedy: 'Restart the CNI pod on {nodes}, and recreate the pods there.',
  references: ['https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/'],
  notTakenFor: {
    'network-policy-blocks-dns': 'there pods reach other ports',
    'node-cut-off-from-pod-network': 'there pods reach what is on the node',
  },
  rules: [
    nodeRule<NoNetwork>({
      cases: noNetwork,
      signature: {
        'pods get no answer from any DNS server': ({ evidence }) => dead(evidence),
        'the host does': ({ since }, sight) =>
          someOk(
            allCells(sight, 'host').filter((cell) => !isControl(cell)),
            since,
          ),
      },
      supportedBy: {
        'pods reach nothing else either': ({ controls }) => dead(controls),
      },
      severity: 'critical',
      title: 'Pods on {nodes} have no network',
      story: 'Pods on {nodes} reach nothing at all; the host does.',
      confirm: [
        'kubectl -n kube-system get pod -o wide --field-selector spec.nodeName={node}',
        'on {node}: ip link; ip route',
      ],
    }),
  ],
  covers: [
    { faults: 'all', on: 'same-pods' },
    { faults: ['coredns-endpoint-failing', 'node-cut-off-from-pod-network'], on: 'hosted' },
    { faults: ['vantage-silent'], on: 'same-nodes' },
  ],
}

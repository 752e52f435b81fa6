import type { Cell } from '../cell.ts'
import { dead } from '../cell-truth.ts'
import type { Fault } from '../fault.ts'
import { type DeadCache, nodeLocalCases } from '../node-local-cases.ts'
import { nodeRule } from '../rule.ts'
import { isNew } from '../silence.ts'
import { truth } from '../truth.ts'
import { reachesCoreDns } from '../ways.ts'
import { durationWords } from '../words.ts'

/** What once was ready has another fault, however young the node. */
const wasEverAnswered = ({ agent, probe }: Cell): boolean => agent.windows.goodAt[probe] !== -Infinity

/** D-35. */
export const newNodeDnsNotReady: Fault = {
  name: 'new-node-dns-not-ready',
  tier: 2,
  about:
    'A node that has just joined took pods before its node-local DNS served them. If it lasts it is another fault, and told as such.',
  cause:
    'The node became Ready and took pods while its node-local DNS, or what leads pods to it, was still starting: nothing but a startup taint makes pods wait for it.',
  remedy: 'Keep pods off new nodes by a startup taint until node-local DNS and the CNI are ready.',
  references: ['https://github.com/cilium/cilium/issues/43080'],
  notTakenFor: {
    'pods-cannot-reach-node-local-dns': 'there the node is older than five minutes, or its DNS was ready before',
    'node-local-dns-not-running': 'there the node is older than five minutes, or its DNS was ready before',
    'node-local-dns-address-missing': 'there the node is older than five minutes, or its DNS was ready before',
  },
  rules: [
    nodeRule<DeadCache>({
      cases: (sight) =>
        nodeLocalCases(sight).map((one) => ({ ...one, evidence: dead(one.host) === 'no' ? one.pod : one.evidence })),
      signature: {
        'the node is younger than five minutes': (_, { fleet, node, at }) => truth(isNew(fleet, node, at)),
        'pods get no answer from node-local DNS': ({ pod }) => dead(pod),
        'they never got one': ({ pod }) => truth(!pod.some(wasEverAnswered)),
        'a CoreDNS pod answers this node directly': ({ since }, sight) => reachesCoreDns(sight, since),
      },
      severity: 'info',
      title: '{nodes}: DNS is not ready yet',
      story: '{nodes} {are} {age} old and took pods before {its} DNS was ready.',
      confirm: ['kubectl get node {node}'],
      values: ({ nodes, fleet, at }) => {
        const ages = nodes.map((name) => at - (fleet.nodes.get(name)?.createdAt ?? at))
        const one = nodes.length === 1
        return { are: one ? 'is' : 'are', its: one ? 'its' : 'their', age: durationWords(Math.max(...ages)) }
      },
    }),
  ],
  covers: [
    {
      faults: ['pods-cannot-reach-node-local-dns', 'node-local-dns-not-running', 'node-local-dns-address-missing'],
      on: 'same-nodes',
    },
  ],
}

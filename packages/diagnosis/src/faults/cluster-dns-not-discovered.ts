import type { Cluster } from '@oddnode/protocol'
import type { Fault, View } from '../fault.ts'
import type { Fleet } from '../fleet.ts'
import { type Case, fleetRule } from '../rule.ts'
import { type Truth, truth } from '../truth.ts'
import { countWords } from '../words.ts'

type Undiscovered = Case & { cluster: Cluster }

/** Only Kubernetes has a Service to find. */
const pictures = ({ fleet: { cluster }, at }: View): Undiscovered[] =>
  cluster?.source === 'kubernetes' ? [{ since: at, evidence: [], cluster }] : []

/** Nobody configured a ClusterIP for any agent either. */
function isAsked({ ledger }: Fleet): Truth {
  return truth([...ledger.byTarget.values()].some(([column]) => column?.target.role === 'cluster-dns'))
}

/** */
export const clusterDnsNotDiscovered: Fault = {
  name: 'cluster-dns-not-discovered',
  tier: 2,
  about:
    'No Service of cluster DNS was found: none is labelled k8s-app=kube-dns or coredns, and none owns the nameserver of pods. Its ClusterIP and CoreDNS pods are not asked: no customary address is guessed.',
  cause:
    'The Service of cluster DNS has a label of its own, and pods ask a nameserver that is no ClusterIP, as with a cache on the node: so nothing tells which Service it is.',
  remedy:
    'Set targets.clusterDns of the aggregator to the ClusterIP of cluster DNS, or give its Service the label k8s-app=kube-dns.',
  references: [
    'https://github.com/Azure/AKS/issues/5451',
    'https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/',
  ],
  notTakenFor: { 'cluster-dns-has-no-endpoints': 'there the Service was found, and nothing is behind it' },
  rules: [
    fleetRule<Undiscovered>({
      cases: pictures,
      signature: {
        'no Service was found': ({ cluster: { dns } }) => truth(dns.service === null && dns.addresses.length === 0),
        'none is configured': (_, { fleet }) => (isAsked(fleet) === 'yes' ? 'no' : 'yes'),
      },
      severity: 'warning',
      title: 'Cluster DNS was not found',
      story: 'No DNS Service was found, so {checks} {have} no data.',
      confirm: ['kubectl get svc -A -o wide | grep -w 53'],
      values: ({ cases: [{ cluster }] }) => {
        const count = cluster.checks.filter(({ passed }) => passed === null).length
        return {
          checks: count === 0 ? 'the checks of cluster DNS and of its CoreDNS pods' : countWords(count, 'check'),
          have: count === 1 ? 'has' : 'have',
        }
      },
    }),
  ],
  isOver: (_, { fleet }) => fleet.cluster !== null,
  covers: [],
}

import { listWords, transportWords } from '@oddnode/diagnosis'
import type { ClusterCheck, Plan, Vantage } from '@oddnode/protocol'
import type { ClockResult } from './ask-clocks.ts'
import type { ProbeResult } from './probe-result.ts'
import { subjectWords } from './subject-words.ts'

export type Looked = {
  plan: Plan
  vantage: Vantage
  probes: readonly ProbeResult[]
  clocks: readonly ClockResult[]
  checks: readonly ClusterCheck[]
}

/** What a check did not look at, and who does: well is said only of what was measured. */
export function notLookedAt({ plan, vantage, probes, clocks, checks }: Looked): string[] {
  const { names, targets } = plan
  const asks = (role: Plan['targets'][number]['role']) => targets.some((target) => target.role === role)
  return [
    ...probes.filter(({ state }) => state === 'no-data').map(untold),
    ...(clocks.length === 0 ? ['This clock: no NTP server was named (--ntp ADDRESS).'] : []),
    ...clocks
      .filter(({ state }) => state === 'no-data')
      .map(({ server, words }) => `This clock against ${server}: ${words}.`),
    ...(names.external === null ? ['Names outside the cluster: none was named (--name NAME).'] : []),
    ...(names.clusterDomain === null ? ['Names of a cluster: no cluster domain shows here.'] : []),
    ...(asks('node-local') ? [] : ['Node-local DNS: no address of it shows here.']),
    ...(asks('cluster-dns')
      ? []
      : ['The ClusterIP of cluster DNS: it does not show here, unless a nameserver is it (--server ADDRESS).']),
    'CoreDNS pod by pod, their Service, EndpointSlices, rights and log: the Kubernetes API knows (oddnode report URL).',
    'Answers of more than 512 octets: no name with one is known here.',
    ...checks.filter(({ passed }) => passed === null).map(({ detail }) => detail),
    vantage === 'pod' ? "The node's own network: this is a pod's." : 'The network of pods: this is a host.',
    'Other nodes: from one place nobody can tell which node differs (oddnode report URL).',
  ]
}

const untold = ({ target, transport, question, words }: ProbeResult): string =>
  `${subjectWords(target)} over ${transportWords([transport])} (${listWords([question])}): ${words}.`

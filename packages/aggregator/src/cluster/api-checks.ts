import type { ClusterCheck, DnsEndpoint } from '@oddnode/protocol'
import type { Corefile } from './corefile.ts'
import type { KeptService } from './dns-service.ts'
import type { KeptPod } from './pod.ts'

/** What the API tells of cluster DNS; null where it could not be read. */
export type ApiSight = {
  service: KeptService | null
  /** `targets.clusterDns`: asked in place of the Service's addresses. */
  clusterDnsSet: readonly string[]
  /** The Services could be read. */
  sawServices: boolean
  endpoints: readonly DnsEndpoint[] | null
  pods: readonly Pick<KeptPod, 'component' | 'name' | 'ready' | 'reason'>[] | null
  corefile: Corefile | null
  /** The name of the Corefile's ConfigMap. */
  configMap: string
  /** `missingRights` of ClusterRole system:coredns. */
  missingRights: readonly string[] | null
}

/** The checks of the Kubernetes page on debugging DNS, in its order: what the API answers, and what is left to do by hand. */
export function apiChecks(sight: ApiSight): ClusterCheck[] {
  return [
    podsRunning(sight),
    podsLogs(sight),
    serviceExists(sight),
    endpointsReady(sight),
    corefileReadable(sight),
    corednsRights(sight),
  ].map((check) => ({ ...check, detail: check.detail.slice(0, 512) }))
}

function podsRunning({ pods }: ApiSight): ClusterCheck {
  const id = 'dns-pods-running'
  if (pods === null) return { id, passed: null, detail: 'Pods of cluster DNS could not be read.' }
  const dns = pods.filter(({ component }) => component === 'coredns')
  if (dns.length === 0) return { id, passed: false, detail: 'There is no pod labelled as cluster DNS.' }
  const ready = dns.filter((pod) => pod.ready)
  const unwell = dns.filter((pod) => !pod.ready).map(({ name, reason }) => `${name} (${reason ?? 'not ready'})`)
  const rest = unwell.length === 0 ? '.' : `: ${unwell.slice(0, 3).join(', ')}.`
  return { id, passed: unwell.length === 0, detail: `${ready.length} of ${dns.length} pods are ready${rest}` }
}

/** Logs hold more than DNS, and the right to read them is not asked for. */
function podsLogs({ service }: ApiSight): ClusterCheck {
  const command = `kubectl logs --namespace=${service?.namespace ?? 'kube-system'} -l ${service?.selector ?? 'k8s-app=kube-dns'}`
  return { id: 'dns-logs', passed: null, detail: `Oddnode does not ask for the right to read logs: ${command}` }
}

function serviceExists({ service, sawServices, clusterDnsSet }: ApiSight): ClusterCheck {
  const id = 'dns-service-exists'
  const set = clusterDnsSet.length === 0 ? '' : ` Asked is ${clusterDnsSet.join(' and ')}, set by targets.clusterDns.`
  if (!sawServices) return { id, passed: null, detail: `Services could not be read.${set}` }
  if (service === null && set !== '') return { id, passed: null, detail: `No Service of cluster DNS was found.${set}` }
  if (service === null)
    return {
      id,
      passed: false,
      detail: 'No Service is labelled k8s-app=kube-dns or coredns, and none owns the nameserver of pods.',
    }
  const found = `${service.namespace}/${service.name} at ${service.addresses.join(' and ')}.`
  return { id, passed: true, detail: `${found}${set}` }
}

function endpointsReady({ endpoints, service }: ApiSight): ClusterCheck {
  const id = 'endpointslices-ready'
  if (endpoints === null || service === null)
    return {
      id,
      passed: null,
      detail: service === null ? 'There is no Service to have endpoints.' : 'EndpointSlices could not be read.',
    }
  const current = endpoints.filter(({ terminating }) => !terminating)
  const ready = current.filter((endpoint) => endpoint.ready)
  const unready = current.filter((endpoint) => !endpoint.ready).map(({ address, pod }) => pod ?? address)
  const rest = unready.length === 0 ? '.' : `, ${unready.slice(0, 3).join(' and ')} not.`
  return {
    id,
    passed: ready.length > 0 && unready.length === 0,
    detail: `${ready.length} of ${current.length} endpoints are ready${rest}`,
  }
}

function corefileReadable({ corefile, configMap }: ApiSight): ClusterCheck {
  const id = 'corefile-readable'
  if (corefile === null) return { id, passed: null, detail: `ConfigMap ${configMap} could not be read.` }
  const zones = corefile.zones.length === 0 ? 'no zone of the cluster' : corefile.zones.join(', ')
  const forwards = corefile.forwards.length === 0 ? 'nowhere' : corefile.forwards.join(', ')
  return {
    id,
    passed: corefile.zones.length > 0,
    detail: `ConfigMap ${configMap} serves ${zones}, and forwards other names to ${forwards}.`,
  }
}

function corednsRights({ missingRights: missing }: ApiSight): ClusterCheck {
  const id = 'coredns-rbac'
  if (missing === null) return { id, passed: null, detail: 'ClusterRole system:coredns could not be read.' }
  if (missing.length > 0)
    return { id, passed: false, detail: `ClusterRole system:coredns lacks ${missing.join(', ')}.` }
  return {
    id,
    passed: true,
    detail: 'ClusterRole system:coredns may list and watch services, namespaces, pods and endpointslices.',
  }
}

import type { ClusterEvent } from '@oddnode/protocol'
import type { KubernetesApi } from '../kubernetes/api.ts'
import { type ListWatch, type ListWatchOptions, listWatch } from '../kubernetes/list-watch.ts'
import type { ClusterRole, ConfigMap, KubernetesObject } from '../kubernetes/objects.ts'
import { missingRights } from './coredns-rights.ts'
import { type Corefile, readCorefile } from './corefile.ts'
import { type KeptService, keepService } from './dns-service.ts'
import { type KeptSlice, keepSlice } from './endpoints.ts'
import { keepEvent } from './event.ts'
import { createFollower, type Follower } from './follower.ts'
import { type KeptLargeSlice, keepLargeSlice, LARGE_LABEL } from './large-names.ts'
import { type KeptNode, keepNode } from './node.ts'
import { type KeptDaemonSet, keepDaemonSet } from './node-local.ts'
import { AGENT_LABEL, components, type KeptPod, keepPod, OPENSHIFT_PODS } from './pod.ts'

/** Everything that is followed in the API. What is followed only when something else is known is a `Follower`. */
export type Watches = {
  nodes: ListWatch<KeptNode>
  /** Labelled as cluster DNS. */
  services: ListWatch<KeptService>
  /** Of OpenShift, which labels its own way. */
  openshiftServices: ListWatch<KeptService>
  /** The one that owns a nameserver of pods; by that address. */
  serviceOfNameserver: Follower<KeptService>
  /** default/kubernetes. */
  apiService: ListWatch<KeptService>
  /** Of cluster DNS; by `namespace/name` of its Service. */
  slices: Follower<KeptSlice>
  /** Of the agents' headless Service. */
  canarySlices: Follower<KeptSlice>
  /** Of Services whose answers are large on purpose, in oddnode's namespace. */
  largeSlices: Follower<KeptLargeSlice>
  /** Pods that DNS hangs on, in the namespace of cluster DNS. */
  systemPods: Follower<KeptPod>
  agentPods: Follower<KeptPod>
  daemonSets: Follower<KeptDaemonSet>
  /** The Corefile; by `namespace/name` of its ConfigMap. */
  corefile: Follower<Corefile>
  corednsRights: ListWatch<string[]>
  events: Follower<ClusterEvent>
}

/** Begins to follow; `onChange` is called whenever anything of it is different. */
export function createWatches(api: KubernetesApi, onChange: () => void): Watches {
  const watch = <O extends KubernetesObject, T>(
    path: string,
    keep: ListWatchOptions<O, T>['keep'],
    selectors: Pick<ListWatchOptions<O, T>, 'labelSelector' | 'fieldSelector'> = {},
  ) => listWatch<O, T>({ api, path, keep, onChange, ...selectors })
  const slicesOf = (key: string) => {
    const { namespace, name } = partsOf(key)
    return watch(`/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`, keepSlice, {
      labelSelector: `kubernetes.io/service-name=${name}`,
    })
  }
  const podsOf = (labelSelector: string) => (namespace: string) =>
    watch(`/api/v1/namespaces/${namespace}/pods`, keepPod, { labelSelector })
  return {
    nodes: watch('/api/v1/nodes', keepNode),
    services: watch('/api/v1/services', keepService, { labelSelector: CLUSTER_DNS }),
    openshiftServices: watch('/api/v1/services', keepService, { labelSelector: OPENSHIFT_SERVICE }),
    serviceOfNameserver: createFollower((address) =>
      watch('/api/v1/services', keepService, { fieldSelector: `spec.clusterIP=${address}` }),
    ),
    apiService: watch('/api/v1/namespaces/default/services', keepService, {
      fieldSelector: 'metadata.name=kubernetes',
    }),
    slices: createFollower(slicesOf),
    canarySlices: createFollower(slicesOf),
    largeSlices: createFollower((namespace) =>
      watch(`/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`, keepLargeSlice, {
        labelSelector: LARGE_LABEL,
      }),
    ),
    systemPods: createFollower((namespace) =>
      podsOf(namespace === OPENSHIFT_NAMESPACE ? OPENSHIFT_PODS : SYSTEM_PODS)(namespace),
    ),
    agentPods: createFollower(podsOf(`${AGENT_LABEL} in (agent-host,agent-pod)`)),
    daemonSets: createFollower((namespace) => watch(`/apis/apps/v1/namespaces/${namespace}/daemonsets`, keepDaemonSet)),
    corefile: createFollower((key) => {
      const { namespace, name } = partsOf(key)
      return watch(`/api/v1/namespaces/${namespace}/configmaps`, keepCorefile, {
        fieldSelector: `metadata.name=${name}`,
      })
    }),
    corednsRights: watch(
      '/apis/rbac.authorization.k8s.io/v1/clusterroles',
      (role: ClusterRole) => missingRights(role),
      {
        fieldSelector: 'metadata.name=system:coredns',
      },
    ),
    events: createFollower((namespace) =>
      watch(`/api/v1/namespaces/${namespace}/events`, keepEvent, { fieldSelector: 'type=Warning' }),
    ),
  }
}

/** As kubeadm and most others label cluster DNS, and as CoreDNS's own chart does. */
const CLUSTER_DNS = 'k8s-app in (kube-dns,coredns)'
const SYSTEM_PODS = `k8s-app in (${Object.keys(components).join(',')})`
const OPENSHIFT_NAMESPACE = 'openshift-dns'
const OPENSHIFT_SERVICE = 'dns.operator.openshift.io/owning-dns'

export function closeWatches(watches: Watches): void {
  for (const followed of Object.values(watches)) followed.close()
}

/** Of `namespace/name`. */
function partsOf(key: string): { namespace: string; name: string } {
  const [namespace = '', name = ''] = key.split('/')
  return { namespace, name }
}

const keepCorefile = ({ data }: ConfigMap): Corefile | null =>
  data?.['Corefile'] === undefined ? null : readCorefile(data['Corefile'])

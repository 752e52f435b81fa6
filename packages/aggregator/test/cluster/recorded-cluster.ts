import { type ApiServer, recorded, startApiServer } from '../kubernetes/api-server.ts'

type Test = Parameters<typeof startApiServer>[0]

export const paths = {
  nodes: '/api/v1/nodes',
  services: '/api/v1/services?k8s-app in (kube-dns,coredns)',
  slices: '/apis/discovery.k8s.io/v1/namespaces/kube-system/endpointslices',
  canarySlices: '/apis/discovery.k8s.io/v1/namespaces/oddnode/endpointslices',
  systemPods: '/api/v1/namespaces/kube-system/pods',
  agentPods: '/api/v1/namespaces/oddnode/pods',
  daemonSets: '/apis/apps/v1/namespaces/kube-system/daemonsets',
  configMaps: '/api/v1/namespaces/kube-system/configmaps',
  clusterRoles: '/apis/rbac.authorization.k8s.io/v1/clusterroles',
  events: '/api/v1/namespaces/oddnode/events',
} as const

/** An API server with what was recorded of a real cluster of three nodes. */
export async function startRecordedCluster(t: Test): Promise<ApiServer> {
  const server = await startApiServer(t)
  server.page = 250
  const lists: [string, ReturnType<typeof recorded>][] = [
    [paths.nodes, recorded('nodes')],
    ['/api/v1/services', { items: [] }],
    [paths.services, recorded('services')],
    ['/api/v1/namespaces/default/services', recorded('api-service')],
    [paths.slices, recorded('slices')],
    [paths.canarySlices, recorded('canary-slices')],
    [paths.systemPods, recorded('system-pods')],
    [paths.agentPods, recorded('agent-pods')],
    [paths.daemonSets, recorded('daemonsets')],
    [paths.configMaps, recorded('configmaps')],
    [paths.clusterRoles, recorded('clusterroles')],
    [paths.events, recorded('events')],
  ]
  for (const [key, list] of lists) server.lists.set(key, list)
  return server
}

/**
 * Objects of the Kubernetes API, as far as they are read here. The API server answers with what it has validated itself; every field may be
 * absent all the same.
 */
export type KubernetesObject = {
  metadata?: {
    name?: string
    namespace?: string
    uid?: string
    resourceVersion?: string
    creationTimestamp?: string
    deletionTimestamp?: string
    labels?: Record<string, string>
    annotations?: Record<string, string>
  }
}

export type Condition = {
  type?: string
  status?: string
  reason?: string
  message?: string
  lastTransitionTime?: string
}

export type KubernetesNode = KubernetesObject & {
  spec?: { unschedulable?: boolean }
  status?: {
    conditions?: Condition[]
    nodeInfo?: {
      kernelVersion?: string
      osImage?: string
      kubeletVersion?: string
      containerRuntimeVersion?: string
      architecture?: string
      operatingSystem?: string
    }
  }
}

export type Service = KubernetesObject & {
  spec?: {
    clusterIP?: string
    clusterIPs?: string[]
    ports?: { name?: string; port?: number; protocol?: string }[]
    selector?: Record<string, string>
    trafficDistribution?: string
    internalTrafficPolicy?: string
  }
}

export type EndpointSlice = KubernetesObject & {
  addressType?: string
  endpoints?: {
    addresses?: string[]
    conditions?: { ready?: boolean; serving?: boolean; terminating?: boolean }
    nodeName?: string
    zone?: string
    targetRef?: { kind?: string; name?: string }
  }[]
  ports?: EndpointPort[]
}

/** A port of every endpoint of a slice, absent or null where it means any. */
export type EndpointPort = { name?: string | null; protocol?: string | null; port?: number | null }

export type ContainerStatus = {
  restartCount?: number
  state?: { waiting?: { reason?: string }; terminated?: Terminated }
  lastState?: { terminated?: Terminated }
}

type Terminated = { reason?: string; exitCode?: number }

export type Pod = KubernetesObject & {
  spec?: {
    nodeName?: string
    containers?: { image?: string }[]
    volumes?: { configMap?: { name?: string } }[]
  }
  status?: {
    phase?: string
    reason?: string
    message?: string
    conditions?: Condition[]
    initContainerStatuses?: ContainerStatus[]
    containerStatuses?: ContainerStatus[]
  }
}

export type DaemonSet = KubernetesObject & {
  spec?: { template?: { spec?: { containers?: { args?: string[]; command?: string[] }[] } } }
}

export type ConfigMap = KubernetesObject & { data?: Record<string, string> }

export type ClusterRole = KubernetesObject & {
  rules?: { apiGroups?: string[]; resources?: string[]; verbs?: string[] }[]
}

export type ApiEvent = KubernetesObject & {
  reason?: string
  message?: string
  involvedObject?: { kind?: string; name?: string; namespace?: string }
  source?: { host?: string }
  reportingInstance?: string
  lastTimestamp?: string | null
  eventTime?: string | null
  series?: { lastObservedTime?: string }
}

/** @returns Unix time in seconds; null for what is no RFC 3339 time */
export function unixSeconds(time: string | null | undefined): number | null {
  const milliseconds = Date.parse(time ?? '')
  return Number.isFinite(milliseconds) ? milliseconds / 1000 : null
}

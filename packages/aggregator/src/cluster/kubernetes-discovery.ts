import type { Cluster } from '@oddnode/protocol'
import type { KubernetesApi } from '../kubernetes/api.ts'
import type { ListWatch } from '../kubernetes/list-watch.ts'
import { type Right, type RightsWatch, watchRights } from '../kubernetes/rights.ts'
import { type AgentFacts, isLinkLocal, type SeenByAgents, seenByAgents } from './agent-facts.ts'
import { createChangeTime } from './changes.ts'
import type { Discovery } from './discovery.ts'
import type { Follower } from './follower.ts'
import { hiddenOf, watchOf } from './hidden.ts'
import { createLocalMemory } from './local-memory.ts'
import { type ApiParts, type ChangeTimes, type PictureSettings, pictureOf, serviceOf } from './picture.ts'
import type { KeptPod } from './pod.ts'
import { closeWatches, createWatches, type Watches } from './watches.ts'

export type KubernetesDiscoveryOptions = {
  api: KubernetesApi
  settings: PictureSettings
  /** What the settings need besides what is listed and watched. */
  rights: readonly Right[]
  /** What agents told of themselves so far. */
  agents: () => Iterable<AgentFacts>
  /** Unix time in seconds on the aggregator's clock. */
  now: () => number
  onCluster: (cluster: Cluster) => void
}

/** What agents tell is looked through this often, when nothing changed in the API. */
const FACTS_SECONDS = 10
/** After the nodes are known the rest is waited for no longer. */
const SETTLE_SECONDS = 10
/**
 * A picture is followed by a rest of this many times the work that it was: while thousands of pods roll, pushes come first. Its work, not the
 * time that it took: a process that gets little of a busy node must not see the cluster minutes late.
 */
const REST = 9
const SYSTEM_NAMESPACE = 'kube-system'

/**
 * The cluster as the Kubernetes API tells it, and as agents see what no API tells. The first picture comes when all was listed or denied; while
 * the API is away the last one stays, and says so in `hidden`.
 */
export function discoverByKubernetes(options: KubernetesDiscoveryOptions): Discovery {
  const { api, settings, rights, agents, now, onCluster } = options
  const tell = onlyChanges(onCluster)
  const changed = changeTimes()
  const localMemory = createLocalMemory()
  let watches: Watches | null = null
  let rightsWatch: RightsWatch | null = null
  let isDirty = true
  let lookedAt = -Infinity
  let nodesSince = Infinity
  let lastFacts: readonly AgentFacts[] = []
  let restUntil = -Infinity
  const onChange = () => {
    isDirty = true
  }

  /** What cannot be read yet is waited for, but not for ever. */
  function isSettled(followed: Watches, at: number): boolean {
    if (!isKnown(followed.nodes)) return false
    nodesSince = Math.min(nodesSince, at)
    const all = Object.values(followed).map(watchOf)
    return at - nodesSince >= SETTLE_SECONDS || all.every((watch) => watch === null || isKnown(watch))
  }

  return {
    look: () => {
      const at = now()
      watches ??= createWatches(api, onChange)
      rightsWatch ??= watchRights({ api, rights, onChange })
      if (performance.now() < restUntil || (!isDirty && at - lookedAt < FACTS_SECONDS)) return
      const before = process.threadCpuUsage()
      lookedAt = at
      const facts = [...agents()].map(({ node, vantage, facts }) => ({ node, vantage, facts }))
      if (!isDirty && areSame(facts, lastFacts)) return
      lastFacts = facts
      const { localAddresses, ...others } = seenByAgents(facts)
      const seen = { ...others, localAddresses: localMemory(localAddresses, at) }
      followAll(watches, settings, seen)
      isDirty = !isSettled(watches, at)
      if (!isDirty) {
        const parts = partsOf(watches, rightsWatch.lacking())
        tell(pictureOf(parts, { facts, seen }, settings, changed(at)))
      }
      restUntil = performance.now() + REST * workMilliseconds(before)
    },
    close: () => {
      rightsWatch?.close()
      if (watches !== null) closeWatches(watches)
    },
  }
}

function workMilliseconds(before: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1000
}

/** An agent that tells something new has new facts, never changed ones. */
const areSame = (facts: readonly AgentFacts[], before: readonly AgentFacts[]): boolean =>
  facts.length === before.length && facts.every((one, i) => one.facts === before[i]?.facts)

/** A picture that is the same as the last one is not told again. */
function onlyChanges(onCluster: (cluster: Cluster) => void): (cluster: Cluster) => void {
  let told = ''
  return (cluster) => {
    const text = JSON.stringify(cluster)
    if (text === told) return
    told = text
    onCluster(cluster)
  }
}

function changeTimes(): (at: number) => ChangeTimes {
  const endpointsChanged = createChangeTime()
  const canaryChanged = createChangeTime()
  return (at) => ({
    at,
    endpoints: (endpoints, noted) =>
      endpointsChanged.of(
        endpoints.map(({ address, ready, terminating }) => [address, ready, terminating]),
        at,
        noted,
      ),
    canary: (addresses, noted) => canaryChanged.of(addresses, at, noted),
  })
}

/** It was listed, or it is known that it will not be. */
const isKnown = (watch: ListWatch<unknown>): boolean => watch.isListed() || watch.isDenied()

/** Lets the followers follow what the others have found. */
function followAll(watches: Watches, { namespace, canary }: PictureSettings, seen: SeenByAgents): void {
  const service = serviceOf({ services: servicesOf(watches) }, seen)
  const home = service?.namespace ?? SYSTEM_NAMESPACE
  watches.serviceOfNameserver.follow(unlabelledNameserver(watches, seen))
  watches.slices.follow(service && `${service.namespace}/${service.name}`)
  watches.canarySlices.follow(namespace && `${namespace}/${canary}`)
  watches.largeSlices.follow(namespace)
  watches.systemPods.follow(home)
  watches.daemonSets.follow(home)
  watches.agentPods.follow(namespace)
  watches.events.follow(namespace)
  watches.corefile.follow(`${home}/${configMapOf(valuesOf(watches.systemPods) ?? [])}`)
}

/** The nameserver of most pods, where no Service that is labelled as cluster DNS owns it. */
function unlabelledNameserver(
  { services, openshiftServices }: Watches,
  { podNameservers }: Pick<SeenByAgents, 'podNameservers'>,
): string | null {
  const labelled = [...services.items.values(), ...openshiftServices.items.values()]
  const address = podNameservers.map(({ value }) => value).find((value) => !isLinkLocal(value))
  const isOwned = labelled.some(({ addresses }) => address !== undefined && addresses.includes(address))
  return address === undefined || isOwned ? null : address
}

/** @param lacking rights, one sentence each */
function partsOf(watches: Watches, lacking: readonly string[]): ApiParts {
  const systemPods = valuesOf(watches.systemPods)
  return {
    nodes: [...watches.nodes.items.values()],
    services: servicesOf(watches),
    apiService: [...watches.apiService.items.values()][0] ?? null,
    slices: valuesOf(watches.slices),
    canarySlices: valuesOf(watches.canarySlices),
    largeSlices: valuesOf(watches.largeSlices) ?? [],
    systemPods,
    agentPods: valuesOf(watches.agentPods) ?? [],
    daemonSets: valuesOf(watches.daemonSets) ?? [],
    corefile: valuesOf(watches.corefile)?.[0] ?? null,
    configMap: configMapOf(systemPods ?? []),
    missingRights: [...watches.corednsRights.items.values()][0] ?? null,
    events: valuesOf(watches.events) ?? [],
    hidden: [...hiddenOf(watches), ...lacking],
  }
}

/** @returns null where it was never listed */
function valuesOf<T>(follower: Follower<T>): T[] | null {
  const watch = follower.current()
  return watch?.isListed() ? [...watch.items.values()] : null
}

function servicesOf({ services, openshiftServices, serviceOfNameserver }: Watches): ApiParts['services'] {
  if (!services.isListed()) return null
  return [...services.items.values(), ...openshiftServices.items.values(), ...(valuesOf(serviceOfNameserver) ?? [])]
}

/** The ConfigMap that CoreDNS's pods mount; customers' additions to it come second. */
function configMapOf(pods: readonly KeptPod[]): string {
  const names = pods.filter(({ component }) => component === 'coredns').flatMap(({ configMaps }) => configMaps)
  return names.find((name) => !name.includes('custom')) ?? 'coredns'
}

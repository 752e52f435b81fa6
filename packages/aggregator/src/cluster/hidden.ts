import type { ListWatch } from '../kubernetes/list-watch.ts'
import type { Watches } from './watches.ts'

/** What each thing that is followed is called, and what is not seen without it. */
const subjects: Readonly<Record<keyof Watches, { what: string; hides: string }>> = {
  nodes: { what: 'nodes', hides: 'nodes without agents, readiness and what odd nodes share' },
  services: { what: 'Services', hides: 'cluster DNS' },
  openshiftServices: { what: 'Services', hides: 'cluster DNS' },
  serviceOfNameserver: { what: 'Services', hides: 'cluster DNS' },
  apiService: { what: 'Services of namespace default', hides: 'the ClusterIP of the API server' },
  slices: { what: 'EndpointSlices', hides: 'CoreDNS pods' },
  canarySlices: { what: "EndpointSlices of oddnode's namespace", hides: 'stale answers' },
  largeSlices: { what: "EndpointSlices of oddnode's namespace", hides: 'names with large answers' },
  systemPods: { what: "pods of cluster DNS's namespace", hides: 'why a pod does not run' },
  agentPods: { what: "pods of oddnode's namespace", hides: 'why an agent does not run' },
  daemonSets: { what: 'DaemonSets', hides: "node-local DNS's arguments" },
  corefile: { what: 'the Corefile', hides: 'cluster domain, zones and forwards' },
  corednsRights: { what: 'ClusterRole system:coredns', hides: 'whether CoreDNS may read what it serves' },
  events: { what: "events of oddnode's namespace", hides: 'what kubelet says of resolv.conf' },
}

const MOST_CHARACTERS = 512

/** What cannot be read now, why, and what that hides: one sentence for each reason. */
export function hiddenOf(watches: Watches): string[] {
  const byReason = new Map<string, Set<keyof Watches>>()
  for (const key of Object.keys(subjects) as (keyof Watches)[]) {
    const trouble = watchOf(watches[key])?.trouble() ?? null
    if (trouble !== null) byReason.set(trouble, (byReason.get(trouble) ?? new Set()).add(key))
  }
  return [...byReason].map(([reason, keys]) => sentence(reason, [...keys], watches).slice(0, MOST_CHARACTERS))
}

/** A follower's list-watch, where it follows something. */
export function watchOf(followed: Watches[keyof Watches]): ListWatch<unknown> | null {
  return 'current' in followed ? followed.current() : followed
}

function sentence(reason: string, keys: readonly (keyof Watches)[], watches: Watches): string {
  const what = listText(keys.map((key) => subjects[key].what))
  const isOld = keys.every((key) => watchOf(watches[key])?.isListed())
  const consequence = isOld
    ? 'what is shown of it is as of the last answer'
    : `hidden: ${listText(keys.map((key) => subjects[key].hides))}`
  const refusal = isStatus(reason) ? `does not let ${what} be read` : `does not answer for ${what}`
  return `The Kubernetes API ${refusal} (${reason}); ${consequence}.`
}

/** The API answered, with an HTTP status that is none of success. */
const isStatus = (reason: string): boolean => /^\d{3}\b/.test(reason)

const listText = (items: readonly string[]): string => [...new Set(items)].join(', ')

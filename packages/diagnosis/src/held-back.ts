import type { Finding, Role } from '@oddnode/protocol'
import { backSince } from './back-since.ts'
import { badRun } from './bad-run.ts'
import { stateOf } from './cell-truth.ts'
import { hostedOn } from './endpoints.ts'
import type { Candidate, Fault, View } from './fault.ts'
import { newNodeDnsNotReady } from './faults/new-node-dns-not-ready.ts'
import { nodeDnsSlow } from './faults/node-dns-slow.ts'
import { nodeNotObserved } from './faults/node-not-observed.ts'
import { ntpServersUnreachable } from './faults/ntp-servers-unreachable.ts'
import { unexplainedDifference } from './faults/unexplained-difference.ts'
import type { Fleet } from './fleet.ts'
import { lastTakenAt } from './kept-samples.ts'
import { undecidedExplainer } from './look.ts'
import { sharesRow } from './match-findings.ts'
import { fleetPace } from './pace-of-rounds.ts'
import { instant } from './words.ts'

/**
 * What a fault leaves behind while it ends, or before it is whole, is told by its old name for this long: two rounds, so that everybody
 * has asked again.
 */
export const LINGER_SECONDS = 30

/**
 * Whether a new finding has to wait: what fails is recovering, or was last asked while nobody heard of the node; or another finding told of
 * these rows until a moment ago and is not over, or only just, since probes that recover one by one look like other faults; or it is slow by
 * what was measured while another fault lasted; or node-local DNS of its nodes is being replaced; or, of what nothing explains, something
 * named may yet explain it.
 */
export function isHeldBack(candidate: Candidate, fault: Fault, view: View): boolean {
  if (isRecovering(candidate)) return true
  if (fault.name === unexplainedDifference.name && (isFallout(candidate, view) || isUndecided(candidate, view)))
    return true
  if (isFromSilence(candidate, fault, view)) return true
  if (fault.name === nodeDnsSlow.name && isMeasuredBefore(candidate, view)) return true
  if (fault.name !== newNodeDnsNotReady.name && isOfReplacedCache(candidate, view)) return true
  const { fleet, at } = view
  const lingerSeconds = LINGER_SECONDS * fleetPace(fleet)
  for (const finding of fleet.findings.values()) {
    if (finding.fault === fault.name || finding.fault === unexplainedDifference.name) continue
    if (isRestOf(candidate, finding, at - lingerSeconds)) return true
    if (finding.ended !== null) continue
    const silentFor = at - Date.parse(finding.lastSeen) / 1000
    // What nothing explains is no better name for them, however long the other one takes to be over.
    const stands = silentFor < lingerSeconds || fault.name === unexplainedDifference.name
    if (silentFor > 0 && stands && sharesRow(candidate, finding)) return true
  }
  return false
}

/** It began while another one of the same servers on the same nodes was open, which has just ended: pods recover later than the host. */
function isRestOf({ evidence, since }: Candidate, finding: Finding, endedAfter: number): boolean {
  if (finding.ended === null || evidence.length === 0) return false
  const endedAt = Date.parse(finding.ended) / 1000
  if (endedAt < endedAfter || since > endedAt) return false
  const told = new Set(finding.evidence.map(({ node, target }) => `${node} ${target.address}`))
  return evidence.every(({ cell }) => told.has(`${cell.node} ${cell.target.address}`))
}

/** Some of the latencies are from before another fault of these nodes ended: a cache waits for the servers that it has lost. */
function isMeasuredBefore({ scope, since }: Candidate, { fleet }: View): boolean {
  return [...fleet.findings.values()].some(
    ({ ended, severity, evidence }) =>
      severity !== 'info' &&
      ended !== null &&
      since <= Date.parse(ended) / 1000 &&
      evidence.some(({ node }) => scope.nodes.includes(node)),
  )
}

/** A pod of node-local DNS starts within this time, its image included: until then a roll-out is no fault. */
export const REPLACED_SECONDS = 90
/** What node-local DNS serves: its address is the nameserver of pods, and with some CNIs the ClusterIP. */
const served: ReadonlySet<Role> = new Set(['node-local', 'resolv-conf', 'cluster-dns'])

/** All that fails of it goes to node-local DNS, whose pods there end or begin just now. */
function isOfReplacedCache({ evidence }: Candidate, { fleet, at }: View): boolean {
  const replaced = fleet.cluster?.dns.nodeLocalReplaced?.filter((one) => at - one.at <= REPLACED_SECONDS) ?? []
  if (replaced.length === 0) return false
  const nodes = new Set(replaced.map(({ node }) => node))
  const failing = evidence.filter(({ cell }) => stateOf(cell) === 'failing')
  const isServed = ({ cell }: (typeof failing)[number]) => nodes.has(cell.node) && served.has(cell.target.role)
  return failing.some(({ cell }) => cell.target.role === 'node-local') && failing.every(isServed)
}

/** All that fails of it was answered well when it was last asked: it needs some more of that to be called well. */
function isRecovering({ evidence }: Candidate): boolean {
  const failing = evidence.filter(({ cell }) => stateOf(cell) === 'failing')
  return failing.length > 0 && failing.every(({ cell: { agent, probe } }) => badRun(agent.windows, probe).bad === 0)
}

/** A node is back of which nothing was heard: what it saw meanwhile came with that, and is not told anew unless it goes on. */
function isFromSilence({ scope, evidence, since }: Candidate, fault: Fault, { fleet, at }: View): boolean {
  const failing = evidence.filter(({ cell }) => stateOf(cell) === 'failing')
  const nodes = failing.length > 0 ? failing.map(({ cell }) => cell.node) : scope.nodes
  const backAt = nodes.reduce((last, name) => Math.max(last, backSince(fleet, name)), -Infinity)
  const pace = fleetPace(fleet)
  // Time servers are asked less often, and are no cells of the matrix.
  if (fault.name === ntpServersUnreachable.name) return since < backAt && at - backAt <= falloutSeconds(fleet)
  if (failing.length === 0 || at - backAt > LINGER_SECONDS * pace) return false
  const lastAt = ({ cell: { agent, probe } }: (typeof failing)[number]) => lastTakenAt(agent.windows.samples, probe)
  return failing.every((row) => (lastAt(row) ?? -Infinity) < backAt)
}

/** So many rounds a fault may take to show all that it does, and to be gone when it is over: caches run dry, clients give up. */
const FALLOUT_ROUNDS = 8
const ROUND_SECONDS = 15
/** The same in seconds, at the pace of these rounds. */
export const falloutSeconds = (fleet: Fleet): number => FALLOUT_ROUNDS * ROUND_SECONDS * fleetPace(fleet)

/**
 * Something named began, ceased to show or ended a moment ago on the same nodes (elsewhere it may go on), where a CoreDNS pod runs that
 * they ask, or everywhere: what nothing explains yet may be part of it.
 */
function isFallout({ scope, evidence }: Candidate, { fleet, at }: View): boolean {
  const within = falloutSeconds(fleet)
  const nodes = new Set([...scope.nodes, ...evidence.map(({ cell }) => cell.node)])
  const hasLeft = (name: string) => at - (fleet.leftAt.get(name) ?? -Infinity) <= within
  if ([...nodes].some(hasLeft)) return true
  const asked = new Set(evidence.map(({ cell }) => cell.target.address))
  const hostsAsked = (name: string) => hostedOn(fleet, name).some((address) => asked.has(address))
  const isOnTheWay = evidence.every(({ cell }) => waysToPods.has(cell.target.role))
  return [...fleet.findings.values()].some((finding) => {
    if (finding.fault === unexplainedDifference.name || finding.severity === 'info') return false
    // Some of what goes through a ClusterIP goes to the CoreDNS pods of a node that is gone, however long it is.
    const isGone = finding.fault === nodeNotObserved.name
    const isRecent = at - Date.parse(lastTurn(finding, at)) / 1000 <= within
    if (!isRecent && !(isGone && finding.ended === null)) return false
    if (isGone && isOnTheWay && finding.scope.nodes.some((name) => hostedOn(fleet, name).length > 0)) return true
    if (!isRecent) return false
    const named = [...finding.scope.nodes, ...finding.evidence.map(({ node }) => node)]
    if (scope.kind === 'cluster' || finding.scope.nodes.length === 0) return true
    return named.some((node) => nodes.has(node)) || finding.scope.nodes.some(hostsAsked)
  })
}

/** A fault that is not decided yet may explain some of it: it is waited for, but not for ever. */
function isUndecided({ evidence, since }: Candidate, { fleet, at }: View): boolean {
  if (at - since > falloutSeconds(fleet)) return false
  const isOpen = undecidedExplainer(fleet)
  return evidence.some(({ cell: { agent, probe } }) => isOpen(agent, probe))
}

const waysToPods: ReadonlySet<Role> = new Set(['node-local', 'cluster-dns', 'cluster-dns-upstream', 'resolv-conf'])

/** When a finding last began, ceased to show or ended. */
const lastTurn = ({ since, lastSeen, ended }: Finding, at: number): string =>
  ended ?? (lastSeen < instant(at) ? lastSeen : since)

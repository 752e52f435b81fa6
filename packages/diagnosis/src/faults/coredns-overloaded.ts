import type { Role, Target } from '@oddnode/protocol'
import { type Cell, cellOf } from '../cell.ts'
import { medianSeconds } from '../cell-truth.ts'
import { dnsPods } from '../dns-pods.ts'
import { failingCells } from '../failing-cells.ts'
import type { Fault, View } from '../fault.ts'
import type { Fleet } from '../fleet.ts'
import { sortedAgents } from '../ledger.ts'
import { overloadSeconds } from '../pace.ts'
import { type Case, fleetRule } from '../rule.ts'
import { clusterScope, endpointScope } from '../scope.ts'
import { truth } from '../truth.ts'
import { durationWords, listWords } from '../words.ts'

type Overloaded = Case & {
  target: Target
  asked: number
  slow: number
  seconds: number
  usual: number
  /** There is no CoreDNS pod that is not. */
  isEvery: boolean
}

/** Most of the nodes that ask it. */
const MOST = 2 / 3
const SHOWN = 3
/** Enough to know what most nodes see. */
const ASKED_AGENTS = 200

/** Each CoreDNS pod that answers slower than before what needs neither the API server nor an upstream. */
function slowServers({ fleet }: View): Overloaded[] {
  const endpoints = [...fleet.ledger.byTarget.values()].flatMap(([column]) =>
    column?.target.role === 'endpoint' ? [column.target] : [],
  )
  const slow = endpoints.flatMap((target) => answers(fleet, target))
  const isEvery = slow.filter(isSlowForMost).length === endpoints.length
  // Whoever forwards to it gives up on some of it: node-local DNS keeps its connection to a pod.
  const behind = slow.some(isSlowForMost) ? failingCells(fleet, ({ target }) => passesOn.has(target.role)) : []
  return slow.map((one) => ({ ...one, isEvery, explains: [...(one.explains ?? []), ...behind] }))
}

const passesOn: ReadonlySet<Role> = new Set(['node-local', 'cluster-dns', 'cluster-dns-upstream', 'resolv-conf'])

const isSlowForMost = ({ asked, slow }: Pick<Overloaded, 'asked' | 'slow'>): boolean =>
  asked > 1 && slow >= asked * MOST

/** Of late, and by the middle of its window: a single answer that hung moves the one, not the other. */
function isSlow(cell: Cell): boolean {
  const { paces, thresholds } = cell.agent.windows
  const least = Math.max(thresholds.slowSeconds, overloadSeconds(paces.usual[cell.probe] as number))
  return (paces.pace[cell.probe] as number) > least && (medianSeconds([cell]) ?? 0) > least
}

/** The answers that agents get late from it. */
function answers(fleet: Fleet, target: Target): Omit<Overloaded, 'isEvery'>[] {
  const cells = versionCells(fleet, target)
  const slow = cells.filter(isSlow)
  const seconds = medianSeconds(slow)
  if (slow.length === 0 || seconds === null) return []
  const usuals = slow.map(({ agent, probe }) => agent.windows.paces.usual[probe] as number).sort((a, b) => a - b)
  const since = slow.reduce(
    (first, { agent: { windows }, probe }) =>
      Math.min(first, windows.samples.takenAt[probe * windows.samples.size] as number),
    Infinity,
  )
  return [
    {
      since,
      evidence: slow.slice(0, SHOWN),
      explains: slow,
      target,
      asked: cells.length,
      slow: slow.length,
      seconds,
      usual: usuals[usuals.length >> 1] ?? 0,
    },
  ]
}

function versionCells({ ledger, agents }: Fleet, { address, port }: Target): Cell[] {
  return sortedAgents(ledger, agents)
    .slice(0, ASKED_AGENTS)
    .flatMap((agent) => {
      const probe = agent.plan.probes.findIndex((planned) => {
        const target = agent.plan.targets[planned.target]
        return (
          planned.question === 'version' &&
          planned.transport === 'udp' &&
          target?.address === address &&
          target.port === port
        )
      })
      return probe < 0 || Number.isNaN(agent.windows.paces.pace[probe]) ? [] : [cellOf(agent, probe)]
    })
}

/** D-26. */
export const corednsOverloaded: Fault = {
  name: 'coredns-overloaded',
  tier: 2,
  about:
    'CoreDNS takes long for answers that it knows by itself, from every node: it has too little CPU for what it is asked.',
  cause:
    'More is asked of CoreDNS than its CPU allows: too few replicas, or a CPU limit that throttles them. Where one pod alone is slow, it is that one which is throttled.',
  remedy: 'Give CoreDNS more replicas or higher limits, or take load off it with node-local DNS.',
  references: [
    'https://kubernetes-on-aws.readthedocs.io/en/latest/postmortems/jan-2019-dns-outage.html',
    'https://github.com/coredns/deployment/blob/master/kubernetes/Scaling_CoreDNS.md',
  ],
  notTakenFor: {
    'upstream-resolver-failing': 'there only names outside the cluster are slow',
    'node-dns-slow': 'there one node alone sees it',
  },
  rules: [
    fleetRule<Overloaded>({
      cases: slowServers,
      signature: {
        'most nodes wait ten times as long as before, and more than 50 ms': (one) => truth(isSlowForMost(one)),
      },
      sameness: ({ isEvery, target }) => (isEvery ? '' : target.address),
      scope: ([{ target, isEvery }, ...others]) => {
        const subject = { role: target.role, address: target.address, pod: null, node: null }
        return isEvery ? clusterScope(others.length === 0 ? subject : null) : endpointScope(subject)
      },
      severity: 'critical',
      title: 'CoreDNS{where} is overloaded',
      story:
        'CoreDNS{where} is overloaded: answers that need neither API nor upstream take {latency} ({baseline} before) from every node.',
      confirm: ['kubectl top pod -n {namespace} -l {selector}'],
      values: ({ cases, fleet }) => {
        const [{ isEvery, seconds, usual }] = cases
        const addresses = cases.map(({ target }) => target.address)
        return {
          where: isEvery ? '' : ` at ${listWords(addresses)}`,
          ...dnsPods(fleet),
          latency: durationWords(seconds),
          baseline: durationWords(usual),
        }
      },
    }),
  ],
  covers: [{ faults: ['node-dns-slow'], on: 'anywhere' }],
}

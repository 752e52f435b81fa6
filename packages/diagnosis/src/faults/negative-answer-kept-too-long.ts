import type { Target } from '@oddnode/protocol'
import { type Canary, canaryOf } from '../canary.ts'
import type { Cell } from '../cell.ts'
import { failing, failingSince, someOk, wrong } from '../cell-truth.ts'
import { dnsServer } from '../confirm.ts'
import { failingCells } from '../failing-cells.ts'
import type { Fault, View } from '../fault.ts'
import { columnsOf, endpointOf } from '../peers.ts'
import { type Case, fleetRule, nodeRule, type Told } from '../rule.ts'
import { endpointScope } from '../scope.ts'
import { cellsOf, type Sight, sightOf, targetsOf } from '../sight.ts'
import { type Truth, truth } from '../truth.ts'
import { instantWords } from '../words.ts'

type Kept = Case & { target: Target; canary: Canary; elsewhere: readonly Cell[] }

const NXDOMAIN = 3
/** What a cache may keep, negative answers even less. */
const CACHE_SECONDS = 35
/** Rows that stand for those of all nodes. */
const SHOWN_NODES = 3

const asked = (sight: Sight, role: Target['role'], address?: string): Cell[] =>
  (['host', 'pod'] as const).flatMap((vantage) =>
    cellsOf(sight, {
      vantage,
      role,
      question: 'canary',
      transport: 'udp',
      ...(address === undefined ? {} : { address }),
    }),
  )

/** A cache that has nothing for our own Service. */
function keptByCache(sight: Sight): Kept[] {
  const canary = canaryOf(sight.fleet)
  if (canary === null) return []
  return targetsOf(sight, 'node-local').flatMap((target) => {
    const evidence = asked(sight, 'node-local', target.address)
    const state = failing(evidence)
    if (state === 'no' || state === 'no-data') return []
    return [{ since: failingSince(evidence), evidence, target, canary, elsewhere: asked(sight, 'endpoint') }]
  })
}

/** A CoreDNS pod that has nothing for it, whoever asks. */
function keptByPod({ fleet, at }: View): Kept[] {
  const canary = canaryOf(fleet)
  if (canary === null) return []
  const endpoints = [...fleet.ledger.byTarget.values()].flatMap(([column]) =>
    column?.target.role === 'endpoint' ? [column.target] : [],
  )
  const failingFor = (target: Target) =>
    columnsOf(fleet, target).some((one) => one.question === 'canary' && one.failing > one.ok + one.degraded)
  return endpoints.filter(failingFor).map((target) => {
    const evidence = failingCells(
      fleet,
      (cell) =>
        cell.target.address === target.address && cell.target.role === 'endpoint' && cell.planned.question === 'canary',
    )
    const sights = [...new Set(evidence.map(({ node }) => node))].slice(0, SHOWN_NODES).flatMap((name) => {
      const node = fleet.nodes.get(name)
      return node === undefined ? [] : [sightOf(fleet, node, at)]
    })
    const elsewhere = sights
      .flatMap((sight) => asked(sight, 'endpoint'))
      .filter((cell) => cell.target.address !== target.address)
    return { since: failingSince(evidence), evidence, target, canary, elsewhere }
  })
}

const signature = {
  'it answers NXDOMAIN for our own Service': ({ evidence }: Kept): Truth => wrong(evidence, NXDOMAIN),
  'it was asked for it before there was anything to find': ({ since, canary }: Kept): Truth =>
    truth(since < canary.changedAt + CACHE_SECONDS),
  'that is longer ago than caches keep': ({ canary }: Kept, { at }: Pick<View, 'at'>): Truth =>
    at > canary.changedAt + CACHE_SECONDS ? 'yes' : 'wait',
  'CoreDNS answers it elsewhere': ({ elsewhere, canary }: Kept): Truth => someOk(elsewhere, canary.changedAt),
}

const values = ({ cases: [{ target, canary, evidence }], fleet }: Told<Kept>) => ({
  time: instantWords(canary.changedAt),
  address: target.address,
  dnsServer: dnsServer(target),
  asker: evidence[0]?.node ?? 'NODE',
  name: fleet.cluster?.canary?.name ?? 'NAME',
})

const confirm = ['in a pod on {asker}: dig @{dnsServer} {name}. +noall +authority']

/** D-31. */
export const negativeAnswerKeptTooLong: Fault = {
  name: 'negative-answer-kept-too-long',
  tier: 2,
  about:
    'A name that was asked before its Service existed is answered NXDOMAIN long after: a cache keeps negative answers for too long.',
  cause:
    'Somebody asked for the name before there was anything to find, and the plugin cache keeps that answer for as long as the TTL of denial in the Corefile says.',
  remedy: 'Lower the TTL of denial in the plugin cache: 5 s is the default of node-local DNS.',
  references: ['https://coredns.io/plugins/cache/'],
  notTakenFor: { 'coredns-replica-stale': 'there a CoreDNS pod answers old addresses, and is behind for all names' },
  rules: [
    nodeRule<Kept>({
      cases: keptByCache,
      signature,
      sameness: ({ target }) => target.address,
      severity: 'info',
      title: 'Node-local DNS on {nodes} keeps NXDOMAIN too long',
      story: 'On {nodes} a Service created at {time} is still NXDOMAIN.',
      confirm,
      values,
    }),
    fleetRule<Kept>({
      cases: keptByPod,
      signature,
      isLikely: () => true,
      sameness: ({ target }) => target.address,
      scope: ([{ target }], _, { fleet }) => {
        const { pod = null, node = null } = endpointOf(fleet, target) ?? {}
        return endpointScope({ role: target.role, address: target.address, pod, node })
      },
      severity: 'info',
      title: 'CoreDNS pod {address} keeps NXDOMAIN too long',
      story: 'At CoreDNS pod {address} a Service created at {time} is still NXDOMAIN.',
      confirm,
      values,
    }),
  ],
  covers: [],
}

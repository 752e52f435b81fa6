import { type Question, REFUSED, type Role, type Target, type Vantage, vantages } from '@oddnode/protocol'
import { cellsToward, failsForHalf, failsForNearlyAll } from '../askers.ts'
import { okElsewhere } from '../beside.ts'
import { type Cell, targetKey } from '../cell.ts'
import { failingSince, stateOf, wrong } from '../cell-truth.ts'
import { dnsServer } from '../confirm.ts'
import type { Fault, View } from '../fault.ts'
import { nodeFails } from '../node-fails.ts'
import { columnsOf, endpointOf } from '../peers.ts'
import { type Case, fleetRule, nodeRule, type Told } from '../rule.ts'
import { clusterScope, endpointScope } from '../scope.ts'
import { allCells, cellsOf, type Sight, targetsOf } from '../sight.ts'
import { not, type Truth, truth } from '../truth.ts'
import { capitalized, listWords, targetWords } from '../words.ts'

/** Which names are refused: `any` where no name that exists is known. */
type Names = 'cluster' | 'external' | 'any'
type Refused = Case & { names: Names; targets: readonly Target[] }

const questionsOf: Readonly<Record<Names, readonly Question[]>> = {
  cluster: ['kubernetes', 'version', 'missing'],
  external: ['external'],
  any: ['invalid', 'external'],
}

/** Who is asked by the others comes first: what it refuses they pass on. */
const rootFirst: readonly Role[] = ['upstream', 'endpoint', 'cluster-dns', 'cluster-dns-upstream', 'node-local']

/** The servers that refuse a node, of one kind of names; the first role that does accounts for the rest. */
function refusedOnNode(sight: Sight): Refused[] {
  if (!nodeFails(sight)) return []
  return (['cluster', 'external'] as const).flatMap((names) => {
    const refusing = rootFirst
      .flatMap((role) => targetsOf(sight, role))
      .map((target) => ({ target, cells: cellsOfNames(sight, target, names) }))
      .filter(({ target, cells }) => refuses(cells) && !refusesAll(sight, target, names))
    if (refusing.length === 0) return []
    return ofRoot(refusing, names, [...refusing.flatMap(({ cells }) => cells), ...passedOnHere(sight, names)])
  })
}

/** The nameserver of a machine's own resolv.conf, where it serves no cluster's names, and refuses whatever it is asked. */
function refusedByNameserver(sight: Sight): Refused[] {
  return targetsOf(sight, 'resolv-conf').flatMap((target) => {
    const evidence = cellsOfNames(sight, target, 'any')
    const isAskedAny = evidence.some(({ planned }) => planned.question === 'invalid')
    if (!isAskedAny || !refuses(evidence)) return []
    return [{ since: failingSince(evidence), evidence, explains: evidence, names: 'any', targets: [target] }]
  })
}

/** The servers that refuse nearly everybody. Of node-local DNS there is one on each node. */
function refusedByServer(view: View): Refused[] {
  const targets = [...view.fleet.ledger.byTarget.values()].flatMap(([column]) => column?.target ?? [])
  return (['cluster', 'external'] as const).flatMap((names) => {
    const refusing = rootFirst
      .flatMap((role) => targets.filter((target) => target.role === role && refusesAll(view, target, names)))
      .map((target) => ({ target, cells: refusedCells(view, target, names) }))
      .filter(({ cells }) => refuses(cells))
    return refusing.length === 0 ? [] : ofRoot(refusing, names, passedOn(view, names))
  })
}

type Refusing = { target: Target; cells: readonly Cell[] }

function ofRoot(refusing: readonly Refusing[], names: Names, explains: readonly Cell[]): Refused[] {
  const root = refusing[0]?.target.role
  const roots = refusing.filter(({ target }) => target.role === root)
  const evidence = roots.flatMap(({ cells }) => cells)
  const targets = roots.map(({ target }) => target)
  return roots.length === 0 ? [] : [{ since: failingSince(evidence), evidence, explains, names, targets }]
}

/** Rarer probes tell too late. */
const OFTEN_SECONDS = 60

/** From the host, too: a proxy refuses only pods. */
const cellsOfNames = (sight: Sight, { role, address }: Target, names: Names): Cell[] =>
  vantages.flatMap((vantage) =>
    questionsOf[names]
      .flatMap((question) => cellsOf(sight, { vantage, role, address, question }))
      .filter(({ planned }) => planned.everySeconds <= OFTEN_SECONDS),
  )

function refuses(cells: readonly Cell[]): boolean {
  const host = cells.filter(({ vantage }) => vantage === 'host')
  const refused = wrong(host.length > 0 ? host : cells, REFUSED)
  return refused === 'yes' || refused === 'wait'
}

function refusesAll(view: View, target: Target, names: Names): boolean {
  if (target.role === 'node-local' || !failsForHalf(view, target)) return false
  // From everywhere that anybody asks from: what only pods are refused is no word of the server.
  const asking = vantages.filter((vantage) => isAskedFrom(view, target, vantage, names))
  return (
    asking.length > 0 && asking.every((vantage) => failsForNearlyAll(view, target, vantage, 'udp', questionsOf[names]))
  )
}

const isAskedFrom = ({ fleet }: View, target: Target, from: Vantage, names: Names): boolean =>
  columnsOf(fleet, target).some(
    ({ vantage, transport, question, ok, degraded, failing }) =>
      vantage === from && transport === 'udp' && questionsOf[names].includes(question) && ok + degraded + failing > 0,
  )

function refusedCells(view: View, target: Target, names: Names): Cell[] {
  return cellsToward(view, (one) => targetKey(one) === targetKey(target)).filter(
    (cell) => questionsOf[names].includes(cell.planned.question) && stateOf(cell) === 'failing',
  )
}

/** Whoever forwards to a server that refuses passes it on: what fails so on this node; everywhere, if CoreDNS runs here. */
function passedOnHere(sight: Sight, names: Names): Cell[] {
  const hosts = sight.fleet.cluster?.dns.endpoints?.some(({ node }) => node === sight.node.name) ?? false
  if (hosts) return passedOn(sight, names)
  return vantages.flatMap((vantage) => allCells(sight, vantage)).filter((cell) => isPassedOn(cell, names))
}

/** The same on all nodes. */
const passedOn = (view: View, names: Names): Cell[] =>
  cellsToward(view, () => true).filter((cell) => isPassedOn(cell, names))

const isPassedOn = (cell: Cell, names: Names): boolean =>
  cell.target.role !== 'upstream' &&
  cell.target.role !== 'api-server' &&
  questionsOf[names].includes(cell.planned.question) &&
  stateOf(cell) === 'failing'

/** An upstream that fails anywhere accounts for it better. */
function upstreamsFail({ names, targets }: Refused, { fleet }: View): Truth {
  if (names === 'cluster' || targets[0]?.role === 'upstream') return 'no'
  return truth(
    [...fleet.ledger.byTarget.values()].some(
      ([column]) =>
        column?.target.role === 'upstream' && columnsOf(fleet, column.target).some((one) => one.failing > 0),
    ),
  )
}

function reasonOf({ names, targets }: Refused): string {
  if (names === 'any') return 'client not allowed, or nobody to ask itself'
  if (targets[0]?.role === 'upstream') return 'client not allowed'
  return names === 'external' ? 'too many queries' : 'no such zone'
}

const remedies: Readonly<Record<string, string>> = {
  'client not allowed, or nobody to ask itself': 'let the node ask, and name an upstream',
  'client not allowed': 'add the node to the access list of the resolver',
  'too many queries':
    'raise max_concurrent of the plugin forward, whose metric coredns_forward_max_concurrent_rejects_total counts what it turned away',
  'no such zone': 'look for the zone of the cluster in the Corefile',
}

const isRefused = ({ evidence }: Refused): Truth => wrong(evidence, REFUSED)

const confirm = ['on {node}: dig +time=2 +tries=1 @{dnsServer} {name}.']

function valuesOf({ cases: [one] }: Told<Refused>): Record<string, string> {
  const reason = reasonOf(one)
  const { domain, external } = namesOf(one)
  return {
    target: capitalized(listWords(one.targets.map((target) => targetWords(target)))),
    verb: one.targets.length === 1 ? 'answers' : 'answer',
    address: one.targets[0]?.address ?? 'TARGET',
    dnsServer: dnsServer(one.targets[0] ?? { address: 'TARGET' }),
    name: one.names === 'external' ? external : `kubernetes.default.svc.${domain}`,
    node: one.evidence[0]?.node ?? 'NODE',
    reason,
    remedy: remedies[reason] ?? '',
  }
}

function namesOf({ evidence }: Refused): { domain: string; external: string } {
  const { clusterDomain = null, external = null } = evidence[0]?.agent.plan.names ?? {}
  return { domain: clusterDomain ?? 'CLUSTER-DOMAIN', external: external ?? 'EXTERNAL-NAME' }
}

/** D-33. */
export const dnsServerRefusesQueries: Fault = {
  name: 'dns-server-refuses-queries',
  tier: 2,
  about:
    'A DNS server answers REFUSED: the client is not on its access list, it has too many queries to forward at once or nobody to forward them to, or no server block of its Corefile serves the zone.',
  cause:
    'An upstream that answers REFUSED does not have the client on its access list. A CoreDNS pod that refuses names outside the cluster has as many queries under way as max_concurrent allows, or nobody to forward them to; one that refuses names of the cluster has no server block for the zone.',
  remedy: 'At {address}: {remedy}.',
  references: ['https://coredns.io/plugins/forward/', 'https://coredns.io/plugins/acl/'],
  notTakenFor: {
    'network-policy-blocks-dns': 'there only pods are refused, by every server, and at once',
    'upstream-resolver-failing': 'there the upstream does not answer, or answers SERVFAIL',
  },
  rules: [
    nodeRule<Refused>({
      cases: refusedOnNode,
      signature: {
        'the server answers REFUSED': isRefused,
        'no upstream fails that would account for it': (one, sight) => not(upstreamsFail(one, sight)),
      },
      supportedBy: {
        'other nodes are answered by it': ({ evidence, targets, since }, { fleet }) =>
          targets[0]?.role === 'node-local' ? 'yes' : okElsewhere(fleet, evidence, since),
      },
      sameness: ({ names, targets }) => `${names} ${targets.map((target) => targetKey(target)).join()}`,
      severity: 'warning',
      title: '{target} {verb} REFUSED to {nodes}',
      story: '{target} {verb} REFUSED to {nodes}: {reason}.',
      confirm,
      values: valuesOf,
    }),
    nodeRule<Refused>({
      cases: refusedByNameserver,
      signature: { 'a nameserver of resolv.conf answers REFUSED to whatever it is asked': isRefused },
      sameness: ({ targets }) => targets.map((target) => targetKey(target)).join(),
      severity: 'warning',
      title: '{target} {verb} REFUSED to {nodes}',
      story: '{target} {verb} REFUSED to {nodes}: {reason}.',
      confirm: ['on {node}: dig +time=2 +tries=1 @{dnsServer} $(openssl rand -hex 8).invalid.'],
      values: valuesOf,
    }),
    fleetRule<Refused>({
      cases: refusedByServer,
      signature: {
        'the server answers REFUSED to nearly every node': isRefused,
        'no upstream fails that would account for it': (one, view) => not(upstreamsFail(one, view)),
      },
      sameness: ({ names }) => names,
      scope: ([{ targets }], _, { fleet }) => {
        const [target, ...others] = targets
        if (target === undefined || others.length > 0) return clusterScope()
        const endpoint = target.role === 'endpoint' ? endpointOf(fleet, target) : null
        return endpointScope({
          role: target.role,
          address: target.address,
          pod: endpoint?.pod ?? null,
          node: endpoint?.node ?? null,
        })
      },
      severity: 'warning',
      title: '{target} {verb} REFUSED',
      story: '{target} {verb} REFUSED: {reason}.',
      confirm,
      values: valuesOf,
    }),
  ],
  covers: [{ faults: ['upstream-resolver-failing'], on: 'same-nodes' }],
}

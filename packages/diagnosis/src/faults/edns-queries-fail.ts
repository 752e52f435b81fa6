import type { Role, Target } from '@oddnode/protocol'
import { okAllAlong } from '../all-along.ts'
import { type Cell, targetKey } from '../cell.ts'
import { dead, failing, failingSince, isSuspected, ok, stateOf } from '../cell-truth.ts'
import { lostInARow, lostOfKept, mayBeChance } from '../chance.ts'
import { dnsServer } from '../confirm.ts'
import type { Fault, View } from '../fault.ts'
import { nodeFails } from '../node-fails.ts'
import { type Case, nodeRule } from '../rule.ts'
import { clusterScope, endpointScope, scopeOfNodes } from '../scope.ts'
import { allCells, cellsOf, type Sight, targetsOf } from '../sight.ts'
import { largeCells } from '../size-cells.ts'
import { all, type Truth, truth } from '../truth.ts'
import { lossOnTheWay } from '../usual-loss.ts'
import { probeState } from '../window.ts'
import { capitalized, failureWords, isSilence, listWords, targetWords } from '../words.ts'

type Refusing = Case & { target: Target; withOpt: Cell[]; plain: Cell[]; how: string }

const PLAIN_OCTETS = 512

/** Servers that fail here on small answers to queries with an OPT record. */
function refusing(sight: Sight): readonly Refusing[] {
  if (!nodeFails(sight)) return []
  const cells = (['host', 'pod'] as const).flatMap((vantage) => allCells(sight, vantage))
  const withEdns = cells.filter(({ planned }) => planned.edns !== undefined && planned.transport === 'udp')
  const bad = withEdns.filter((cell) => isSmall(cell) && stateOf(cell) === 'failing')
  const found = [...Map.groupBy(bad, ({ target }) => targetKey(target))].flatMap(([key, withOpt]) => {
    const [first] = withOpt
    if (first === undefined) return []
    const isSame = (cell: Cell) => targetKey(cell.target) === key && withOpt.some(({ agent }) => agent === cell.agent)
    const { role, address } = first.target
    const plain = (['host', 'pod'] as const)
      .flatMap((vantage) => cellsOf(sight, { vantage, role, address, transport: 'udp' }))
      .filter((cell) => isSame(cell) && cell.planned.edns === undefined)
    const explains = withEdns.filter((cell) => isSame(cell) && stateOf(cell) === 'failing')
    const how = howOf(first)
    return [{ since: failingSince(withOpt), evidence: withOpt, explains, target: first.target, withOpt, plain, how }]
  })
  return withoutWaysTo(found, targetsOf(sight, 'endpoint').length)
}

/** Where some CoreDNS pods do and others do not, it shows by chance on every way that leads to them. */
function withoutWaysTo(found: readonly Refusing[], endpoints: number): readonly Refusing[] {
  const pods = found.filter(({ target }) => target.role === 'endpoint')
  if (pods.length === 0 || pods.length === endpoints) return found
  const ways = found.filter(({ target }) => leadsToPods.has(target.role)).flatMap(({ explains }) => explains ?? [])
  return found
    .filter(({ target }) => !leadsToPods.has(target.role))
    .map((one) => ({ ...one, explains: [...(one.explains ?? []), ...ways] }))
}

const leadsToPods: ReadonlySet<Role> = new Set(['node-local', 'cluster-dns', 'cluster-dns-upstream', 'resolv-conf'])

/** A cache that waits for large answers fails on small ones, too: whether any get lost is decided first. */
const largeIsDecided = (sight: Sight): Truth =>
  largeCells(sight).some((cell) => isSuspected(cell) && stateOf(cell) !== 'failing') ? 'wait' : 'yes'

/** Where the way loses a share of all queries, a few rare probes may have lost theirs by chance. */
function isLostAnyhow({ how, withOpt, plain, target, since }: Refusing, view: View): boolean {
  if (how !== 'drop') return false
  const { lost, asked } = lostOfKept(plain, since)
  const agents = [...new Set(withOpt.map(({ agent }) => agent))]
  const onTheWay = agents.map((agent) => lossOnTheWay(view, agent, { transport: 'udp', servers: [target], since }))
  return mayBeChance(lostInARow(withOpt), Math.max(lost / Math.max(1, asked), ...onTheWay))
}

const isSmall = ({ planned: { question, size = 0 } }: Cell): boolean => question !== 'large' || size <= PLAIN_OCTETS

function howOf({ agent, probe }: Cell): string {
  const failure = failureWords(probeState(agent.windows, probe))
  return isSilence(failure) ? 'drop' : `answer ${failure} to`
}

/** D-37. */
export const ednsQueriesFail: Fault = {
  name: 'edns-queries-fail',
  tier: 2,
  about:
    'Queries with EDNS (an OPT record) are dropped or answered with an error, and the same without it work. Software that always sends EDNS gets nothing.',
  cause: 'The server does not know EDNS, or something that inspects DNS in between does not let an OPT record through.',
  remedy: 'Upgrade the server, or what inspects DNS in between; use no `force_tcp` towards it.',
  references: ['https://github.com/kubernetes-sigs/kubespray/issues/5109'],
  notTakenFor: {
    'path-mtu-blackhole': 'there small answers arrive, with EDNS too',
    'truncation-missing': 'there only large answers fail',
  },
  rules: [
    nodeRule<Refusing>({
      cases: refusing,
      signature: {
        // What is lost must be lost always: a few rare probes show a share of losses as badly as a cut.
        'small answers to queries with EDNS fail': ({ withOpt, how }) =>
          how === 'drop' ? dead(withOpt) : failing(withOpt),
        'not because queries get lost on the way, with EDNS or without': (one, sight) =>
          truth(!isLostAnyhow(one, sight)),
        'without EDNS they arrive, and did all the time': ({ plain, since }) =>
          all(ok(plain, since), okAllAlong(plain, since)),
        'it is decided whether large answers get lost': (_, sight) => largeIsDecided(sight),
      },
      sameness: ({ how }) => how,
      scope: (cases, nodes, { fleet }) => {
        const [{ target }] = cases
        const isOne = cases.every((one) => targetKey(one.target) === targetKey(target))
        const where = scopeOfNodes(fleet, nodes)
        if (where.kind !== 'cluster') return where
        return isOne
          ? endpointScope({ role: target.role, address: target.address, pod: null, node: null })
          : clusterScope()
      },
      severity: 'info',
      title: '{Target} {how} queries with EDNS{where}',
      story: '{Target} {how} queries with EDNS{where}.',
      confirm: [
        'on {place}: dig +noedns @{dnsServer} kubernetes.default.svc.{domain}.; dig +bufsize=1232 @{dnsServer} kubernetes.default.svc.{domain}.',
      ],
      values: ({ cases, nodes, scope }) => {
        const targets = [...new Set(cases.map(({ target }) => targetWords(target)))]
        const words = listWords(targets)
        const [{ target, how, withOpt }] = cases
        return {
          Target: capitalized(words),
          how: targets.length === 1 ? how.replace(/^\w+/, '$&s') : how,
          where: scope.kind === 'node' || scope.kind === 'group' ? ` from ${listWords(nodes)}` : '',
          place: withOpt[0]?.node ?? 'NODE',
          dnsServer: dnsServer(target),
        }
      },
    }),
  ],
  covers: [{ faults: ['dns-packets-lost-on-node'], on: 'same-nodes' }],
}

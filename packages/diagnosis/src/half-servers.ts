import {
  controlQuestions,
  type Outcome,
  type Role,
  type Target,
  type Transport,
  type Vantage,
  vantages,
} from '@oddnode/protocol'
import { okAllAlong } from './all-along.ts'
import { askersOf, cellsToward, failsForHalf, failsForNearlyAll, nearlyAll } from './askers.ts'
import { type Cell, targetKey } from './cell.ts'
import { dead, failingSince, ok } from './cell-truth.ts'
import { lostInARow, mayBeChance } from './chance.ts'
import type { View } from './fault.ts'
import { nodeFails } from './node-fails.ts'
import type { Case } from './rule.ts'
import { hasNodeLocal, isAskedByNodeLocal } from './service-cases.ts'
import { serviceFallout } from './service-fallout.ts'
import { allCells, cellsOf, type Sight, targetsOf } from './sight.ts'
import { areSparedSomewhere } from './spared.ts'
import { lossOfPods, lossOnTheWay } from './usual-loss.ts'
import { behindNodeLocal } from './ways.ts'

/** A server that answers over one transport and not over the other, as one vantage sees it. */
export type HalfServer = { vantage: Vantage; target: Target; blocked: readonly Cell[]; open: readonly Cell[] }

/** The servers that are cut off over one transport: of one node, or of all. */
export type HalfServers = Case & {
  servers: readonly HalfServer[]
  /** None of those that the same vantages ask is left out. */
  everything: boolean
  /** Node-local DNS is there, and gets nothing over the transport from whom it asks. */
  nodeLocalLoses: boolean
  /** It answers for cluster names all the same. */
  nodeLocalAnswers: boolean
}

/** Which transport is cut, and how that shows. */
export type Cut = { transport: Transport; outcomes: readonly Outcome[] }

const roles: readonly Role[] = ['cluster-dns', 'cluster-dns-upstream', 'endpoint', 'upstream', 'node-local']
/** Rarer probes tell too late. */
const OFTEN_SECONDS = 60

export const otherThan = (transport: Transport): Transport => (transport === 'udp' ? 'tcp' : 'udp')

/** One node, on which servers are cut off that are well for others: what is in the way is its own. */
export function halfServersOfNode(sight: Sight, cut: Cut): HalfServers[] {
  if (!nodeFails(sight)) return []
  const asked = askedOverBoth(sight, cut.transport)
  const cutOff = withoutChance(
    sight,
    asked.filter((one) => mayBeCut(one, cut)),
    cut,
  )
  const ofAll = cutOff.filter((one) => failsForNearlyAll(sight, one.target, one.vantage, cut.transport))
  const servers = isRow(sight, ofAll) ? cutOff : cutOff.filter((one) => !ofAll.includes(one))
  if (servers.length === 0) return []
  const from = new Set(servers.map(({ vantage }) => vantage))
  const everything = asked.every((one) => !from.has(one.vantage) || isLeftOut(one.target) || cutOff.includes(one))
  const nodeLocal = hasNodeLocal(sight)
  const names = cellsOf(sight, { vantage: 'host', role: 'node-local', question: 'kubernetes' })
  const evidence = servers.flatMap(({ blocked }) => blocked)
  return [
    {
      since: failingSince(evidence),
      evidence,
      explains: [
        ...carriedBy(sight, cut.transport, servers, everything),
        ...(nodeLocal && from.has('host') ? behindNodeLocal(sight) : []),
      ],
      servers,
      everything,
      nodeLocalLoses: servers.some(
        ({ vantage, target }) => vantage === 'host' && isService(target) && isAskedByNodeLocal(sight, target),
      ),
      nodeLocalAnswers: nodeLocal && ok(names) === 'yes',
    },
  ]
}

/** Servers that are cut off from nearly every node, together. */
export function halfServersOfFleet(view: View, cut: Cut): HalfServers[] {
  const targets = [...view.fleet.ledger.byTarget.values()]
    .flatMap(([column]) => column?.target ?? [])
    .filter(({ role }) => roles.includes(role))
  const ofAll = targets
    .filter((target) => failsForHalf(view, target))
    .flatMap((target) =>
      vantages
        .filter(
          (vantage) =>
            failsForNearlyAll(view, target, vantage, cut.transport) &&
            !failsForNearlyAll(view, target, vantage, otherThan(cut.transport)),
        )
        .flatMap((vantage) => halfFromAll(view, target, vantage, cut.transport)),
    )
    .filter((one) => mayBeCut(one, cut))
  const servers = withoutChance(view, ofAll, cut)
  if (servers.length === 0 || isRow(view, servers)) return []
  const cutOff = new Set(servers.map(({ target }) => targetKey(target)))
  const toward = cellsToward(view, (target) => cutOff.has(targetKey(target)))
  const evidence = servers.flatMap(({ blocked }) => blocked)
  return [
    {
      since: failingSince(evidence),
      evidence,
      explains: [...toward.filter(({ planned }) => planned.transport === cut.transport), ...serviceFallout(view)],
      servers,
      everything: targets.every((target) => cutOff.has(targetKey(target)) || isLeftOut(target)),
      nodeLocalLoses:
        targets.some(({ role }) => role === 'node-local') &&
        servers.some(({ vantage, target }) => vantage === 'host' && isService(target)),
      nodeLocalAnswers: false,
    },
  ]
}

/** They are cut off from nearly all nodes, and open to the others alike: it is those nodes, and not the servers. */
function isRow({ fleet }: View, servers: readonly HalfServer[]): boolean {
  const blocked = servers.flatMap((one) => one.blocked)
  return blocked.length > 0 && areSparedSomewhere(fleet, blocked, failingSince(blocked))
}

/**
 * What is in the way to others need not be in the way to node-local DNS, which is on the node itself; and upstreams are asked too rarely
 * over TCP to wait for.
 */
const isLeftOut = ({ role }: Target): boolean => role === 'node-local' || role === 'upstream'
const isService = ({ role }: Target): boolean => role === 'cluster-dns' || role === 'cluster-dns-upstream'

/** The servers that a node asks over both transports, from each vantage. */
function askedOverBoth(sight: Sight, transport: Transport): HalfServer[] {
  return vantages.flatMap((vantage) =>
    roles
      .flatMap((role) => targetsOf(sight, role))
      .map((target): HalfServer => {
        const which = { vantage, role: target.role, address: target.address }
        const blocked = cellsOf(sight, { ...which, transport })
        const open = cellsOf(sight, { ...which, transport: otherThan(transport) })
        return { vantage, target, blocked: blocked.filter(isOften), open }
      })
      .filter(({ blocked, open }) => blocked.length > 0 && open.length > 0),
  )
}

const isOften = ({ planned }: Cell): boolean => planned.everySeconds <= OFTEN_SECONDS

/** From those on which it is dead, if these are nearly all: the few others tell nothing against it. */
function halfFromAll(view: View, target: Target, vantage: Vantage, transport: Transport): HalfServer[] {
  const from = (over: Transport) => askersOf(view, target, over).filter((asker) => asker.vantage === vantage)
  const askers = from(transport)
  if (nearlyAll(askers.map(({ cells }) => dead(cells))) === 'no') return []
  const failing = askers.filter(({ cells }) => ['yes', 'wait'].includes(dead(cells)))
  const nodes = new Set(failing.map(({ node }) => node))
  const open = from(otherThan(transport)).filter(({ node }) => nodes.has(node))
  return [{ vantage, target, blocked: failing.flatMap(({ cells }) => cells), open: open.flatMap(({ cells }) => cells) }]
}

/**
 * That all queries of the last rounds were lost may be chance: of a ClusterIP that leads to CoreDNS pods of which some are cut off, and of
 * all servers together where the way loses packets to others as well.
 */
function withoutChance(view: View, servers: readonly HalfServer[], { transport }: Cut): HalfServer[] {
  const own = servers.filter((one) => !isChanceOfPods(view, one, transport))
  return vantages.flatMap((vantage) => {
    const from = own.filter((one) => one.vantage === vantage)
    const blocked = from.flatMap((one) => one.blocked)
    const [first] = blocked
    if (first === undefined) return []
    const seeming = servers.filter((one) => one.vantage === vantage).map(({ target }) => target)
    const cut = { transport, servers: seeming, since: failingSince(blocked) }
    const share = lossOnTheWay(view, first.agent, cut)
    return mayBeChance(lostInARow(blocked), share) ? [] : from
  })
}

function isChanceOfPods({ fleet }: View, { target, blocked }: HalfServer, transport: Transport): boolean {
  const [first] = blocked
  if (first === undefined || !isService(target)) return false
  const share = lossOfPods(fleet, first.agent, transport)
  // Where no pod answers the cut is theirs.
  return share < 1 && mayBeChance(lostInARow(blocked), share)
}

/** It is, or it is not known yet; what failed with it and is well again by now is no contrast, but the end of another fault. */
function mayBeCut({ blocked, open }: HalfServer, { outcomes }: Cut): boolean {
  const since = failingSince(blocked)
  const isCut = dead(blocked, outcomes)
  if (isCut !== 'yes' && isCut !== 'wait') return false
  const works = ok(open, since)
  return works === 'yes' ? okAllAlong(open, since) !== 'no' : works === 'wait' && open.some(isOften)
}

/** Every DNS probe that is sent over the transport from the same vantages, to the same servers or to any. */
function carriedBy(
  sight: Sight,
  transport: Transport,
  servers: readonly HalfServer[],
  everything: boolean,
): readonly Cell[] {
  const toServers = new Set(servers.map(({ vantage, target }) => `${vantage} ${targetKey(target)}`))
  const from = [...new Set(servers.map(({ vantage }) => vantage))]
  return from
    .flatMap((vantage) => allCells(sight, vantage))
    .filter(
      ({ vantage, target, planned }) =>
        planned.transport === transport &&
        !controlQuestions.some((question) => question === planned.question) &&
        (everything || toServers.has(`${vantage} ${targetKey(target)}`)),
    )
}

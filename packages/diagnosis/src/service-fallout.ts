import type { Role } from '@oddnode/protocol'
import { type Asker, agentAlone, askersOf, cellsToward } from './askers.ts'
import { type Cell, targetKey } from './cell.ts'
import { dead } from './cell-truth.ts'
import { lostInARow, mayBeChance } from './chance.ts'
import type { View } from './fault.ts'
import { cellsOf } from './sight.ts'
import { lossOfPods } from './usual-loss.ts'

/** What leads to CoreDNS pods. */
export const behindService: ReadonlySet<Role> = new Set([
  'cluster-dns',
  'cluster-dns-upstream',
  'node-local',
  'resolv-conf',
])

/**
 * What loses queries everywhere because one CoreDNS pod does: all that a ClusterIP spreads over the pods. Where all of them are lost there
 * is another cause, unless the Service prefers near pods, or no pod answers.
 */
export function serviceFallout(view: View): Cell[] {
  const { cluster, ledger } = view.fleet
  const lost = new Set<string>()
  if (cluster?.dns.prefersNearEndpoints !== true) {
    const services = [...ledger.byTarget.values()].flatMap(([column]) => column?.target ?? [])
    for (const target of services.filter(({ role }) => behindService.has(role))) {
      for (const asker of askersOf(view, target)) {
        if (losesAll(view, asker)) lost.add(`${asker.vantage}/${asker.node} ${targetKey(target)}`)
      }
    }
  }
  return cellsToward(view, ({ role }) => behindService.has(role)).filter(
    ({ node, vantage, target }) => !lost.has(`${vantage}/${node} ${targetKey(target)}`),
  )
}

/** Not only those queries of the last rounds that the pods which are cut off happened to get. */
function losesAll({ fleet }: View, { cells, vantage }: Asker): boolean {
  const [first] = cells
  if (first === undefined || dead(cells) !== 'yes') return false
  const { role, address } = first.target
  const external = cellsOf(agentAlone(first.agent), { vantage, role, address, question: 'external' })
  const share = lossOfPods(fleet, first.agent)
  return share < 1 && !mayBeChance(lostInARow([...cells, ...external]), share)
}

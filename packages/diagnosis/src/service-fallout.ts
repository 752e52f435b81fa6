import type { Role } from '@oddnode/protocol'
import { askersOf, cellsToward } from './askers.ts'
import { type Cell, targetKey } from './cell.ts'
import { dead } from './cell-truth.ts'
import type { View } from './fault.ts'

const behindService: ReadonlySet<Role> = new Set(['cluster-dns', 'cluster-dns-upstream', 'node-local', 'resolv-conf'])

/**
 * What loses queries everywhere because one CoreDNS pod does: all that a ClusterIP spreads over the pods. Where all of them are lost there
 * is another cause, unless the Service prefers near pods.
 */
export function serviceFallout(view: View): Cell[] {
  const { cluster, ledger } = view.fleet
  const lost = new Set<string>()
  if (cluster?.dns.prefersNearEndpoints !== true) {
    const services = [...ledger.byTarget.values()].flatMap(([column]) => column?.target ?? [])
    for (const target of services.filter(({ role }) => behindService.has(role))) {
      for (const { node, vantage, cells } of askersOf(view, target)) {
        if (dead(cells) === 'yes') lost.add(`${vantage}/${node} ${targetKey(target)}`)
      }
    }
  }
  return cellsToward(view, ({ role }) => behindService.has(role)).filter(
    ({ node, vantage, target }) => !lost.has(`${vantage}/${node} ${targetKey(target)}`),
  )
}

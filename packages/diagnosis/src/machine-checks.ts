import type { ClusterCheck, Facts, Vantage } from '@oddnode/protocol'

/** Of the table: above it new connections, and so queries, are dropped soon; above the second they are dropped now. */
const CONNTRACK_WARNING = 0.9

/** What people look up of the machine by hand, answered from its facts. `passed` is null where they do not show. */
export function machineChecks({ hosts, conntrack, timeKeeping, network }: Facts, vantage: Vantage): ClusterCheck[] {
  return [
    hostsFile(hosts),
    connectionTable(conntrack),
    defaultRoute(network),
    ...(vantage === 'host' ? [timeDaemon(timeKeeping)] : []),
  ]
}

const check = (id: string, passed: ClusterCheck['passed'], detail: string): ClusterCheck => ({ id, passed, detail })

/** What stands there is wanted, often; who wonders about a name must know. */
function hostsFile(hosts: Facts['hosts']): ClusterCheck {
  if (hosts === undefined) return check('hosts-file', null, '/etc/hosts cannot be read.')
  const names = hosts.slice(0, 5).map(({ name, address }) => `${name} (${address})`)
  const rest = hosts.length > names.length ? ` and ${hosts.length - names.length} more` : ''
  const detail = hosts.length === 0 ? 'shadows no name of DNS' : `answers before DNS for ${names.join(', ')}${rest}`
  return check('hosts-file', true, `/etc/hosts ${detail}.`)
}

function connectionTable(conntrack: Facts['conntrack']): ClusterCheck {
  const id = 'connection-table'
  const { entries, max } = conntrack ?? { entries: null, max: null }
  if (entries === null || max === null || max === 0) return check(id, null, 'The connection table cannot be read here.')
  const share = entries / max
  const filled = `The connection table holds ${entries} of ${max}`
  return check(
    id,
    share < CONNTRACK_WARNING,
    share < CONNTRACK_WARNING ? `${filled}.` : `${filled}: when it is full, new queries are dropped.`,
  )
}

function defaultRoute(network: Facts['network']): ClusterCheck {
  const id = 'default-route'
  if (network === undefined || network.defaultRouteIpv4 === null)
    return check(id, null, 'The routes cannot be read here.')
  const has = network.defaultRouteIpv4 || network.defaultRouteIpv6 === true
  return check(
    id,
    has,
    has
      ? 'There is a default route.'
      : 'There is no default route: what is not on a network of its own cannot be reached.',
  )
}

function timeDaemon(timeKeeping: Facts['timeKeeping']): ClusterCheck {
  const id = 'time-daemon'
  if (timeKeeping === undefined) return check(id, null, 'Who keeps this clock right does not show here.')
  const { daemon, synchronised } = timeKeeping
  if (daemon === 'none') return check(id, false, 'No time daemon runs here: nobody sets this clock.')
  if (synchronised === null) return check(id, null, `${daemon} runs, and does not say whether it is synchronised.`)
  return check(id, synchronised, `${daemon} runs and is ${synchronised ? '' : 'not '}synchronised.`)
}

import { type ClusterCheck, isLoopback, type ResolvConfFact, type Vantage } from '@oddnode/protocol'

/** Where somebody stands who reads a resolv.conf. */
export type Standing = {
  vantage: Vantage
  resolvConf: ResolvConfFact
  /** Customary addresses of node-local DNS that live here; null where that cannot be read. */
  nodeLocalAddresses: readonly string[] | null
  /** The file that kubelet hands on to pods with `dnsPolicy: Default`; null where kubelet's own file does not show. */
  handedOn: ResolvConfFact | null
}

/** What people read in resolv.conf by hand, answered from the file alone. `passed` is null where the file cannot tell. */
export function resolvConfChecks(standing: Standing): ClusterCheck[] {
  const { resolvConf } = standing
  if (resolvConf.error !== null) return [unreadable(resolvConf)]
  return [
    limits(resolvConf),
    repeats(resolvConf),
    unread(resolvConf),
    searchList(standing),
    ndots(resolvConf),
    loop(standing),
  ]
}

const check = (id: string, passed: ClusterCheck['passed'], detail: string): ClusterCheck => ({ id, passed, detail })

const unreadable = ({ path, error, usedNameservers }: ResolvConfFact): ClusterCheck =>
  check(
    'resolv-conf-readable',
    false,
    `${path} cannot be read (${error})${usedNameservers.length > 0 ? `: libraries then ask ${usedNameservers.join(', ')}` : ''}.`,
  )

function limits({ path, limits, nameservers, search }: ResolvConfFact): ClusterCheck {
  const within = `${path} names ${nameservers.length} of at most 3 nameservers and ${search.length} search domains, within the limits of glibc and musl.`
  return check('nameserver-limit', limits.length === 0, limits.length === 0 ? within : limits.join(' '))
}

function repeats({ nameservers, search }: ResolvConfFact): ClusterCheck {
  const repeated = [...new Set([...repeatedOf(nameservers), ...repeatedOf(search)])]
  return check(
    'search-domains-repeated',
    repeated.length === 0,
    repeated.length === 0
      ? 'No nameserver and no search domain is named twice.'
      : `Named more than once: ${repeated.join(', ')}. A nameserver that is named twice is no second one; a domain is asked twice.`,
  )
}

const repeatedOf = (items: readonly string[]): string[] => items.filter((item, i) => items.indexOf(item) < i)

function unread({ unread }: ResolvConfFact): ClusterCheck {
  const [first] = unread
  return check(
    'resolv-conf-syntax',
    first === undefined,
    first === undefined ? 'Every line means something to the C libraries.' : `No library reads the line "${first}".`,
  )
}

/** kubelet writes NAMESPACE.svc.DOMAIN, svc.DOMAIN and DOMAIN into the file of every pod with `dnsPolicy: ClusterFirst`. */
function searchList({ vantage, resolvConf: { search } }: Standing): ClusterCheck {
  const id = 'namespace-search'
  const services = search.find((domain) => domain.startsWith('svc.'))
  if (services === undefined) {
    const where = search.length === 0 ? 'The search list is empty' : `The search list is ${search.join(' ')}`
    return vantage === 'pod'
      ? check(id, null, `${where}: short Service names do not resolve, as with dnsPolicy Default or None.`)
      : check(id, true, `${where}.`)
  }
  const missing = [
    ...(search.some((domain) => domain.endsWith(`.${services}`)) ? [] : [`NAMESPACE.${services}`]),
    ...(search.includes(services.slice('svc.'.length)) ? [] : [services.slice('svc.'.length)]),
  ]
  return check(
    id,
    missing.length === 0,
    missing.length === 0
      ? `Service names are searched in ${search.join(' ')}.`
      : `The search list lacks ${missing.join(' and ')}: ${search.join(' ')}.`,
  )
}

/** A name that most programs ask for. */
const USUAL_NAME = 'www.example.com'
const USUAL_DOTS = 2

/** resolv.conf(5): the last one holds, 1 where there is none. Any value is as somebody wants it; what it costs is good to know. */
function ndots({ options, search }: ResolvConfFact): ClusterCheck {
  const dots = Number.parseInt(
    options.findLast((option) => option.startsWith('ndots:'))?.slice('ndots:'.length) ?? '1',
    10,
  )
  const isSearched = dots > USUAL_DOTS && search.length > 0
  const way = isSearched ? `is tried under ${search.length} search domains first` : 'is asked as it is'
  return check('ndots', true, `ndots is ${dots}: ${USUAL_NAME} ${way}.`)
}

/** A server that takes its upstreams from a file which names itself, or the stub of systemd-resolved: queries go round. */
function loop({ vantage, resolvConf, handedOn, nodeLocalAddresses }: Standing): ClusterCheck {
  const id = 'systemd-resolved-loop'
  const file = handedOn ?? resolvConf
  const own = file.usedNameservers.find((address) => isLoopback(address) || nodeLocalAddresses?.includes(address))
  if (vantage === 'pod')
    return own !== undefined && isLoopback(own)
      ? check(id, false, `The nameserver ${own} is this pod itself.`)
      : check(id, null, 'Which file CoreDNS takes its upstreams from shows on a node only, and to the Kubernetes API.')
  if (own === undefined) return check(id, true, `${file.path} names no resolver of this machine itself.`)
  const round = `names ${own}, this machine itself: a CoreDNS or node-local DNS pod that forwards to it asks itself`
  return handedOn === null
    ? check(id, null, `${file.path} ${round}. Whether kubelet hands this file on does not show here.`)
    : check(
        id,
        false,
        `kubelet hands on ${file.path}, which ${round}; with systemd-resolved set resolvConf to /run/systemd/resolve/resolv.conf.`,
      )
}

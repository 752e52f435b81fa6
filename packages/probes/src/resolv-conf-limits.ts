/** What a resolv.conf asks for; only what the limits are about. */
type Asked = { nameservers: readonly string[]; search: readonly string[]; options: readonly string[] }

/** MAXNS in glibc's resolv.h and musl's lookup.h. */
const MAX_NAMESERVERS = 3
/** glibc before 2.26 (MAXDNSRCH and its buffer). */
const MAX_DOMAINS_OLD_GLIBC = 6
const MAX_SEARCH_OCTETS_OLD_GLIBC = 256
/** What musl's `line[256]` holds of it, besides the keyword, a blank, the line's end and a zero. */
const MAX_SEARCH_OCTETS_MUSL = 247
/** RES_MAXNDOTS, RES_MAXRETRANS and RES_MAXRETRY in glibc's resolv.h; resolvconf.c in musl. */
const MAX_OPTIONS = [
  { name: 'ndots', unit: '', glibc: 15, musl: 15 },
  { name: 'timeout', unit: ' s', glibc: 30, musl: 60 },
  { name: 'attempts', unit: '', glibc: 5, musl: 10 },
]

/** What a resolv.conf has above the limits of glibc or musl, one sentence each. */
export function resolvConfLimits({ nameservers, search, options }: Asked): string[] {
  return [
    ...nameserverLimits(nameservers),
    ...searchLimits(search),
    ...MAX_OPTIONS.flatMap((max) => optionLimits(max, options)),
  ]
}

function nameserverLimits(nameservers: readonly string[]): string[] {
  if (nameservers.length === 0) return ['No nameserver: glibc and musl ask 127.0.0.1.']
  const dropped = nameservers.slice(MAX_NAMESERVERS)
  const list = dropped.slice(0, 4).join(', ')
  return dropped.length === 0 ? [] : [`${nameservers.length} nameservers: glibc and musl use the first 3, not ${list}.`]
}

function searchLimits(search: readonly string[]): string[] {
  const octets = Buffer.byteLength(search.join(' '))
  const found: string[] = []
  if (search.length > MAX_DOMAINS_OLD_GLIBC) {
    found.push(`${search.length} search domains: glibc before 2.26 uses the first 6.`)
  }
  if (octets > MAX_SEARCH_OCTETS_OLD_GLIBC) {
    found.push(`A search list of ${octets} octets: glibc before 2.26 cuts it at 256.`)
  }
  if (octets > MAX_SEARCH_OCTETS_MUSL) {
    found.push(`A search list of ${octets} octets: musl ignores one above 247 as a whole.`)
  }
  return found
}

/** The last of several holds. */
function optionLimits({ name, unit, glibc, musl }: (typeof MAX_OPTIONS)[number], options: readonly string[]): string[] {
  const option = options.findLast((each) => each.startsWith(`${name}:`))
  const value = Number.parseInt(option?.slice(name.length + 1) ?? '', 10)
  if (!(value > glibc)) return []
  const inMusl = value > musl ? `musl ${musl}${unit}` : `musl takes it`
  return [`${name}:${value}: glibc takes at most ${glibc}${unit}, ${inMusl}.`]
}

import { isIP } from 'node:net'

/**
 * The addresses at which an aggregator may be, best first: none but the last kind needs the DNS that is on trial.
 * 1. configured addresses, 2. the ClusterIP that Kubernetes puts into the environment, 3. those of the last plan, 4. configured names.
 * @param planned anything in it that is no address is left out
 * @returns base URLs without duplicates, e.g. `http://198.51.100.7:8530`
 */
export function aggregatorAddresses(
  configured: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  planned: readonly string[],
): string[] {
  const named = configured.filter((url) => !hasAddress(url))
  const all = [
    ...configured.filter(hasAddress),
    ...fromEnvironment(environment),
    ...planned.filter(hasAddress),
    ...named,
  ]
  return [...new Set(all.map((url) => url.replace(/\/+$/, '')))]
}

/** Is this a URL that a push can go to? Without a password, since log lines name it, and without what would come after the push's path. */
export function isPushUrl(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, username, password, search, hash } = new URL(url)
  return protocol === 'http:' && `${username}${password}${search}${hash}` === ''
}

/** Kubernetes sets these for every Service that is older than the pod; the chart's Service is named so. */
function fromEnvironment(environment: Readonly<Record<string, string | undefined>>): string[] {
  const host = environment['ODDNODE_AGGREGATOR_SERVICE_HOST']
  const port = environment['ODDNODE_AGGREGATOR_SERVICE_PORT']
  if (!host || isIP(host) === 0) return []
  const url = `http://${isIP(host) === 6 ? `[${host}]` : host}${port ? `:${port}` : ''}`
  return isPushUrl(url) ? [url] : []
}

const hasAddress = (url: string): boolean => isPushUrl(url) && isIP(addressOf(url)) !== 0

/** The host of a URL, an IPv6 address without its brackets. */
export const addressOf = (url: string): string => new URL(url).hostname.replace(/^\[|\]$/g, '')

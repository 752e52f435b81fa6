import { isIP } from 'node:net'
import { type Cluster, isDnsName, type Names } from '@oddnode/protocol'
import { type Check, type CheckError, checkOf } from '@oddnode/protocol/checks'
import { default as generatedCheck } from '../generated/check-cluster.ts'

const checkCluster: Check<Cluster> = checkOf<Cluster>(generatedCheck)

/**
 * Reads the text of a cluster file.
 * @returns the cluster, or what is wrong with the text, with the JSON pointer (RFC 6901) to it. Never throws.
 */
export function readCluster(text: string): { cluster: Cluster } | { error: string } {
  const parsed = parse(text)
  if ('error' in parsed) return parsed
  const checked = checkCluster(parsed.value)
  if ('errors' in checked) return { error: checked.errors.slice(0, 1).map(errorText).join() }
  const wrong = wrongAddress(checked.value) ?? wrongName(checked.value)
  return wrong === undefined ? { cluster: checked.value } : { error: wrong }
}

function parse(text: string): { value: unknown } | { error: string } {
  try {
    return { value: JSON.parse(text) }
  } catch (error) {
    return { error: `is not JSON: ${error instanceof Error ? error.message : String(error)}` }
  }
}

function errorText({ pointer, message, params }: CheckError): string {
  const { additionalProperty, allowedValue, allowedValues } = params
  const allowed = allowedValues ?? allowedValue
  const extra = typeof additionalProperty === 'string' ? `: ${JSON.stringify(additionalProperty)} is none` : ''
  return `${pointer || '/'} ${message}${extra}${allowed === undefined ? '' : `: ${JSON.stringify(allowed)}`}`
}

/** A name in place of an address would have to be looked up by the DNS that is on trial. */
function wrongAddress({ dns, apiServer, canary }: Cluster): string | undefined {
  const lists: [string, readonly string[]][] = [
    ['/dns/addresses', dns.addresses],
    ['/dns/upstreamServiceAddresses', dns.upstreamServiceAddresses],
    ['/dns/nodeLocalAddresses', dns.nodeLocalAddresses],
    ['/dns/nodeLocalOwns', dns.nodeLocalOwns],
    ['/dns/upstreams', dns.upstreams],
    ['/dns/endpoints', dns.endpoints?.map(({ address }) => address) ?? []],
    ['/apiServer/address', apiServer === null ? [] : [apiServer.address]],
    ['/canary/addresses', canary?.addresses ?? []],
  ]
  for (const [pointer, addresses] of lists) {
    const wrong = addresses.find((address) => isIP(address) === 0)
    if (wrong !== undefined) return `${pointer} must be IP addresses: ${JSON.stringify(wrong)} is none`
  }
  return undefined
}

type NamedAt = { pointer: string; use: keyof Names; name: string | null | undefined }

/** Agents refuse a plan with a name that DNS cannot carry (RFC 1035 section 2.3.4). */
function wrongName({ dns, canary, largeNames = [] }: Cluster): string | undefined {
  const names: NamedAt[] = [
    { pointer: '/dns/clusterDomain', use: 'clusterDomain', name: dns.clusterDomain },
    { pointer: '/canary/name', use: 'canary', name: canary?.name },
    ...largeNames.map(({ name }, i): NamedAt => ({ pointer: `/largeNames/${i}/name`, use: 'external', name })),
  ]
  const wrong = names.find(({ use, name }) => typeof name === 'string' && !isDnsName(name, use))
  return (
    wrong &&
    `${wrong.pointer} must be labels of 1 to 63 octets with dots between them: ${JSON.stringify(wrong.name)} is not`
  )
}

import { isIP } from 'node:net'

export type AddressPort = { address: string; port: number }

/** Where DNS servers listen unless told otherwise (RFC 1035 section 4.2). */
export const DNS_PORT = 53

/**
 * Reads `192.0.2.1`, `192.0.2.1:5353`, `2001:db8::53` or `[2001:db8::53]:5353`, an IPv6 zone (`fe80::1%eth0`) included.
 * @returns null for anything else: a name above all, since a target is never looked up
 */
export function parseAddress(text: string, defaultPort: number): AddressPort | null {
  if (isIP(text) !== 0) return { address: text, port: defaultPort }
  const bracketed = /^\[([^\]]+)\](?::(\d{1,5}))?$/.exec(text)
  const plain = /^([^:[\]]+):(\d{1,5})$/.exec(text)
  const address = bracketed?.[1] ?? plain?.[1] ?? ''
  const family = isIP(address)
  if (family === 0 || (bracketed ? family !== 6 : family !== 4)) return null
  const port = Number(bracketed ? (bracketed[2] ?? defaultPort) : plain?.[2])
  return port >= 1 && port <= 65535 ? { address, port } : null
}

/** The text that `parseAddress` reads; the port is left out where it is the default. */
export function formatAddress({ address, port }: AddressPort, defaultPort?: number): string {
  if (port === defaultPort) return address
  return isIP(address) === 6 ? `[${address}]:${port}` : `${address}:${port}`
}

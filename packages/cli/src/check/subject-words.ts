import { targetWords } from '@oddnode/diagnosis'
import { DNS_PORT, formatAddress, type Target } from '@oddnode/protocol'

/** Who is asked, as the table and the verdict name it: `node-local DNS 169.254.20.10`, `server [2001:db8::53]:5353`. */
export function subjectWords(target: Target): string {
  const { role, learnedFrom } = target
  const address = formatAddress(target, DNS_PORT)
  if (isTrap(target)) return `${address}, where nobody lives`
  if (learnedFrom === 'configuration' && role === 'resolv-conf') return `server ${address}`
  return role === 'resolv-conf' ? `nameserver ${address}` : targetWords({ role, address })
}

/** No other upstream is known to a check: this is the address that `trap` asks (TEST-NET-1, RFC 5737). */
export const isTrap = ({ role, learnedFrom }: Target): boolean => role === 'upstream' && learnedFrom === 'configuration'

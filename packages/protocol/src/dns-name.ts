import type { Names } from './schema/plan.ts'

const LONGEST_NAME = 253
const LONGEST_LABEL = 63
/** Room for what questions put before the cluster's domain: `kubernetes.default.svc.`, or a label and our namespace. */
const LONGEST_PREFIX = 90

/** Can DNS carry the questions that are made of this name, which is without its final dot? (RFC 1035 section 2.3.4) */
export function isDnsName(name: string, use: keyof Names): boolean {
  const octets = Buffer.byteLength(name) + (use === 'clusterDomain' ? LONGEST_PREFIX : 0)
  const labels = name.split('.')
  return octets <= LONGEST_NAME && labels.every((label) => label !== '' && Buffer.byteLength(label) <= LONGEST_LABEL)
}

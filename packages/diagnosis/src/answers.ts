import type { Question } from '@oddnode/protocol'

/** Questions whose answer is the cluster's own and the same on every node: compared as a set. */
const comparedAsSet: ReadonlySet<Question> = new Set(['kubernetes', 'version', 'canary', 'pair', 'large', 'case'])

/**
 * What of an answer is compared between nodes, as a 32-bit fingerprint: equal for answers that are no difference. 0 where nothing is.
 *
 * Names of the cluster are compared as sets, never by order. `external` is compared by class only, private or public: behind one name
 * there are many addresses. Of `soa` the hour of the serial is compared, which CoreDNS makes the time of the last change that it saw:
 * nodes ask one after the other, and a change in between is no difference. `invalid` and `missing` are told by their RCODE, `identity`
 * differs by design.
 * @param answers sorted, without duplicates
 */
export function comparedAnswers(question: Question, answers: readonly string[]): number {
  if (question === 'external') return fingerprint([...new Set(answers.map(addressClass))].sort())
  if (question === 'soa') return fingerprint(answers.map(serialHour))
  return comparedAsSet.has(question) ? fingerprint(answers) : 0
}

/** The fingerprint of the same answers where their TTL does not count down. */
export const withFrozenTtl = (compared: number): number => (compared === 0 ? 0 : ~compared >>> 0 || 1)

const HOUR = 3600

/** MNAME, RNAME, and the serial by the hour (RFC 1035 section 3.3.13); what is no SOA record stays as it is. */
function serialHour(record: string): string {
  const [mname, rname, serial] = record.split(' ')
  return serial === undefined ? record : `${mname} ${rname} ${Math.floor(Number(serial) / HOUR)}`
}

/** `private` for addresses that no resolver on the Internet should give (RFC 1918, 3927, 4193, 4291, 6598, loopback), else `public`. */
export function addressClass(address: string): 'private' | 'public' {
  return isPrivateV4(address) || isPrivateV6(address) ? 'private' : 'public'
}

function isPrivateV4(address: string): boolean {
  return /^(?:0|10|127|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\.[\d.]+$/.test(
    address,
  )
}

function isPrivateV6(address: string): boolean {
  return /^(?:::1?$|f[cd][\da-f]{2}:|fe[89ab][\da-f]:)/i.test(address)
}

/** FNV-1a over the texts, with a mark between them; never 0, which means "not compared". */
function fingerprint(texts: readonly string[]): number {
  let hash = 0x811c9dc5
  for (const text of texts) {
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
    hash = Math.imul(hash ^ 0x1_0000, 0x01000193)
  }
  return hash >>> 0 || 1
}

/**
 * RCODE names as dig prints them.
 * @see https://www.iana.org/assignments/dns-parameters RFC 6895 section 2.3
 */
const names: Readonly<Record<number, string>> = {
  0: 'NOERROR',
  1: 'FORMERR',
  2: 'SERVFAIL',
  3: 'NXDOMAIN',
  4: 'NOTIMP',
  5: 'REFUSED',
  6: 'YXDOMAIN',
  7: 'YXRRSET',
  8: 'NXRRSET',
  9: 'NOTAUTH',
  10: 'NOTZONE',
  11: 'DSOTYPENI',
  16: 'BADVERS',
  17: 'BADKEY',
  18: 'BADTIME',
  19: 'BADMODE',
  20: 'BADNAME',
  21: 'BADALG',
  22: 'BADTRUNC',
  23: 'BADCOOKIE',
}

export const NOERROR = 0
export const SERVFAIL = 2
export const NXDOMAIN = 3
export const REFUSED = 5

/** The name of an RCODE (0 … 4095, extended ones included); `RCODE<n>` for one without a name. */
export function rcodeName(rcode: number): string {
  return names[rcode] ?? `RCODE${rcode}`
}

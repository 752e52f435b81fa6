import type { Question } from './closed-sets.ts'
import { NOERROR, NXDOMAIN } from './rcode.ts'

/**
 * The RCODEs that answer a question well; null where any does, [] where no answer at all is the good one (`trap` goes to an address
 * where nobody lives).
 */
export const expectedRcodes: Readonly<Record<Question, readonly number[] | null>> = {
  kubernetes: [NOERROR],
  version: [NOERROR],
  soa: [NOERROR],
  missing: [NXDOMAIN],
  external: [NOERROR],
  invalid: [NXDOMAIN],
  canary: [NOERROR],
  pair: [NOERROR],
  large: [NOERROR],
  case: [NOERROR],
  identity: null,
  wildcard: [NXDOMAIN],
  trap: [],
  connect: null,
  reach: null,
  health: null,
}

import type { Outcome } from '@oddnode/protocol'

/** What the kernel refused, as an outcome, and the name of its error. */
export type Failure = { outcome: Outcome; error: string }

/**
 * Errors of connect, send and receive that say something about the way to the target. EINVAL is how a blackhole route answers
 * (ip-route(8)); EACCES and EPERM are a prohibit route, a firewall's reject on output, or a missing right.
 */
const outcomes: Readonly<Record<string, Outcome>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'closed',
  EPIPE: 'closed',
  ENETUNREACH: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  ENETDOWN: 'unreachable',
  EINVAL: 'unreachable',
  EPERM: 'denied',
  EACCES: 'denied',
  ETIMEDOUT: 'timeout',
}

/** Everything else is the agent's own trouble: EMFILE, ENOBUFS, EADDRINUSE, … */
export function failureOf(error: NodeJS.ErrnoException): Failure {
  const code = error.code ?? error.message
  return { outcome: outcomes[code] ?? 'local-error', error: code }
}

import type { Verdict } from '../authentication.ts'
import { problemOf, RequestRefused } from '../http/problem.ts'

/** A rejected sender that may be right in a moment. */
const RETRY_SECONDS = 5

/** The answer to a push whose sender may not send it. */
export function refusalOf(verdict: Exclude<Verdict, 'accepted'>): RequestRefused {
  switch (verdict) {
    case 'missing':
      return unauthorised('Send the token, or the secret, as a Bearer token.')
    case 'wrong':
      return unauthorised('This is not the secret, or no token that is valid now and made for the audience oddnode.')
    case 'foreign':
      return forbidden("The token belongs to no pod of oddnode's namespace.")
    case 'another-node':
      return forbidden('The token is bound to another node than the one that the push is about.')
    case 'unverified':
      return new RequestRefused(
        'unverified',
        problemOf(503, 'Unverified', 'The Kubernetes API does not say now whether the token is good: push again.'),
        { 'retry-after': String(RETRY_SECONDS) },
      )
  }
}

function unauthorised(detail: string): RequestRefused {
  return new RequestRefused('unauthorised', problemOf(401, 'Unauthorised', detail), {
    'www-authenticate': 'Bearer realm="oddnode"',
  })
}

const forbidden = (detail: string): RequestRefused =>
  new RequestRefused('forbidden', problemOf(403, 'Forbidden', detail))

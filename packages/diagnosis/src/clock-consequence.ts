import { fill } from './template.ts'

/** What an offset breaks, with `{words}` that are others for several nodes: from so many seconds on, ahead (+) or behind (−). Ascending: the last one that is reached is the strongest. */
type Consequence = { ahead: number; behind: number; breaks: { ahead: string; behind: string } }

const both = (breaks: string) => ({ ahead: breaks, behind: breaks })

/**
 * The outside reasons for each number:
 * Ceph `mon_clock_drift_allowed` 50 ms (docs.ceph.com, health check MON_CLOCK_SKEW); CockroachDB stops a node at 80 % of
 * `--max-offset` 500 ms (cockroachdb/cockroach#62946); etcd warns from 1 s (etcd-io/etcd#16432); mesh certificates are backdated by
 * little (istio/istio#32176, hashicorp/vault#1036); GitHub App tokens of Argo CD say iat = now − 30 s and exp = now + 90 s
 * (docs.github.com); service account tokens have a minute of leeway (kubernetes/kubernetes#132993); Kerberos and AWS SigV4 allow 5 min.
 */
const consequences: readonly Consequence[] = [
  { ahead: 0.05, behind: 0.05, breaks: both('Ceph monitors warn of clock skew') },
  { ahead: 0.4, behind: 0.4, breaks: both('CockroachDB stops a node that is so far off') },
  { ahead: 1, behind: 1, breaks: both('the order of {its} logs, traces and writes is wrong, and etcd warns') },
  { ahead: Infinity, behind: 5, breaks: both('certificates that were issued just now are not yet valid there') },
  {
    ahead: 30,
    behind: 60,
    breaks: {
      ahead: 'tokens {issues} are refused: issued in the future',
      behind: '{refuses} fresh tokens: not yet valid there',
    },
  },
  { ahead: Infinity, behind: 90, breaks: both('tokens {issues} are refused as expired') },
  {
    ahead: 300,
    behind: 300,
    breaks: {
      ahead:
        'tokens {issues} are refused: issued in the future, and so are {its} Kerberos tickets and signed AWS requests',
      behind: 'tokens {issues} are refused as expired, and so are {its} Kerberos tickets and signed AWS requests',
    },
  },
]

// The words of the texts above.
const ofOne = { its: 'its', issues: 'it issues', refuses: 'it refuses' }
const ofSeveral = { its: 'their', issues: 'they issue', refuses: 'they refuse' }

/**
 * The strongest thing that an offset breaks, said for its sign, since ahead and behind break different things.
 * @param offsetSeconds + = ahead
 * @param count of nodes that it is said of
 * @returns null where nothing is known to break
 */
export function clockConsequence(offsetSeconds: number, count = 1): string | null {
  const size = Math.abs(offsetSeconds)
  const side = offsetSeconds < 0 ? 'behind' : 'ahead'
  const reached = consequences.filter((consequence) =>
    side === 'ahead' ? size > consequence.ahead : size > consequence.behind,
  )
  const breaks = reached.at(-1)?.breaks[side]
  return breaks === undefined ? null : fill(breaks, count === 1 ? ofOne : ofSeveral)
}

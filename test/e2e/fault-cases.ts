import { isLong } from './long.ts'

/** A fault that is made, and what the report must say of it. */
export type FaultCase = {
  /** As `$ODDNODE_FAULT NODE …` takes it. */
  make: string[]
  fault: string
  story: RegExp
  withinSeconds: number
  /** Gone so long after it was healed. */
  endsWithinSeconds: number
  /** Watched for so long once it is named: what follows from it is not told beside it. */
  watchSeconds?: number
  /** Agents must start anew to meet it. */
  restartAgents?: true
  /** It is in what agents are given at their start, and so begins when they are ready. */
  beginsWithAgents?: true
  /** Needs an NTP server that is asked. */
  needsNtp?: true
  /** Left to `npm run e2e -- --all`. */
  isLong?: true
}

const HARD = { withinSeconds: 45, endsWithinSeconds: 60 }
/** Two of its periods of 64 s. */
const NTP = { withinSeconds: 128, endsWithinSeconds: 60 }

export const faultCases: FaultCase[] = [
  // First: for ten minutes a share counts what the faults before have taken.
  {
    make: ['dns-loss', '20'],
    fault: 'dns-packets-lost-on-node',
    story: /loses (1[3-9]|2\d) % of its UDP queries/,
    ...HARD,
    isLong: true,
  },
  {
    make: ['pods-lose-node-local'],
    fault: 'pods-cannot-reach-node-local-dns',
    story: /pods cannot reach node-local DNS \S+ over UDP and TCP; the host can, and the ClusterIP \S+ answers/,
    ...HARD,
  },
  { make: ['kube-proxy-dead'], fault: 'service-rules-broken-on-node', story: /leads? nowhere/, ...HARD },
  {
    make: ['clock', '-94s'],
    fault: 'node-clock-wrong',
    story: /clock is 94(\.\d)? s behind the other nodes: tokens it issues are refused/,
    ...HARD,
    restartAgents: true,
  },
  { make: ['udp-53-dropped'], fault: 'udp-53-blocked', story: /UDP/, ...HARD, isLong: true },
  { make: ['tcp-53-dropped'], fault: 'tcp-53-blocked', story: /TCP/, ...HARD, isLong: true },
  { make: ['upstream-lost'], fault: 'upstream-resolver-failing', story: /upstream/i, ...HARD, isLong: true },
  {
    make: ['resolv-conf'],
    fault: 'upstream-resolver-failing',
    story: /the upstream resolver \S+ does not answer/,
    ...HARD,
    restartAgents: true,
    beginsWithAgents: true,
    isLong: true,
  },
  {
    make: ['ntp-lost'],
    fault: 'ntp-servers-unreachable',
    story: /reaches none of its NTP servers \(.+\); others do/,
    ...NTP,
    needsNtp: true,
    isLong: true,
  },
  // The last one: a node comes back with everything on it new.
  {
    make: ['dead'],
    fault: 'node-not-observed',
    story: /Nothing has been heard from/,
    withinSeconds: 75,
    endsWithinSeconds: 60,
    watchSeconds: isLong ? 45 : 20,
  },
]

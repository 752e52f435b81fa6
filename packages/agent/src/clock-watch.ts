import { askSecondOpinion, measureNtp, type NtpContext } from '@oddnode/probes'
import type { ClockSample, NtpServer } from '@oddnode/protocol'
import type { Random } from './spread.ts'
import { stoppable, type Time } from './time.ts'

export type ClockWatchContext = NtpContext & {
  onSample: (sample: ClockSample) => void
  time: Time
  random: Random
}

export type ClockWatch = {
  /** Measures against these from now on; one that was known keeps its turn. */
  setServers: (servers: readonly NtpServer[]) => void
  stop: () => void
}

type Watched = {
  server: NtpServer
  /** Doubled each time that the server asks to be spared. */
  slowness: number
  /** Monotonic seconds; null for never. */
  opinionAskedAt: number | null
}

/** The smallest offset that any verdict is about: faults.md section 6, clock spread. */
const SUSPECT_OFFSET_SECONDS = 0.05
/** `ntp-time-sync` sends a query of its own: seldom enough for any server. */
const OPINION_SECONDS = 600
/** The first measurements of a new list, so that agents of a roll-out do not ask together. */
const FIRST_WITHIN_SECONDS = 5
/** 64 s become 34 minutes: the catalogue wants a clock sample now and then even of a server that is short of patience. */
const MOST_SLOWNESS = 32

/**
 * Measures the node's clock against each NTP server in its period, jittered, one exchange of four packets at a time; slower each time
 * that a server asks to be spared, not at all after it says no (RFC 5905 section 7.4).
 */
export function watchClock(context: ClockWatchContext): ClockWatch {
  const { random } = context
  const time = stoppable(context.time)
  let watched = new Map<string, Watched>()
  const isWatched = (one: Watched) => watched.get(keyOf(one.server)) === one && !context.signal.aborted

  async function measure(one: Watched): Promise<void> {
    if (!isWatched(one)) return
    const sample = await measureNtp(one.server, context)
    const told = wantsOpinion(one, sample, time.now()) ? await withOpinion(one, sample) : sample
    if (!isWatched(one)) return
    context.onSample(told)
    const kiss = sample.outcome === 'kiss-of-death' ? sample.referenceId : undefined
    if (kiss === 'DENY' || kiss === 'RSTR') return
    if (kiss === 'RATE') one.slowness = Math.min(2 * one.slowness, MOST_SLOWNESS)
    measureIn(one, one.server.everySeconds * one.slowness * (0.9 + 0.2 * random()))
  }

  function measureIn(one: Watched, seconds: number) {
    time.after(seconds, () => void measure(one))
  }

  async function withOpinion(one: Watched, sample: ClockSample): Promise<ClockSample> {
    one.opinionAskedAt = time.now()
    const { offsetSeconds, uncertaintySeconds } = sample
    if (offsetSeconds === null || uncertaintySeconds === null) return sample
    const opinion = await askSecondOpinion(one.server, { offsetSeconds, uncertaintySeconds }, context)
    return 'error' in opinion ? sample : { ...sample, secondOpinion: opinion }
  }

  return {
    setServers: (servers) => {
      const before = watched
      watched = new Map(servers.map((server) => [keyOf(server), before.get(keyOf(server)) ?? unmeasured(server)]))
      for (const [key, one] of watched) {
        if (!before.has(key)) measureIn(one, random() * Math.min(FIRST_WITHIN_SECONDS, one.server.everySeconds))
      }
    },
    stop: time.stop,
  }
}

const keyOf = ({ address, port, everySeconds }: NtpServer) => `${address} ${port} ${everySeconds}`

const unmeasured = (server: NtpServer): Watched => ({ server, slowness: 1, opinionAskedAt: null })

/** Once at start, and again before a clock is called wrong: no node is accused on the word of one implementation. */
function wantsOpinion(
  { opinionAskedAt }: Watched,
  { offsetSeconds, uncertaintySeconds }: ClockSample,
  now: number,
): boolean {
  if (offsetSeconds === null || uncertaintySeconds === null) return false
  if (opinionAskedAt === null) return true
  const isSuspect = Math.abs(offsetSeconds) - uncertaintySeconds > SUSPECT_OFFSET_SECONDS
  return isSuspect && now - opinionAskedAt > OPINION_SECONDS
}

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
  /** Measurements in a row in which it was not heard. */
  silences: number
  /** The last second opinion that was asked for; null for never. */
  opinion: Opinion | null
}

type Opinion = {
  /** Monotonic seconds. */
  askedAt: number
  /** It was about a clock that looks wrong, and has done so since. */
  ofSuspect: boolean
  said: 'agreed' | 'disagreed' | 'nothing'
}

/** The smallest offset that any verdict is about: `thresholds.clockInfoSeconds` of an aggregator, by default. */
const SUSPECT_OFFSET_SECONDS = 0.05
/** `ntp-time-sync` sends a query of its own: while it agrees, seldom enough for any server. */
const OPINION_SECONDS = 600
/** The first measurements of a new list, so that agents of a roll-out do not ask together. */
const FIRST_WITHIN_SECONDS = 5
/** 64 s become 34 minutes: the catalogue wants a clock sample now and then even of a server that is short of patience. */
const MOST_SLOWNESS = 32

/** A server that falls silent is asked in half its period for some minutes: whether it is lost, and when it is back, must not take three. */
const HASTY_SILENCES = 8
const silent: ReadonlySet<ClockSample['outcome']> = new Set(['timeout', 'denied', 'refused', 'unreachable'])

/**
 * Measures the node's clock against each NTP server in its period, jittered, four to six packets at a time; sooner while one has just
 * fallen silent, slower each time that a server asks to be spared, not at all after it says no (RFC 5905 section 7.4).
 */
export function watchClock(context: ClockWatchContext): ClockWatch {
  const { random } = context
  const time = stoppable(context.time)
  let watched = new Map<string, Watched>()
  const isWatched = (one: Watched) => watched.get(keyOf(one.server)) === one && !context.signal.aborted

  async function measure(one: Watched): Promise<void> {
    if (!isWatched(one)) return
    const sample = await measureNtp(one.server, context)
    if (one.opinion && !isSuspect(sample)) one.opinion.ofSuspect = false
    const told = wantsOpinion(one, sample, time.now()) ? await withOpinion(one, sample) : sample
    if (!isWatched(one)) return
    context.onSample(told)
    const kiss = sample.outcome === 'kiss-of-death' ? sample.referenceId : undefined
    if (kiss === 'DENY' || kiss === 'RSTR') return
    if (kiss === 'RATE') one.slowness = Math.min(2 * one.slowness, MOST_SLOWNESS)
    one.silences = silent.has(sample.outcome) ? one.silences + 1 : 0
    measureIn(one, one.server.everySeconds * one.slowness * hasteOf(one) * (0.9 + 0.2 * random()))
  }

  function measureIn(one: Watched, seconds: number) {
    time.after(seconds, () => void measure(one))
  }

  async function withOpinion(one: Watched, sample: ClockSample): Promise<ClockSample> {
    const { offsetSeconds, uncertaintySeconds } = sample
    if (offsetSeconds === null || uncertaintySeconds === null) return sample
    const askedAt = time.now()
    const opinion = await askSecondOpinion(one.server, { offsetSeconds, uncertaintySeconds }, context)
    const ofSuspect = isSuspect(sample)
    if ('error' in opinion) {
      one.opinion = { askedAt, ofSuspect, said: 'nothing' }
      return sample
    }
    one.opinion = { askedAt, ofSuspect, said: opinion.agrees ? 'agreed' : 'disagreed' }
    return { ...sample, secondOpinion: opinion }
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

const unmeasured = (server: NtpServer): Watched => ({ server, slowness: 1, silences: 0, opinion: null })

const hasteOf = ({ silences }: Watched): number => (silences > 0 && silences <= HASTY_SILENCES ? 0.5 : 1)

/**
 * Once at start, again before a clock is called wrong, and then with every reading until the two agree: no node is accused on the word of
 * one implementation.
 */
function wantsOpinion({ opinion }: Watched, sample: ClockSample, now: number): boolean {
  if (sample.offsetSeconds === null) return false
  if (opinion === null || opinion.said === 'disagreed') return true
  if (!isSuspect(sample)) return false
  return !opinion.ofSuspect || opinion.said === 'nothing' || now - opinion.askedAt > OPINION_SECONDS
}

function isSuspect({ offsetSeconds, uncertaintySeconds }: ClockSample): boolean {
  return Math.abs(offsetSeconds ?? 0) - (uncertaintySeconds ?? 0) > SUSPECT_OFFSET_SECONDS
}

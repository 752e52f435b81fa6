import { isIPv4 } from 'node:net'
import type { ClockSample } from '@oddnode/protocol'
import { type ClockOffset, clockOffset, serverDistance } from './clock-offset.ts'
import type { NtpAddress, NtpContext } from './ntp.ts'

export type SecondOpinion = NonNullable<ClockSample['secondOpinion']>

/** Why there is no second opinion. */
export type NoSecondOpinion = { error: string }

/** A reading that is to be confirmed. */
export type FirstOpinion = Pick<ClockOffset, 'offsetSeconds' | 'uncertaintySeconds'>

type NetworkTime = Awaited<ReturnType<import('ntp-time-sync').NtpTimeSync['getNetworkTime']>>

/** `rootDelay` and `rootDispersion` come as dates since then. */
const NTP_EPOCH_MILLISECONDS = Date.UTC(1900, 0, 1)
/** Four `Date`s cut to a millisecond move the offset by less than 1 ms, and hide as much of half the delay. */
const CUT_SECONDS = 0.002
const SERVER_MODE = 4
const UNSYNCHRONISED_LEAP = 3
const MAX_STRATUM = 16

/**
 * `ntp-time-sync`'s reading of a server beside ours, so that no node is accused on the word of one implementation. Only its exchange
 * is used: its `getTime` takes absolute values of both legs and caches across instances. The library is loaded when first asked.
 *
 * It hears anybody, takes any origin timestamp and swallows socket errors, so its packet is checked here, and it never outlives
 * `closeSeconds`. It speaks IPv4 only, and reads era 0 only: from February 2036 it has no opinion.
 *
 * @param first our own reading of the same server
 * @returns never rejects
 */
export async function askSecondOpinion(
  server: NtpAddress,
  first: FirstOpinion,
  context: NtpContext,
): Promise<SecondOpinion | NoSecondOpinion> {
  if (!isIPv4(server.address)) return { error: 'ntp-time-sync speaks IPv4 only' }
  try {
    const sentAfter = Date.now()
    const time = await networkTime(server, context)
    return judged(time, sentAfter, first)
  } catch (cause) {
    return { error: cause instanceof Error ? cause.message : String(cause) }
  }
}

/** Rejects after `closeSeconds` or on abort, whatever the library does; its own socket closes after `closeSeconds`. */
async function networkTime({ address, port }: NtpAddress, { signal, closeSeconds }: NtpContext): Promise<NetworkTime> {
  const { NtpTimeSync } = await import('ntp-time-sync')
  const replyTimeout = closeSeconds * 1000
  const exchange = new NtpTimeSync({ servers: [address], replyTimeout }).getNetworkTime(address, port)
  const { promise: stopped, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(new Error('aborted'))
  const timer = setTimeout(() => reject(new Error('no reply')), replyTimeout)
  signal.addEventListener('abort', onAbort)
  if (signal.aborted) onAbort()
  try {
    return await Promise.race([exchange, stopped])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
  }
}

function judged(time: NetworkTime, sentAfter: number, first: FirstOpinion): SecondOpinion | NoSecondOpinion {
  const error = problemOf(time, sentAfter)
  if (error !== undefined) return { error }
  const { offsetSeconds, uncertaintySeconds } = readingOf(time)
  if (!Number.isFinite(offsetSeconds) || !Number.isFinite(uncertaintySeconds)) return { error: 'malformed reply' }
  const difference = Math.abs(offsetSeconds - first.offsetSeconds)
  return { offsetSeconds, uncertaintySeconds, agrees: difference <= uncertaintySeconds + first.uncertaintySeconds }
}

/** The library checks none of this in its exchange. */
function problemOf(time: NetworkTime, sentAfter: number): string | undefined {
  const { mode, stratum = 0, leapIndicator } = time
  if (mode !== SERVER_MODE) return `mode ${mode}`
  if (stratum === 0 || stratum >= MAX_STRATUM) return `stratum ${stratum}`
  if (leapIndicator === UNSYNCHRONISED_LEAP) return 'leap indicator 3'
  const origin = time.originTimestamp?.getTime() ?? Number.NaN
  // It was sent between these two instants, or it is not the reply to our request.
  const ours = origin >= sentAfter - 1 && origin <= time.destinationTimestamp.getTime()
  return ours ? undefined : 'origin timestamp is not ours'
}

function readingOf(time: NetworkTime): ClockOffset {
  const [t1, t2, t3, t4] = [
    time.originTimestamp,
    time.receiveTimestamp,
    time.transmitTimestamp,
    time.destinationTimestamp,
  ].map((date) => secondsOf(date, 0)) as [number, number, number, number]
  const distance = serverDistance(
    secondsOf(time.rootDelay, NTP_EPOCH_MILLISECONDS),
    secondsOf(time.rootDispersion, NTP_EPOCH_MILLISECONDS),
  )
  return clockOffset({ t1, t2, t3, t4 }, distance + CUT_SECONDS)
}

const secondsOf = (date: Date | undefined, since: number): number => ((date?.getTime() ?? Number.NaN) - since) / 1000

import { defaultThresholds, durationWords } from '@oddnode/diagnosis'
import { askSecondOpinion, measureNtp, type NtpContext } from '@oddnode/probes'
import { type ClockOutcome, type ClockSample, formatAddress, type NtpServer, type State } from '@oddnode/protocol'

/** This clock against one NTP server. */
export type ClockResult = Pick<ClockSample, 'outcome' | 'offsetSeconds' | 'uncertaintySeconds' | 'secondOpinion'> & {
  /** `192.0.2.123`, with a port where it is not 123. */
  server: string
  state: State
  words: string
}

const NTP_PORT = 123

/** Measures this clock against each server; no clock is called wrong on the word of one implementation. Never rejects. */
export const askClocks = (servers: readonly NtpServer[], context: NtpContext): Promise<ClockResult[]> =>
  Promise.all(servers.map((server) => askClock(server, context)))

async function askClock(server: NtpServer, context: NtpContext): Promise<ClockResult> {
  const sample = await measureNtp(server, context)
  return clockResult(server, await withOpinion(server, sample, context))
}

async function withOpinion(server: NtpServer, sample: ClockSample, context: NtpContext): Promise<ClockSample> {
  const { offsetSeconds, uncertaintySeconds } = sample
  if (offsetSeconds === null || uncertaintySeconds === null) return sample
  const opinion = await askSecondOpinion(server, { offsetSeconds, uncertaintySeconds }, context)
  return 'error' in opinion ? sample : { ...sample, secondOpinion: opinion }
}

/** What a reading says, with its sign: + is ahead. Two implementations that disagree say nothing. */
export function clockResult(server: Pick<NtpServer, 'address' | 'port'>, sample: ClockSample): ClockResult {
  const { outcome, offsetSeconds, uncertaintySeconds, secondOpinion } = sample
  const seen = { outcome, offsetSeconds, uncertaintySeconds, ...(secondOpinion && { secondOpinion }) }
  const result = (state: State, words: string) => ({ server: formatAddress(server, NTP_PORT), ...seen, state, words })
  if (offsetSeconds === null || uncertaintySeconds === null)
    return result(unmeasuredState(outcome), unmeasuredWords(sample))
  if (secondOpinion?.agrees === false)
    return result(
      'no-data',
      `two implementations disagree: ${signed(offsetSeconds)} and ${signed(secondOpinion.offsetSeconds)}`,
    )
  const beyond = Math.abs(offsetSeconds) - uncertaintySeconds
  return result(offsetState(beyond), `${directed(offsetSeconds)} (± ${durationWords(uncertaintySeconds)})`)
}

function offsetState(beyondSeconds: number): State {
  if (beyondSeconds > defaultThresholds.clockCriticalSeconds) return 'failing'
  return beyondSeconds > defaultThresholds.clockInfoSeconds ? 'degraded' : 'ok'
}

/** A server that somebody named and that cannot be used is a fault, though none of this clock. */
const unmeasuredState = (outcome: ClockOutcome): State => (outcome === 'local-error' ? 'no-data' : 'degraded')

function unmeasuredWords({ outcome, error }: ClockSample): string {
  const because = error === undefined ? '' : ` (${error})`
  switch (outcome) {
    case 'answered':
      return `answered without a time${because}`
    case 'timeout':
      return `no answer${because}`
    case 'refused':
      return `refused: no time server there${because}`
    case 'unreachable':
      return `no way there${because}`
    case 'denied':
      return `this machine's own filter let no query out${because}`
    case 'unsynchronised':
      return `it has no time itself${because}`
    case 'kiss-of-death':
      return `it asks to be left alone${because}`
    case 'malformed':
    case 'mismatch':
      return `an answer that cannot be used${because}`
    case 'local-error':
      return `not asked: this machine could not${because}`
  }
}

const signed = (seconds: number): string => `${seconds < 0 ? '−' : '+'}${durationWords(seconds)}`

const directed = (seconds: number): string => `${durationWords(seconds)} ${seconds < 0 ? 'behind' : 'ahead'}`

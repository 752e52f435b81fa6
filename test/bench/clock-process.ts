// The process that `clock.ts` watches: measures a server's clock again and again, and prints what it read as one line of JSON.
import { setTimeout as sleep } from 'node:timers/promises'
import { askSecondOpinion, measureNtp, type NtpAddress } from '@oddnode/probes'

/** What was read: seconds, + = this machine ahead. */
export type Reading = { offsetSeconds: number; uncertaintySeconds: number }

export type Readings = {
  /** `measureNtp`, in order. */
  measured: Reading[]
  /** `ntp-time-sync`, after all of the above. */
  secondOpinions: Reading[]
  /** CPU of one `measureNtp`, without the start of the process, in milliseconds. */
  cpuMilliseconds: number
}

/** So that each begins from rest, as in the agent, which measures once a minute. */
const REST_MILLISECONDS = 100

const [address = '', port = '', times = ''] = process.argv.slice(2)
const server: NtpAddress = { address, port: Number(port) }
const context = { signal: new AbortController().signal, closeSeconds: 2 }

const before = process.cpuUsage()
const measured = await repeat(measure)
const { user, system } = process.cpuUsage(before)
const secondOpinions = await repeat(() => askAnother(measured[0] as Reading))
const readings: Readings = { measured, secondOpinions, cpuMilliseconds: (user + system) / 1000 / measured.length }
process.stdout.write(JSON.stringify(readings))

async function repeat(read: () => Promise<Reading>): Promise<Reading[]> {
  const readings: Reading[] = []
  while (readings.length < Number(times)) {
    if (readings.length > 0) await sleep(REST_MILLISECONDS)
    readings.push(await read())
  }
  return readings
}

async function measure(): Promise<Reading> {
  const { outcome, offsetSeconds, uncertaintySeconds, error } = await measureNtp(server, context)
  if (offsetSeconds === null || uncertaintySeconds === null) throw new Error(`${outcome}: ${error}`)
  return { offsetSeconds, uncertaintySeconds }
}

async function askAnother(first: Reading): Promise<Reading> {
  const opinion = await askSecondOpinion(server, first, context)
  if ('error' in opinion) throw new Error(`ntp-time-sync: ${opinion.error}`)
  return opinion
}

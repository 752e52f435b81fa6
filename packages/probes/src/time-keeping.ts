import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Facts } from '@oddnode/protocol'
import { askChrony, CHRONY_PORT } from './chrony.ts'
import { readText } from './text-file.ts'

export type TimeKeepingFact = NonNullable<Facts['timeKeeping']>
type Keeper = Omit<TimeKeepingFact, 'clockSource'>
type Roots = { proc: string; sys: string; run: string }

/** timesyncd asks its server at least this often (timesyncd.conf(5), PollIntervalMaxSec=), and touches its file each time. */
const LONGEST_POLL_SECONDS = 2048
const MISSED_POLLS = 3
const NTP_PORT = 123

/** Only where systemd booted the machine would timesyncd show (sd_booted(3)). */
const SYSTEMD_RUNS = 'systemd/system'

const nobody: Keeper = { daemon: 'none', synchronised: null, maxErrorSeconds: null }

/**
 * Who keeps this node's clock right, as far as that shows without any right: chronyd by its command port, systemd-timesyncd by its
 * folder in /run. Only the host's network namespace has chronyd's port, so from another one this says nothing true.
 *
 * @returns undefined where nobody was found and somebody may be there unseen: an NTP daemon of another kind, a chronyd without its
 * port, a timesyncd whose /run is not mounted here
 */
export async function readTimeKeeping(
  { proc, sys, run }: Roots,
  chronyPort = CHRONY_PORT,
): Promise<TimeKeepingFact | undefined> {
  const keeper = (await chrony(chronyPort)) ?? (await timesyncd(run)) ?? (await isNobody(proc, run))
  if (!keeper) return undefined
  const source = await readText(join(sys, 'devices/system/clocksource/clocksource0/current_clocksource'))
  return { ...keeper, clockSource: source?.trim().slice(0, 32) || null }
}

async function chrony(port: number): Promise<Keeper | undefined> {
  const tracking = await askChrony(port)
  return tracking && { daemon: 'chrony', ...tracking }
}

/**
 * Its folder is there while it runs (RuntimeDirectory= of its unit), the file in it since the first synchronisation
 * (systemd-timesyncd.service(8)).
 */
async function timesyncd(run: string): Promise<Keeper | undefined> {
  const folder = join(run, 'systemd/timesync')
  if (!(await isThere(folder))) return undefined
  const touchedAt = await modifiedAt(join(folder, 'synchronized'))
  const age = touchedAt === undefined ? Number.POSITIVE_INFINITY : Date.now() / 1000 - touchedAt
  return { daemon: 'timesyncd', synchronised: age < MISSED_POLLS * LONGEST_POLL_SECONDS, maxErrorSeconds: null }
}

/** Looked for where both would show, and in the kernel's lists of sockets for any other. */
async function isNobody(proc: string, run: string): Promise<Keeper | undefined> {
  const [udp, udp6, unix] = await Promise.all(['udp', 'udp6', 'unix'].map((name) => readText(join(proc, 'net', name))))
  if (udp === undefined || unix === undefined || !(await isThere(join(run, SYSTEMD_RUNS)))) return undefined
  const isSeen = hasUdpPort(`${udp}\n${udp6 ?? ''}`, NTP_PORT) || unix.includes('chronyd.sock')
  return isSeen ? undefined : nobody
}

/** /proc/net/udp and udp6: the local address is the second column, its port in hexadecimal behind the colon. */
export const hasUdpPort = (sockets: string, port: number): boolean =>
  sockets.split('\n').some((line) => Number.parseInt(line.trim().split(/\s+/)[1]?.split(':')[1] ?? '', 16) === port)

const modifiedAt = (path: string): Promise<number | undefined> =>
  stat(path).then(
    ({ mtimeMs }) => mtimeMs / 1000,
    () => undefined,
  )

const isThere = async (path: string): Promise<boolean> => (await modifiedAt(path)) !== undefined

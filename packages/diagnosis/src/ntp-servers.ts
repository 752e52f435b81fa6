import type { Scope } from '@oddnode/protocol'
import { isFresh } from './clock-offsets.ts'
import type { View } from './fault.ts'
import type { ClockReading, Fleet, FleetAgent } from './fleet.ts'
import { sortedAgents } from './ledger.ts'

/** The last reading of an NTP server by one agent. */
export type ServerReading = { agent: FleetAgent; reading: ClockReading; server: string }

/** What a finding about an NTP server is about. */
export const ntpSubject = (server: string): NonNullable<Scope['subject']> => ({
  role: null,
  address: server,
  pod: null,
  node: null,
})

/** The readings of agents whose servers did not all answer well, as far as they are meant; by node, then vantage. */
export function troubledReadings({ fleet }: View, isMeant: (reading: ClockReading) => boolean): ServerReading[] {
  const found: ServerReading[] = []
  for (const agent of sortedAgents(fleet.ledger, fleet.agents)) {
    if (!agent.clockMemory.hasNtpTrouble) continue
    for (const reading of agent.clocks) {
      if (reading.sample.reference.kind !== 'ntp' || !isAsked(agent, reading) || !isMeant(reading)) continue
      found.push({ agent, reading, server: reading.sample.reference.address })
    }
  }
  return found
}

/** The plan still names the server. */
const isAsked = ({ plan }: FleetAgent, { sample }: ClockReading): boolean =>
  plan.ntp.some(({ address }) => address === sample.reference.address)

/** When some agent last got the time from a server; −Infinity for never. */
export function lastTimeFrom({ agents }: Fleet, server: string): number {
  let last = -Infinity
  for (const { clocks } of agents.values()) {
    for (const { sample, takenAt } of clocks) {
      const { kind, address } = sample.reference
      if (kind === 'ntp' && address === server && sample.outcome === 'answered') last = Math.max(last, takenAt)
    }
  }
  return last
}

/** Whether a server gives time now, without complaint, or is not asked any more: what was said of it may have ended. */
export function isServerWell(fleet: Fleet, server: string, at: number): boolean {
  let isPlanned = false
  for (const agent of fleet.agents.values()) {
    isPlanned ||= agent.plan.ntp.some(({ address }) => address === server)
    const reading = agent.clocks.find(
      ({ sample: { reference } }) => reference.kind === 'ntp' && reference.address === server,
    )
    if (reading === undefined || !isFresh(fleet, agent.plan, reading, at)) continue
    if (reading.sample.outcome === 'answered' && reading.sample.error === undefined) return true
  }
  return !isPlanned
}

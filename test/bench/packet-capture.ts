// The round trips that the kernel saw, from a capture of the loopback interface with nanosecond stamps.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type CleanUps, folder, start } from './servers.ts'

/** From the first packet of a query to the first of its answer. */
export type RoundTrip = { transport: 'udp' | 'tcp'; server: string; sentAt: number; seconds: number }

const NANOSECOND_MAGIC = 0xa1b23c4d
const ETHERNET_OCTETS = 14
const UDP = 17

/** @returns what ends the capture and gives the round trips of DNS queries to this port, in the order of their sending */
export async function capture(clean: CleanUps, port: number): Promise<() => Promise<RoundTrip[]>> {
  const file = join(folder(clean), 'capture.pcap')
  const { child } = start(clean, 'tcpdump', [
    '-i',
    'lo',
    '-Z',
    'root',
    '-s',
    '200',
    '--time-stamp-precision=nano',
    '-U',
    '-w',
    file,
    `port ${port}`,
  ])
  await sleep(1000)
  return async () => {
    await sleep(500)
    child.kill('SIGINT')
    await once(child, 'exit')
    return roundTrips(readFileSync(file), port)
  }
}

/** Pairs each query with the answer to its flow: source port and transport for one query each, as fresh ports are. */
export function roundTrips(pcap: Buffer, port: number): RoundTrip[] {
  if (pcap.readUInt32LE(0) !== NANOSECOND_MAGIC) throw new Error('not a capture with nanosecond stamps')
  const queries = new Map<string, number>()
  const trips: RoundTrip[] = []
  for (let at = 24; at + 16 <= pcap.length; ) {
    const seconds = pcap.readUInt32LE(at) + pcap.readUInt32LE(at + 4) / 1e9
    const length = pcap.readUInt32LE(at + 8)
    const packet = packetOf(pcap.subarray(at + 16, at + 16 + length))
    at += 16 + length
    if (packet.octets === 0) continue
    const { transport, sourcePort, destinationPort } = packet
    if (destinationPort === port) {
      queries.set(`${transport} ${sourcePort}`, seconds)
      continue
    }
    const flow = `${transport} ${destinationPort}`
    const sentAt = queries.get(flow)
    if (sentAt !== undefined) trips.push({ transport, server: packet.source, sentAt, seconds: seconds - sentAt })
    queries.delete(flow)
  }
  return trips.sort((a, b) => a.sentAt - b.sentAt)
}

function packetOf(frame: Buffer) {
  const ip = frame.subarray(ETHERNET_OCTETS)
  const ipOctets = ((ip[0] ?? 0) & 0xf) * 4
  const transport = ip[9] === UDP ? ('udp' as const) : ('tcp' as const)
  const segment = ip.subarray(ipOctets)
  const headerOctets = transport === 'udp' ? 8 : ((segment[12] ?? 0) >> 4) * 4
  return {
    transport,
    source: ip.subarray(12, 16).join('.'),
    sourcePort: segment.readUInt16BE(0),
    destinationPort: segment.readUInt16BE(2),
    octets: ip.readUInt16BE(2) - ipOctets - headerOctets,
  }
}

import type { Edns, Observation, SocketKind } from '@oddnode/protocol'

/** A question as it goes on the wire (RFC 1035 section 4.1.2). */
export type WireQuestion = {
  /** Absolute name without the final dot; the case is sent as it is. '' is the root. */
  name: string
  type: 'A' | 'AAAA' | 'TXT' | 'SOA' | 'NS' | 'PTR'
  class: 'IN' | 'CH'
}

/** One query to one server. */
export type DnsAsk = {
  /** IPv4 or IPv6 address. A name is a programming error: probes resolve nothing. */
  address: string
  port: number
  question: WireQuestion
  /** Absent: no OPT record is sent. */
  edns?: Edns
  /** UDP only. Default `connected`. */
  socket?: SocketKind
  /** UDP only: bind to this source port instead of a fresh random one. */
  sourcePort?: number
}

/** Who is asked for something else than DNS. */
export type ControlAsk = Pick<DnsAsk, 'address' | 'port'>

export type ProbeContext = {
  /** Aborts when the agent stops: every probe then resolves at once, as `local-error`, and keeps no socket. */
  signal: AbortSignal
  /** Seconds after which an answer is `late`. */
  deadlineSeconds: number
  /** Seconds for which the socket is kept; at least the deadline. */
  closeSeconds: number
}

/** Resolves for every measured failure; rejects only for a programming error. */
export type Probe<Ask> = (ask: Ask, context: ProbeContext) => Promise<Observation>

/** The part of dns-packet 5.6.1 that is used here: it ships no types. */
declare module 'dns-packet' {
  export type Question = { name: string; type: string; class: string }

  export type Option = { code: number; data: Uint8Array }

  export type Opt = {
    type: 'OPT'
    name: string
    udpPayloadSize: number
    extendedRcode: number
    ednsVersion: number
    flags: number
    options: Option[]
  }

  /** `data` depends on the type: an address, a name, `Uint8Array[]` for TXT, … */
  export type Resource = { type: string; name: string; class: string; ttl: number; data: unknown }

  export type Packet = {
    id: number
    type: 'query' | 'response'
    /** The second 16 bits of the header without QR. */
    flags: number
    questions: Question[]
    answers: (Resource | Opt)[]
    authorities: (Resource | Opt)[]
    additionals: (Resource | Opt)[]
  }

  /** Bit in `flags`. */
  export const RECURSION_DESIRED: number

  /** @throws on a type that it cannot encode, and on data of the wrong shape */
  export function encode(packet: Partial<Packet>): Buffer

  /** @throws on most input that is not a DNS message */
  export function decode(message: Uint8Array): Packet

  /** The codec of a type's RDATA; `offset` is where the RDLENGTH before it begins. */
  export function record(type: 'A' | 'AAAA'): { decode(message: Uint8Array, offset: number): string }
}

// The replies that cost a reader most, for their size.
import { rawReply } from './dns-server.ts'

/** Each at most `octets` long, by name. */
export function hostileReplies(query: Buffer, octets: number): Record<string, Buffer> {
  const room = octets - headOf(query)
  return {
    'pointers to pointers': pointerChain(query, room, 1_024),
    'empty strings': oneRecord(query, 16, Buffer.alloc(room - 11)),
    'empty options': rawReply(query, [0, 0, 1], record(41, Buffer.alloc((room - 11) & ~3))),
    'empty bitmaps': oneRecord(query, 47, Buffer.alloc((room - 11) & ~1)),
    'empty records': rawReply(query, [1_024, 0, 0], Buffer.alloc(Math.min(room, 1_024 * 11))),
    'long labels': longLabels(query, room),
    'names to escape': namesToEscape(query, room),
    zeros: rawReply(query, [1_024, 0, 0], Buffer.alloc(room)),
    ones: rawReply(query, [1_024, 0, 0], Buffer.alloc(room, 0xff)),
  }
}

/** Octets of a reply before its first record. */
const headOf = (query: Buffer) => rawReply(query, [0, 0, 0], Buffer.alloc(0)).length

/** One record of the root. */
function record(type: number, rdata: Buffer): Buffer {
  const head = Buffer.alloc(11)
  head.writeUInt16BE(type, 1)
  head.writeUInt16BE(1, 3)
  head.writeUInt16BE(rdata.length, 9)
  return Buffer.concat([head, rdata])
}

const oneRecord = (query: Buffer, type: number, rdata: Buffer) => rawReply(query, [1, 0, 0], record(type, rdata))

/** A long chain of pointers in one record, and others of type CNAME whose two names follow the whole of it. */
function pointerChain(query: Buffer, room: number, most: number): Buffer {
  const followers = Math.min(most - 1, Math.floor(room / 28))
  const chain = Buffer.alloc((room - 11 - 14 * followers) & ~1)
  const start = headOf(query) + 11
  for (let i = 2; i < chain.length && start + i <= 0x3fff; i += 2) chain.writeUInt16BE(0xc000 | (start + i - 2), i)
  const end = 0xc000 | Math.min(start + chain.length - 2, 0x3ffe)
  const follower = Buffer.from([end >> 8, end & 0xff, 0, 5, 0, 1, 0, 0, 0, 0, 0, 2, end >> 8, end & 0xff])
  const followed = Array.from({ length: followers }, () => follower)
  return rawReply(query, [followers + 1, 0, 0], Buffer.concat([record(10, chain), ...followed]))
}

/** Names of 127 labels, each record pointing to the first. */
function longLabels(query: Buffer, room: number): Buffer {
  const name = Buffer.concat([...Array.from({ length: 126 }, () => Buffer.from([1, 0x61])), Buffer.from([0])])
  const start = headOf(query) + 11
  const pointer = Buffer.from([
    0xc0 | (start >> 8),
    start & 0xff,
    0,
    5,
    0,
    1,
    0,
    0,
    0,
    0,
    0,
    2,
    0xc0 | (start >> 8),
    start & 0xff,
  ])
  const records = Math.min(1_023, Math.floor((room - 11 - name.length) / pointer.length))
  return rawReply(
    query,
    [records + 1, 0, 0],
    Buffer.concat([record(5, name), ...Array.from({ length: records }, () => pointer)]),
  )
}

/** Records that all point to one name of 250 octets, each of which is written as four characters. */
function namesToEscape(query: Buffer, room: number): Buffer {
  const label = (octets: number) => Buffer.concat([Buffer.from([octets]), Buffer.alloc(octets, 1)])
  const name = Buffer.concat([label(63), label(63), label(63), label(61), Buffer.from([0])])
  const start = headOf(query) + 11
  const pointer = Buffer.from([0xc0 | (start >> 8), start & 0xff])
  const follower = Buffer.concat([pointer, Buffer.from([0, 5, 0, 1, 0, 0, 0, 0, 0, 2]), pointer])
  const records = Math.min(680, Math.floor((room - 11 - name.length) / follower.length))
  return rawReply(
    query,
    [records + 1, 0, 0],
    Buffer.concat([record(5, name), ...Array.from({ length: records }, () => follower)]),
  )
}

// Prints the milliseconds of CPU that each hostile reply takes in this process, with the flags that it was started with, as JSON.
import { encodeQuery } from '../src/query.ts'
import { MAX_REPLY_OCTETS, readReply } from '../src/reply.ts'
import { cpuMilliseconds } from './cpu.ts'
import { pointerFlood } from './dns-server.ts'
import { hostileReplies } from './hostile-replies.ts'

const question = { name: 'kubernetes.default.svc.cluster.local', type: 'A', class: 'IN' } as const
const query = encodeQuery({ question, edns: { udpPayloadSize: 1232, nsid: true } })
const hostile = { ...hostileReplies(query.message, MAX_REPLY_OCTETS), flood: pointerFlood(query.message) }
const costs = Object.entries(hostile).map(([name, message]) => [name, cpuMilliseconds(() => readReply(query, message))])
process.stdout.write(JSON.stringify(Object.fromEntries(costs)))

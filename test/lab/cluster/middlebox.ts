import { setTimeout as wait } from 'node:timers/promises'
import type { Lab } from './lab.ts'
import { script } from './programs.ts'

/** Something in the way of DNS, in the namespace that the packets pass. */
export type Middlebox = {
  /** The namespace that it stands in. */
  member: string
  /** The server whose queries it takes. */
  server: string
  /** An address of the namespace that it listens on. Absent: the server's own. */
  address?: string
  /** Of whose queries, as nft(8) matches them: `ip saddr 10.244.3.0/24`. Absent: everybody's. */
  clients?: string
  /** What it does: see servers/middlebox.ts. */
  change: readonly string[]
}

/** What a middlebox asks the server itself is told from the rest by this group. */
const GROUP = 5300
let port = 5300

/** Puts it there, until `removeMiddleboxes`. */
export async function interpose(
  lab: Lab,
  { member, server, clients = '', change, address = server }: Middlebox,
): Promise<void> {
  const listenPort = ++port
  const [name, table] = [`middlebox ${listenPort}`, `middlebox-${listenPort}`]
  // A flow that keeps its port would stay with the one whom it was first translated to.
  await lab.namespaces.run(member, ['sh', '-c', FORGET_FLOWS_SOON])
  lab.processes.define(name, member, [
    ...['setpriv', '--regid', `${GROUP}`, '--clear-groups'],
    ...script('middlebox', address, `${listenPort}`, server, ...change),
  ])
  lab.processes.start(name)
  await untilListening(lab, member, listenPort)
  await lab.namespaces.run(
    member,
    ['nft', '-f', '-'],
    redirection(table, `${clients} ip daddr ${server}`, `${address}:${listenPort}`),
  )
  lab.middleboxes.push({ name, member, table })
}

const STARTING_SECONDS = 60

/** A program that is still starting refuses what comes: that would be another fault. */
async function untilListening({ namespaces }: Lab, member: string, listenPort: number): Promise<void> {
  for (const end = performance.now() + STARTING_SECONDS * 1000; performance.now() < end; await wait(50)) {
    const sockets = await namespaces.run(member, ['ss', '-Hlntu', `sport = :${listenPort}`])
    if (sockets.includes('udp') && sockets.includes('tcp')) return
  }
  throw new Error(`the middlebox on port ${listenPort} of ${member} does not listen`)
}

/** The way is clear again. */
export async function removeMiddleboxes(lab: Lab): Promise<void> {
  const removed = lab.middleboxes.splice(0).map(async ({ name, member, table }) => {
    await lab.namespaces.run(member, ['nft', 'delete', 'table', 'ip', table])
    await lab.processes.stop(name)
  })
  await Promise.all(removed)
}

const FORGET_FLOWS_SOON =
  'cd /proc/sys/net/netfilter && echo 1 > nf_conntrack_udp_timeout && echo 1 > nf_conntrack_udp_timeout_stream'

const redirection = (table: string, match: string, to: string): string => `table ip ${table} {
  chain redirection {
    ${match} udp dport 53 dnat to ${to}
    ${match} tcp dport 53 dnat to ${to}
  }
  chain prerouting { type nat hook prerouting priority -110; jump redirection; }
  chain output { type nat hook output priority -110; meta skgid ${GROUP} return; jump redirection; }
}
`

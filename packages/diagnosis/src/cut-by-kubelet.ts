import type { ClusterEvent } from '@oddnode/protocol'
import type { View } from './fault.ts'

/** MAXNS of glibc and musl: kubelet cuts the file to so many before a pod gets it. */
export const MOST_NAMESERVERS = 3
/** kubelet tells again every few minutes, for as long as it cuts. */
const EVENT_SECONDS = 900

type Cut = Map<string, ClusterEvent>

/** What kubelet said lately when it cut the nameservers of a node's resolv.conf, by the node's name. */
export const nameserversCut = (view: View): Cut => eventsThat(view, /nameserver limits/i)

/** The same of its search list. */
export const searchCut = (view: View): Cut => eventsThat(view, /search line limits/i)

function eventsThat({ fleet, at }: View, say: RegExp): Cut {
  const events = fleet.cluster?.events.filter(
    ({ reason, lastSeenAt, message }) =>
      reason === 'DNSConfigForming' && at - lastSeenAt <= EVENT_SECONDS && say.test(message),
  )
  return new Map(events?.flatMap((event) => (event.node === null ? [] : [[event.node, event]])))
}

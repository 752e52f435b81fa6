import type { Observation, Plan, SocketKind } from '@oddnode/protocol'
import type { Taken } from './follow-up.ts'

/**
 * Asks one probe of a plan; never rejects.
 * @param turn how often this probe was asked before: some questions go through names in turn
 */
export type AskProbe = (plan: Plan, probe: number, turn: number, socket: SocketKind) => Promise<Observation>

export type Asker = { ask: (probe: number) => Promise<Taken>; isInFlight: (probe: number) => boolean }

/** Keeps what each probe of a plan needs to be asked: its turn, the socket to use, whether it is under way. */
export function createAsker(plan: Plan, askProbe: AskProbe, now: () => number): Asker {
  const turns = plan.probes.map(() => 0)
  const sockets: SocketKind[] = plan.probes.map(() => 'connected')
  const inFlight = plan.probes.map(() => false)
  return {
    isInFlight: (probe) => inFlight[probe] === true,
    ask: async (probe) => {
      const turn = turns[probe] ?? 0
      turns[probe] = turn + 1
      inFlight[probe] = true
      const sentAt = now()
      const observation = await askProbe(plan, probe, turn, sockets[probe] ?? 'connected')
      inFlight[probe] = false
      sockets[probe] = nextSocket(observation)
      return { probe, sentAt, observation }
    },
  }
}

/**
 * A connected socket sees a refusal and hides an answer from the wrong source, an unconnected one the other way round: so after a timeout
 * the other kind is tried, and kept while it sees what the first one hid.
 */
function nextSocket({ outcome, socket }: Observation): SocketKind {
  const triedConnected = outcome === 'timeout' && socket === 'connected'
  return triedConnected || outcome === 'wrong-source' ? 'unconnected' : 'connected'
}

import { agentKey, type Fleet, type FleetAgent, isRemembered, probeKeys, type RoundEffect } from '@oddnode/diagnosis'
import type { Plan } from '@oddnode/protocol'
import { createClockHistory } from './clock-history.ts'
import type { AgentChangeRow, Batch, NodeChangeRow, Presence } from './store/store.ts'

/** What of an agent is known before a push is applied. */
export type BeforePush = Pick<FleetAgent, 'plan' | 'lastSeen'>

/**
 * Notes what changed besides states and findings, for whoever asks for the past: which nodes and agents there are, how they are heard, what
 * their clocks read, and what the cluster's picture says. What did not change is not noted again, but all of it when the aggregator begins to listen anew.
 */
export type History = {
  /** After a push. @param before null for an agent that had never pushed */
  pushed: (agent: FleetAgent, effect: RoundEffect, before: BeforePush | null, at: number) => Partial<Batch> | null
  /** After the picture of the cluster changed. */
  clusterTaken: (at: number) => Pick<Batch, 'agentChanges' | 'nodeChanges' | 'pictures'>
  /** Now and then, for each agent: nobody tells when one falls silent. */
  looked: (agent: FleetAgent, at: number) => AgentChangeRow[]
  /** Each second. @returns all that is known where the aggregator began to listen anew, else null */
  ticked: (at: number) => Partial<Batch> | null
  /** All that is known, noted before or not. */
  all: (at: number) => Pick<Batch, 'agentChanges' | 'nodeChanges' | 'pictures'>
}

export function createHistory(fleet: Fleet): History {
  const agents = new Map<string, Noted>()
  const nodes = new Map<string, string>()
  const clocks = createClockHistory()
  let picture = ''
  let listeningSince = Number.NaN

  function presenceRows(agent: FleetAgent, lastSeen: number | null, at: number): AgentChangeRow[] {
    const key = agentKey(agent.node, agent.vantage)
    const presence = presenceOf(agent, lastSeen)
    const gist = JSON.stringify(presence)
    const known = agents.get(key)
    if (known?.gist === gist) return []
    // It was heard for the last time before anybody could tell; what was noted after that stands.
    const notedAt = known === undefined ? at : Math.max(lastSeen ?? at, known.notedAt)
    agents.set(key, { gist, notedAt })
    return [{ notedAt, agent: key, presence }]
  }

  function nodeRows(name: string, at: number): NodeChangeRow[] {
    const node = fleet.nodes.get(name)
    const gist = node === undefined ? undefined : JSON.stringify(node)
    if (nodes.get(name) === gist) return []
    if (gist === undefined) nodes.delete(name)
    else nodes.set(name, gist)
    return [{ notedAt: at, name, node: node === undefined ? null : { ...node } }]
  }

  function goneAgents(at: number): AgentChangeRow[] {
    const gone = [...agents.keys()].filter((key) => !fleet.agents.has(key))
    for (const key of gone) {
      agents.delete(key)
      clocks.forgetAgent(key)
    }
    return gone.map((agent) => ({ notedAt: at, agent, presence: null }))
  }

  function pictureRows(at: number): Batch['pictures'] {
    const { checks, hidden } = fleet.cluster ?? { checks: [], hidden: [] }
    const gist = JSON.stringify([checks, hidden])
    if (gist === picture) return []
    picture = gist
    return [{ notedAt: at, checks, hidden }]
  }

  /** When a silent agent was heard last; null for one that is heard. */
  const silentSince = (agent: Pick<FleetAgent, 'lastSeen'>, at: number): number | null =>
    isRemembered(fleet, agent) || at - agent.lastSeen > unheardSeconds(fleet) ? agent.lastSeen : null

  const clusterTaken: History['clusterTaken'] = (at) => ({
    nodeChanges: [...new Set([...fleet.nodes.keys(), ...nodes.keys()])].flatMap((name) => nodeRows(name, at)),
    agentChanges: goneAgents(at),
    pictures: pictureRows(at),
  })

  const all: History['all'] = (at) => {
    listeningSince = fleet.listeningSince
    agents.clear()
    nodes.clear()
    clocks.clear()
    picture = ''
    const agentChanges = [...fleet.agents.values()].flatMap((agent) => presenceRows(agent, silentSince(agent, at), at))
    return { ...clusterTaken(at), agentChanges }
  }

  return {
    pushed: (agent, effect, before, at) => {
      const unheardSince = before === null ? null : silentSince(before, at)
      const isNews = effect.newAgent || effect.planChanged || effect.stoppedChanged || effect.factsChanged
      const moved = clocks.pushed(agent)
      if (!isNews && unheardSince === null) return moved.length === 0 ? null : { clocks: moved }
      return {
        clocks: moved,
        agentChanges: [
          ...(unheardSince === null ? [] : presenceRows(agent, unheardSince, at)),
          ...presenceRows(agent, null, at),
        ],
        nodeChanges: nodeRows(agent.node, at),
        changes: effect.planChanged && before !== null ? leftOut(agent, before.plan, at) : [],
      }
    },
    clusterTaken,
    looked: (agent, at) => presenceRows(agent, silentSince(agent, at), at),
    ticked: (at) => (fleet.listeningSince === listeningSince ? null : all(at)),
    all,
  }
}

/** What was noted of an agent last, and when. */
type Noted = { gist: string; notedAt: number }

/** Agents push each 15 s ± 20 %: one that was not heard for this long is silent, or may be soon. */
const unheardSeconds = ({ thresholds }: Fleet): number =>
  Math.min(thresholds.silentSeconds, thresholds.silentNotReadySeconds)

const presenceOf = (
  { version, plan, firstSeen, stopped, droppedRounds }: FleetAgent,
  lastSeen: number | null,
): Presence => ({ version, planId: plan.id, firstSeen, stopped, droppedRounds, lastSeen })

/** Probes that an agent is not asked any more. */
function leftOut({ node, vantage, plan }: FleetAgent, before: Plan, at: number): Batch['changes'] {
  const kept = new Set(probeKeys(plan))
  const agent = agentKey(node, vantage)
  return probeKeys(before)
    .filter((key) => !kept.has(key))
    .map((key) => ({ notedAt: at, agent, key, state: null }))
}

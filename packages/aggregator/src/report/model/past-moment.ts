import { createFleet, type Fleet, type FleetNode, remember, type Thresholds } from '@oddnode/diagnosis'
import type { ReportNode } from '@oddnode/protocol'
import type { Past } from '../../store/store.ts'
import { type FleetInput, momentOfFleet } from './fleet-moment.ts'
import { pictureOfLoneMachine } from './lone-machine.ts'
import type { Moment } from './moment.ts'
import { createSummaries } from './node-summary.ts'
import { nodeView } from './node-view.ts'
import { MAX_ENDED, type ViewInput } from './view.ts'

/** Clocks that stay as they are are noted every ten minutes: a reading counts for that long, and the rounds until it is noted. */
const CLOCK_SECONDS = 720

const NODES_PER_STEP = 50

/** A moment of the past, step by step, as it was told then. Agents are fetched node by node: a second fleet would take a second memory. */
export function* momentOfPast(
  past: Past,
  input: Pick<ViewInput, 'cluster' | 'version'> & { thresholds: Thresholds; discovers: boolean },
): Generator<void, Moment, void> {
  const fleet = fleetOf(past, input.thresholds)
  for (const node of past.nodes()) {
    fleet.nodes.set(node.name, node)
    if (fleet.nodes.size % NODES_PER_STEP === 0) yield
  }
  const { cluster, version, discovers } = input
  return yield* momentOfFleet({
    fleet,
    cluster,
    version,
    picture: discovers ? past.picture : pictureWithout(past, fleet),
    storage: null,
    ended: past.findings.filter(({ ended }) => ended !== null).slice(0, MAX_ENDED),
    past: true,
    keepsPast: true,
    namespace: null,
    visit: visitor(past, fleet),
    summaries: createSummaries(),
    latency: null,
  })
}

/** Where nobody told what the cluster was. */
function pictureWithout(past: Past, fleet: Fleet): ViewInput['picture'] {
  const [node, ...others] = fleet.nodes.values()
  if (node === undefined || others.length > 0) return pictureOfLoneMachine(fleet)
  return visitor(past, fleet)(node, () => pictureOfLoneMachine(fleet))
}

/** A node of the past with all its probes, without a look at any other; null where there was none of this name. */
export function pastNode(past: Past, thresholds: Thresholds, name: string): ReportNode | null {
  const node = past.node(name)
  if (node === null) return null
  const fleet = fleetOf(past, thresholds)
  fleet.nodes.set(name, node)
  return visitor(past, fleet)(node, () => nodeView(fleet, node))
}

function fleetOf({ at, listeningSince, findings }: Past, thresholds: Thresholds): Fleet {
  const staleSeconds = Math.max(thresholds.staleSeconds, CLOCK_SECONDS)
  const fleet = createFleet(listeningSince, { ...thresholds, staleSeconds })
  fleet.now = at
  // Whether its own clock was set is not remembered.
  fleet.clockSince = -Infinity
  for (const finding of findings) if (finding.ended === null) fleet.findings.set(finding.id, finding)
  return fleet
}

/** Puts the agents of a node into the fleet while they are looked at. */
function visitor(past: Past, fleet: Fleet): FleetInput['visit'] {
  return <T>(node: FleetNode, look: () => T): T => {
    const { plans, agents } = past.agentsOf(node.name)
    remember(fleet, { plans, agents, findings: [] }, (plan) => plan)
    try {
      return look()
    } finally {
      fleet.agents.clear()
    }
  }
}

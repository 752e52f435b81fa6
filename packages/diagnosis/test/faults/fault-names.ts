import type { Finding } from '@oddnode/protocol'
import { faultWorld, named, type ProbeOf, type Sees, type Setting, worldOf } from './fault-world.ts'

/** The names of what is visible. */
export const faultsOf = (findings: readonly Finding[]): string[] => findings.map(({ fault }) => fault)

/** The names of what is visible after eight rounds of it. */
export const namesOf = (sees: Sees, setting: Setting = {}): string[] => faultsOf(named(worldOf(sees, setting)))

/** Whether a fault is found at some time in so many rounds of it, covered by another one or not. */
export function isFound(name: string, sees: Sees, setting: Setting = {}, rounds = 8): boolean {
  const { world, run } = faultWorld(setting)
  run(rounds, sees)
  return [...world.fleet.findings.values()].some(({ fault }) => fault === name)
}

const isFirst = ({ question, transport }: ProbeOf) => question === 'kubernetes' && transport === 'udp'

/** What is wrong shows on some probes, and on the others two rounds later: after three rounds of it nothing is decided yet. */
export const oneByOne =
  (sees: Sees, first: (probe: ProbeOf) => boolean = isFirst): Sees =>
  (node, probe, round) =>
    round < 7 && !first(probe) ? null : sees(node, probe, round)

/** What a transport loses from the sixth round of all on, and two rounds later the other one as well. */
export const followedByOther =
  (sees: Sees, transport: 'udp' | 'tcp'): Sees =>
  (node, probe, round) => {
    if (probe.transport === transport) return round < 6 ? null : sees(node, probe, round)
    return round > 7 ? sees(node, { ...probe, transport }, round) : null
  }

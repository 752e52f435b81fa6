import type { LargeName, PlanInput } from '@oddnode/protocol'
import { planWith } from './fault-plan.ts'
import type { ProbeOf } from './fault-world.ts'

/** Names of oddnode's own, one for each size that is asked. */
export const largeNames: LargeName[] = [512, 1232, 1400, 1460, 1800, 4000].map((octets) => ({
  name: `large-${octets}.oddnode.svc.cluster.local`,
  octets,
}))

/** The plan with large answers in it. */
export const largePlan = (changes: Partial<PlanInput> = {}) => planWith({ large: largeNames, ...changes })

/** A large answer of at least so many octets. */
export const isLarge = ({ question, size = 0 }: ProbeOf, octets: number): boolean =>
  question === 'large' && size >= octets

/** Whether a CoreDNS pod is on another node: node-1 and node-3 have one. */
export const isRemote = (node: string, { address }: ProbeOf): boolean =>
  address !== (node === 'node-1' ? '10.244.1.2' : node === 'node-3' ? '10.244.3.2' : '')

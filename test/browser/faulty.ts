import { observationOf } from '@oddnode/protocol'
import type { Simulation } from './product.ts'

/** `node-1`, `node-2`, … */
export const nodeNames = (count: number): string[] => Array.from({ length: count }, (_, i) => `node-${i + 1}`)

/** A cluster where all is well. */
export const well = (nodes: readonly string[]): Simulation => ({ nodes })

/** Pods of one node get no answer from node-local DNS, and the last node's clock is behind. */
export const faulty = (nodes: readonly string[], odd: readonly string[] = nodes.slice(1, 2)): Simulation => ({
  nodes,
  see: (node, vantage, _probe, role) =>
    odd.includes(node) && vantage === 'pod' && role === 'node-local' ? observationOf('timeout') : null,
  offset: (node) => (node === nodes.at(-1) ? -94 : 0.0003),
})

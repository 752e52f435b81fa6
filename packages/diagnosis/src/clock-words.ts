import { listWords } from './words.ts'

/** `node-3's clock`, `the clocks of node-2 and node-3`, `the clocks of all nodes`. @param nodes [] for all */
export function clocksWords(nodes: readonly string[]): string {
  const [first] = nodes
  if (first === undefined) return 'the clocks of all nodes'
  return nodes.length === 1 ? `${first}'s clock` : `the clocks of ${listWords(nodes)}`
}

/** For the beginning of a sentence; what begins with a node's name stays. */
export const atStart = (words: string): string => words.replace(/^the /, 'The ')

/** The word for one or for several. @param nodes [] for all */
export const byCount = (nodes: readonly string[], one: string, several: string): string =>
  nodes.length === 1 ? one : several

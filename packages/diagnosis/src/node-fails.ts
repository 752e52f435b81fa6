import { states, vantages } from '@oddnode/protocol'
import { agentKey } from './fleet.ts'
import type { Sight } from './sight.ts'

/** Whether any probe of the node fails: where none does, a rule about failing probes need not look any further. */
export const nodeFails = ({ fleet, node }: Pick<Sight, 'fleet' | 'node'>): boolean =>
  vantages.some((vantage) => fleet.ledger.failing.has(agentKey(node.name, vantage)))

const UNWELL = [states.indexOf('failing'), states.indexOf('degraded')]

/** Whether any probe of the node fails, loses some or is late. */
export const nodeIsUnwell = ({ agents }: Pick<Sight, 'agents'>): boolean =>
  vantages.some((vantage) => UNWELL.some((state) => agents[vantage]?.windows.state.includes(state)))

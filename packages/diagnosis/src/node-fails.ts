import { states, vantages } from '@oddnode/protocol'
import type { Sight } from './sight.ts'

/** Whether any probe of the node fails: where none does, a rule about failing probes need not look any further. */
export const nodeFails = ({ fleet, agents }: Pick<Sight, 'fleet' | 'agents'>): boolean =>
  vantages.some((vantage) => agents[vantage] !== null && fleet.ledger.failing.has(agents[vantage]))

const UNWELL = [states.indexOf('failing'), states.indexOf('degraded')]

/** Whether any probe of the node fails, loses some or is late. */
export const nodeIsUnwell = ({ agents }: Pick<Sight, 'agents'>): boolean =>
  vantages.some((vantage) => UNWELL.some((state) => agents[vantage]?.windows.state.includes(state)))

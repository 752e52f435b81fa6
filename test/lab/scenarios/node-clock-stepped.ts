import { setTimeout as wait } from 'node:timers/promises'
import { whyNoFaketime } from '../../../packages/probes/test/faketime.ts'
import { clocksOf, setClock } from '../cluster/clocks.ts'
import { intervalSeconds } from '../cluster/quick.ts'
import type { Scenario } from '../scenario.ts'

const AWAY_SECONDS = 1.5
/** Until nobody calls the clock itself wrong any more: it is told as the cause of that as long as somebody does. */
const FORGOTTEN_ROUNDS = 5

export const scenarios: Scenario[] = [
  {
    fault: 'node-clock-stepped',
    how: "a node's clock jumps by 3 s and, a moment later, back",
    whyNot: whyNoFaketime,
    cluster: clocksOf('node-3'),
    break: async (lab) => {
      setClock(lab, 'node-3', 3)
      await wait(AWAY_SECONDS * 1000)
      setClock(lab, 'node-3', 0)
      await wait(FORGOTTEN_ROUNDS * intervalSeconds * 1000)
    },
    expect: {
      severity: 'warning',
      kind: 'node',
      nodes: ['node-3'],
      story: /node-3's clock jumped by/,
      // For the moment that it is away it is off, too.
      beside: ['node-clock-wrong'],
      ended: true,
    },
    heal: () => {},
  },
]

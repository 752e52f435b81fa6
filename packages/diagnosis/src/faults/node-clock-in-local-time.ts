import { isClockMeasured } from '../clock-offsets.ts'
import { clockVerdictOf, type WrongClock } from '../clock-verdict.ts'
import type { Fault, View } from '../fault.ts'
import { type Case, fleetRule } from '../rule.ts'
import { nodesScope } from '../scope.ts'
import { truth } from '../truth.ts'

type Zoned = Case & { clock: WrongClock }

/** Time zones are whole numbers of half-hours apart, but for three that nobody keeps servers in. */
const ZONE_SECONDS = 1800
const NEAR_SECONDS = 5

const zoned = (view: View): Zoned[] =>
  clockVerdictOf(view).wrong.map((clock) => ({ since: clock.offset.takenAt, evidence: [], clock }))

const offBy = ({ clock: { offset } }: Zoned): number => Math.abs(offset.offsetSeconds)
const zonesOf = (one: Zoned): number => Math.round(offBy(one) / ZONE_SECONDS)

/** T-12. A hint: the fault itself is that the clock is wrong, which covers it. */
export const nodeClockInLocalTime: Fault = {
  name: 'node-clock-in-local-time',
  tier: 2,
  about:
    'The clock of a node is off by a whole number of half-hours: its hardware clock is probably kept in local time, and read as UTC.',
  cause:
    'The hardware clock holds local time, by the setting of timedatectl or as the hypervisor presents it, and was read as UTC at boot; no time daemon has corrected it since.',
  remedy: 'timedatectl set-local-rtc 0, then set the clock right.',
  references: ['https://www.freedesktop.org/software/systemd/man/latest/timedatectl.html'],
  notTakenFor: { 'node-clock-wrong': 'which it always is, too; this one says why' },
  rules: [
    fleetRule<Zoned>({
      cases: zoned,
      signature: {
        'the clock is off by half an hour or more': (one) => truth(zonesOf(one) >= 1),
        'by a whole number of half-hours': (one) =>
          truth(Math.abs(offBy(one) - zonesOf(one) * ZONE_SECONDS) <= NEAR_SECONDS),
      },
      sameness: ({ clock }) => clock.node,
      scope: ([{ clock }], _, { fleet }) => nodesScope(fleet, [clock.node]),
      severity: 'info',
      title: '{node} is off by {h}',
      story: '{node} is off by {h}: its hardware clock is probably kept in local time.',
      confirm: ['on {node}: timedatectl'],
      values: ({ cases: [one] }) => ({ h: zonesOf(one) === 2 ? '1 hour' : `${zonesOf(one) / 2} hours` }),
    }),
  ],
  isOver: ({ scope }, { fleet, at }) => scope.nodes.every((name) => isClockMeasured(fleet, name, at)),
  covers: [],
}

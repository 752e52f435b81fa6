import { type ClockDrift, clockDrifts, DRIFT_SLOPE, hasDriftData } from '../clock-drift.ts'
import { atStart, byCount, clocksWords } from '../clock-words.ts'
import type { Fault, View } from '../fault.ts'
import type { Fleet } from '../fleet.ts'
import { fleetPace } from '../pace-of-rounds.ts'
import { type Case, fleetRule } from '../rule.ts'
import { scopeOfNodes } from '../scope.ts'
import { agentsOf } from '../silence.ts'
import { type Truth, truth } from '../truth.ts'

type Drifting = Case & { drift: ClockDrift }

const LASTING_SECONDS = 1800
const DAY_SECONDS = 86_400

const lastingSeconds = (fleet: Fleet): number => LASTING_SECONDS * fleetPace(fleet)

const drifting = (view: View): Drifting[] =>
  clockDrifts(view).map((drift) => ({ since: drift.since, evidence: [], drift }))

function ntpAgrees({ slope, ntpSlope }: ClockDrift): Truth {
  return truth(ntpSlope === null || (Math.abs(ntpSlope) > DRIFT_SLOPE && ntpSlope > 0 === slope > 0))
}

/** What all of it comes to, for faults that follow from it. */
export const isDrifting = (drift: ClockDrift, view: View): boolean =>
  Object.values(signature).every((holds) => holds({ drift }, view) === 'yes')

const signature = {
  'the offset moves by more than 50 ppm': ({ drift: { slope } }: Pick<Drifting, 'drift'>) =>
    truth(Math.abs(slope) > DRIFT_SLOPE),
  'it has for half an hour': ({ drift: { since, until } }: Pick<Drifting, 'drift'>, { fleet }: View) =>
    truth(until - since >= lastingSeconds(fleet)),
  'by more than the readings may be off': ({ drift }: Pick<Drifting, 'drift'>) =>
    truth(Math.abs(drift.slope) * (drift.until - drift.since) > drift.uncertaintySeconds),
  'away from where it should be': ({ drift: { slope, offsetSeconds } }: Pick<Drifting, 'drift'>) =>
    truth(slope * offsetSeconds > 0),
  'NTP, where it answers, shows the same': ({ drift }: Pick<Drifting, 'drift'>) => ntpAgrees(drift),
}

/** T-06. */
export const nodeClockDrifting: Fault = {
  name: 'node-clock-drifting',
  tier: 2,
  about: 'The clock of a node gains or loses steadily: nothing corrects it, or its clock source is a bad one.',
  cause:
    'No time daemon corrects the clock, and its oscillator is worse than a healthy one; or the clock source is a bad one (another than tsc or kvm-clock), or the hypervisor keeps it badly.',
  remedy: 'Use the clock source tsc or kvm-clock there; look at the hypervisor, and whether a time daemon runs.',
  references: ['https://www.rfc-editor.org/rfc/rfc5905'],
  notTakenFor: { 'node-clock-stepped': 'there the offset changed at once' },
  rules: [
    fleetRule<Drifting>({
      cases: drifting,
      signature,
      scope: (cases, _, { fleet }) =>
        scopeOfNodes(
          fleet,
          cases.map(({ drift }) => drift.node),
        ),
      severity: 'info',
      title: '{Clocks} {drift} by {x} s a day',
      story: '{Clocks} {drift} by {x} s a day{source}.',
      confirm: ['on {node}: cat /sys/devices/system/clocksource/clocksource0/current_clocksource; chronyc -n tracking'],
      values: ({ cases, scope: { nodes }, fleet }) => {
        const most = cases.reduce((slope, { drift }) => Math.max(slope, Math.abs(drift.slope)), 0)
        return {
          Clocks: atStart(clocksWords(nodes)),
          drift: byCount(nodes, 'drifts', 'drift'),
          x: `${cases.length > 1 ? 'up to ' : ''}${Number((most * DAY_SECONDS).toPrecision(2))}`,
          source: sourceWords(fleet, cases[0].drift.node),
        }
      },
    }),
  ],
  // A slope needs half an hour, after a restart of the aggregator too.
  isOver: ({ scope }, { fleet, at }) =>
    scope.nodes.every(
      (name) =>
        !fleet.nodes.has(name) || agentsOf(fleet, name).some((agent) => hasDriftData(agent, lastingSeconds(fleet), at)),
    ),
  covers: [],
}

/** Its clock source, where it is another one than that of most. */
function sourceWords(fleet: Fleet, node: string): string {
  const own = sourceOf(fleet, node)
  const counts = new Map<string, number>()
  for (const name of fleet.nodes.keys()) {
    const source = sourceOf(fleet, name)
    if (source !== null) counts.set(source, (counts.get(source) ?? 0) + 1)
  }
  const [usual] = [...counts].sort(([, m], [, n]) => n - m)
  if (own === null || usual === undefined || usual[0] === own || usual[1] * 2 <= fleet.nodes.size) return ''
  return `; its clock source is ${own}, that of most nodes ${usual[0]}`
}

const sourceOf = (fleet: Fleet, node: string): string | null =>
  agentsOf(fleet, node)
    .map(({ facts }) => facts?.timeKeeping?.clockSource ?? null)
    .find((source) => source !== null) ?? null

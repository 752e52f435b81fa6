import type { ClockStep } from '../clock-memory.ts'
import { atStart, clocksWords } from '../clock-words.ts'
import type { Fault, View } from '../fault.ts'
import { agentKey, type Fleet } from '../fleet.ts'
import { sortedAgents } from '../ledger.ts'
import { median } from '../median.ts'
import { fleetPace } from '../pace-of-rounds.ts'
import { type Case, fleetRule } from '../rule.ts'
import { scopeOfNodes } from '../scope.ts'
import { truth } from '../truth.ts'
import { durationWords, instantWords } from '../words.ts'

type Stepped = Case &
  ClockStep & {
    node: string
    /** Tells the steps that happened together from others. */
    event: number
  }

/** A step is told for so long. */
const TOLD_SECONDS = 300
/** Less is adjustment. */
const LEAST_SECONDS = 0.1
/** Steps of several nodes within so many seconds, by about as much, are one event; so are those that the two agents of a node tell of. */
const TOGETHER_SECONDS = 10
const ALIKE = 0.2

/** The steps of the last minutes, oldest first, each with its event. */
function stepped({ fleet, at }: View): Stepped[] {
  const toldSeconds = TOLD_SECONDS * fleetPace(fleet)
  const steps = sortedAgents(fleet.ledger, fleet.agents).flatMap(({ node, clockMemory }) =>
    clockMemory.steps.filter((step) => at - step.at < toldSeconds).map((step) => ({ node, ...step })),
  )
  steps.sort((a, b) => a.at - b.at || (a.node < b.node ? -1 : 1))
  const events: ClockStep[] = []
  const found: Stepped[] = []
  for (const step of steps) {
    const known = events.findIndex((event) => isTogether(event, step))
    const event = known < 0 ? events.push(step) - 1 : known
    if (found.some((one) => one.event === event && one.node === step.node)) continue
    found.push({ ...step, since: step.at, evidence: [], event })
  }
  return found
}

const isTogether = (a: ClockStep, b: ClockStep): boolean =>
  b.at - a.at <= TOGETHER_SECONDS &&
  a.asleep === b.asleep &&
  Math.abs(a.seconds - b.seconds) <= Math.max(LEAST_SECONDS, ALIKE * Math.abs(a.seconds))

/** T-05. */
export const nodeClockStepped: Fault = {
  name: 'node-clock-stepped',
  tier: 2,
  about:
    'The clock of a node was set: it jumped against the monotonic clock. A clock that is slewed does not; a machine that slept is no step either.',
  cause:
    'A time daemon that may step the clock at any time (chrony: `makestep` without a limit) found it off, or somebody set it. Where all nodes jump at once, it is the server that they follow.',
  remedy:
    'Let the time daemon step the clock at boot only (chrony: no `makestep` without a limit), and restart what keeps tokens that are now from the future.',
  references: [
    'https://github.com/kubernetes/kubernetes/issues/132993',
    'https://github.com/kubernetes/kubernetes/issues/124022',
    'https://github.com/cockroachdb/cockroach/issues/62946',
  ],
  notTakenFor: { 'node-clock-drifting': 'there the offset grows steadily' },
  rules: [
    fleetRule<Stepped>({
      cases: stepped,
      signature: {
        'the clock jumped by more than 0.1 s': ({ seconds }) => truth(Math.abs(seconds) > LEAST_SECONDS),
        'the machine was not asleep meanwhile': ({ asleep }) => truth(!asleep),
      },
      sameness: ({ event }) => String(event),
      scope: (cases, _, { fleet }) => scopeOfNodes(fleet, cases.map(({ node }) => node).sort()),
      severity: 'warning',
      title: '{Clocks} jumped by {x}',
      story: '{Clocks} jumped by {x} at {time}{together}.',
      confirm: ["on {node}: journalctl -u chronyd -u systemd-timesyncd | grep -iE 'step|jump'"],
      values: ({ cases, scope: { nodes } }) => {
        const seconds = median(cases.map((one) => one.seconds))
        return {
          Clocks: atStart(clocksWords(nodes)),
          x: `${durationWords(seconds)} ${seconds < 0 ? 'backwards' : 'forwards'}`,
          time: instantWords(cases[0].at),
          together: cases.length > 1 ? ', all at once: look at their time server' : '',
        }
      },
    }),
  ],
  isOver: ({ scope, since }, { fleet, at }) =>
    at - Math.max(Date.parse(since) / 1000, ...scope.nodes.map((node) => lastStepAt(fleet, node))) >=
    TOLD_SECONDS * fleetPace(fleet),
  covers: [],
}

const lastStepAt = ({ agents }: Fleet, node: string): number =>
  Math.max(
    ...(['host', 'pod'] as const).map(
      (vantage) => agents.get(agentKey(node, vantage))?.clockMemory.steps.at(-1)?.at ?? -Infinity,
    ),
  )

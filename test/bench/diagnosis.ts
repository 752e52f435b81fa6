// What the diagnosis costs with 10,000 nodes × 2 agents × some 40 probes:
//
//   npm run bench -- diagnosis [--nodes 10000]
//
// Stage one for each round, stage two from scratch, with 1 % of the nodes odd, with one change, and with every node failing. Goals: a full
// evaluation at most 1 s, an incremental one at most 50 ms, never more than 50 ms of event loop at a stretch.
import { availableParallelism, cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { applyTick, visibleFindings } from '@oddnode/diagnosis'
import { observationOf } from '@oddnode/protocol'
import { INTERVAL_SECONDS, pushRound, type See, type SimulatedFleet, simulateFleet } from './diagnosis-fleet.ts'

const { values } = parseArgs({ options: { nodes: { type: 'string', default: '10000' } } })
const simulated = simulateFleet(Number(values.nodes))
const timeout = observationOf('timeout', { error: 'no answer within 6 s' })
const well: See = () => null
const podsCutOff =
  (isOdd: (node: string) => boolean): See =>
  (node, vantage, _, role) =>
    vantage === 'pod' && role === 'node-local' && isOdd(node) ? timeout : null

type Ticks = { count: number; totalMilliseconds: number; longestMilliseconds: number }

/** Processor time, so that whatever else runs on the machine does not count. */
function millisecondsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}

/** Evaluates until nothing waits. */
function settle({ fleet }: SimulatedFleet): Ticks {
  const ticks = { count: 0, totalMilliseconds: 0, longestMilliseconds: 0 }
  for (let waiting = 1; waiting > 0; ) {
    const start = process.cpuUsage()
    waiting = applyTick(fleet, simulated.at).findings.waiting
    const took = millisecondsSince(start)
    ticks.count++
    ticks.totalMilliseconds += took
    ticks.longestMilliseconds = Math.max(ticks.longestMilliseconds, took)
  }
  return ticks
}

/** Rounds of all agents, an evaluation each second, as the aggregator does it. @returns the longest evaluation, and what a round costs */
function run(rounds: number, see: See): { longestMilliseconds: number; perRoundMicroseconds: number } {
  const { nodes } = simulated
  let longestMilliseconds = 0
  let pushMilliseconds = 0
  for (let round = 0; round < rounds; round++) {
    for (let second = 0; second < INTERVAL_SECONDS; second++) {
      const start = process.cpuUsage()
      for (let i = second; i < nodes.length; i += INTERVAL_SECONDS) {
        for (const vantage of ['host', 'pod'] as const) pushRound(simulated, nodes[i] as string, vantage, see)
      }
      pushMilliseconds += millisecondsSince(start)
      simulated.at++
      longestMilliseconds = Math.max(longestMilliseconds, settle(simulated).longestMilliseconds)
    }
  }
  return { longestMilliseconds, perRoundMicroseconds: (pushMilliseconds * 1000) / (rounds * nodes.length * 2) }
}

const milliseconds = (value: number) => `${value.toFixed(1)} ms`
const print = (what: string, { count, totalMilliseconds, longestMilliseconds }: Ticks) =>
  process.stdout.write(
    `${what.padEnd(52)} ${milliseconds(totalMilliseconds).padStart(11)} in ${count} steps, the longest ${milliseconds(longestMilliseconds)}\n`,
  )

process.stdout.write(`${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} threads, Node ${process.version}\n`)
const probes = simulated.plans.pod.probes.filter(({ onlyAfterTruncation }) => !onlyAfterTruncation).length
process.stdout.write(`${simulated.nodes.length} nodes × 2 agents × ${probes} probes\n`)

const first = run(4, well)
process.stdout.write(
  `stage one, one round of one agent: ${first.perRoundMicroseconds.toFixed(0)} µs (making it included)\n`,
)
process.stdout.write(`healthy: the longest evaluation ${milliseconds(first.longestMilliseconds)}\n`)
const before = process.memoryUsage()
process.stdout.write(
  `memory: ${((before.heapUsed + before.arrayBuffers) / simulated.nodes.length / 2 / 1024).toFixed(1)} KiB an agent\n`,
)

for (const name of simulated.nodes) simulated.fleet.ledger.dirty.add(name)
print('every node anew, all healthy', settle(simulated))

const odd = run(
  3,
  podsCutOff((node) => node.endsWith('00')),
)
process.stdout.write(`1 % of the nodes odd: the longest evaluation ${milliseconds(odd.longestMilliseconds)}\n`)
simulated.at++
print('incremental, 1 % odd, nothing new', settle(simulated))
process.stdout.write(
  `  ${visibleFindings(simulated.fleet).map(({ fault, scope }) => `${fault} ${scope.kind} ${scope.nodes.length}`)}\n`,
)

const all = run(
  3,
  podsCutOff(() => true),
)
process.stdout.write(`every node odd: the longest evaluation ${milliseconds(all.longestMilliseconds)}\n`)
for (const name of simulated.nodes) simulated.fleet.ledger.dirty.add(name)
print('every node anew, all of them odd', settle(simulated))
process.stdout.write(
  `  ${visibleFindings(simulated.fleet).map(({ fault, scope }) => `${fault} ${scope.kind} ${scope.nodes.length}`)}\n`,
)

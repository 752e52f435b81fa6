// Preloaded into a server under test (`node --import`): how long its event loop was held. Each message asks for the figures since the last.
import { createHistogram, monitorEventLoopDelay } from 'node:perf_hooks'

/** Milliseconds for which the loop was held at a stretch. */
export type LoopFigures = {
  /** As the clock on the wall has it: on a busy machine, the wait for a core included. */
  wallP99: number
  wallMax: number
  /** Processor time of the main thread: what the program itself is to blame for. */
  cpuP99: number
  cpuMax: number
  /** Processor time of the whole process, as a share of one core. */
  cores: number
}

const RESOLUTION_MILLISECONDS = 2

const wall = monitorEventLoopDelay({ resolution: RESOLUTION_MILLISECONDS })
const cpuMicroseconds = createHistogram()
let cpuBefore = 0
let asked = { at: performance.now(), cpu: process.cpuUsage() }
wall.enable()

setInterval(() => {
  const { user, system } = process.threadCpuUsage()
  cpuMicroseconds.record(Math.max(1, user + system - cpuBefore))
  cpuBefore = user + system
}, RESOLUTION_MILLISECONDS).unref()

process.on('message', () => {
  const { user, system } = process.cpuUsage(asked.cpu)
  const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MILLISECONDS)
  process.send?.({
    wallP99: late(wall.percentile(99)),
    wallMax: late(wall.max),
    cpuP99: cpuMicroseconds.percentile(99) / 1000,
    cpuMax: cpuMicroseconds.max / 1000,
    cores: (user + system) / 1000 / (performance.now() - asked.at),
  } satisfies LoopFigures)
  asked = { at: performance.now(), cpu: process.cpuUsage() }
  wall.reset()
  cpuMicroseconds.reset()
})
process.channel?.unref()

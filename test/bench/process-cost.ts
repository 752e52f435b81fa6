// What a process costs, as the kernel counts it.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

export type Cost = {
  /** User and system CPU since its start. */
  cpuSeconds: number
  /** Resident pages, those shared with other processes included. */
  residentMebibytes: number
  /** Resident pages that belong to no file: heap, stacks, buffers. */
  anonymousMebibytes: number
}

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

/** @throws if the process is gone */
export function costOf(pid: number): Cost {
  // The command in the second field may hold spaces and parentheses.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  const mebibytes = (name: string) => Number(new RegExp(`^${name}: +(\\d+) kB`, 'm').exec(rollup)?.[1]) / 1024
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond,
    residentMebibytes: mebibytes('Rss'),
    anonymousMebibytes: mebibytes('Anonymous'),
  }
}

export type Measured = { cpuSeconds: number; end: Cost; peak: Cost }

/** Watches a process until `stop`: CPU over the time between, memory at the end and at its highest. */
export function watchCost(pid: number): { stop: () => Measured } {
  const first = costOf(pid)
  let peak = first
  const look = () => {
    const now = costOf(pid)
    peak = {
      cpuSeconds: now.cpuSeconds,
      residentMebibytes: Math.max(peak.residentMebibytes, now.residentMebibytes),
      anonymousMebibytes: Math.max(peak.anonymousMebibytes, now.anonymousMebibytes),
    }
    return now
  }
  const timer = setInterval(look, 1000)
  return {
    stop: () => {
      clearInterval(timer)
      const end = look()
      return { cpuSeconds: end.cpuSeconds - first.cpuSeconds, end, peak }
    },
  }
}

// CPU time, because on a busy machine wall time says nothing; over many calls, because some kernels count it in ticks of 4 ms.

/** Milliseconds of CPU that one call takes on the average, warmed up. */
export function cpuMilliseconds(call: () => unknown, times = 60, warmUp = 10): number {
  for (let i = 0; i < warmUp; i++) call()
  const before = process.threadCpuUsage()
  for (let i = 0; i < times; i++) call()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1000 / times
}

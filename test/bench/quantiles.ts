/** Quantiles of what was measured, in its own unit, to three decimals; NaN of nothing. */
export function quantilesOf(values: readonly number[]): { p50: number; p95: number; p99: number; max: number } {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (q: number) => rounded(sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN)
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) }
}

/** To three decimals. */
export const rounded = (value: number): number => Number(value.toFixed(3))

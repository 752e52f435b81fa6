import type { Finding } from '@oddnode/protocol'

/** Open findings of one fault and severity: ten wrong clocks must not hide what is wrong with DNS. */
export type Glance = Pick<Finding, 'id' | 'fault' | 'severity' | 'title'> & {
  /** How many more there are besides the first. */
  others: number
  /** Of the one that is open longest, RFC 3339. */
  since: string
}

/** The open findings at a glance, in the order of the first of each fault. */
export function glanceOf(findings: readonly Finding[]): Glance[] {
  const open = findings.filter(({ ended }) => ended === null)
  const alike = Map.groupBy(open, ({ fault, severity }) => `${severity} ${fault}`)
  return [...alike.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return []
    const { id, fault, severity, title } = first
    const since = others.reduce((least, other) => (other.since < least ? other.since : least), first.since)
    return [{ id, fault, severity, title, others: others.length, since }]
  })
}

/** A metric as a program exports it. */
export type ExportedMetric = {
  name: string
  type: string
  help: string
  /** Names of labels, in the order in which they first come; `le` of a histogram is not one of them. */
  labels: string[]
  /** Lines of one set of labels: 1, or of a histogram its buckets, sum and count. */
  linesPerSeries: number
}

const LABEL = /([a-zA-Z_]\w*)="(?:[^"\\]|\\.)*"/g

/**
 * Reads the text format of Prometheus (0.0.4) as far as names, types and labels go.
 * @throws where a series stands before the type of its metric
 */
export function exportedMetrics(text: string): ExportedMetric[] {
  const metrics: ExportedMetric[] = []
  let help = ''
  let buckets = 0
  for (const line of text.split('\n')) {
    const [, kind, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? []
    if (kind === 'HELP') help = rest
    if (kind === 'TYPE') {
      metrics.push({ name, type: rest, help, labels: [], linesPerSeries: 1 })
      buckets = 0
    }
    if (line === '' || line.startsWith('#')) continue
    const metric = metrics.at(-1)
    if (metric === undefined || !line.startsWith(metric.name)) throw new Error(`no type before ${line}`)
    const labels = [...line.slice(0, line.lastIndexOf(' ')).matchAll(LABEL)].map(([, label = '']) => label)
    for (const label of labels) if (label !== 'le' && !metric.labels.includes(label)) metric.labels.push(label)
    if (line.includes('le="+Inf"')) metric.linesPerSeries = Math.max(metric.linesPerSeries, ++buckets + 2)
    else if (labels.includes('le')) buckets++
    else buckets = 0
  }
  return metrics
}

import t from 'tap'
import { exportedMetrics } from '../../scripts/exposition.ts'

t.test('names, types, labels and the lines of a histogram', async (t) => {
  const text = `# HELP a_total All of a.
# TYPE a_total counter
a_total{node="x} \\"y",outcome="ok"} 1

# HELP b_seconds How long.
# TYPE b_seconds histogram
b_seconds_bucket{le="0.1"} 1
b_seconds_bucket{le="+Inf"} 2
b_seconds_sum 0.3
b_seconds_count 2
b_seconds_bucket{le="0.1"} 1
b_seconds_bucket{le="+Inf"} 2
# HELP c Never seen.
# TYPE c gauge
`
  t.strictSame(exportedMetrics(text), [
    { name: 'a_total', type: 'counter', help: 'All of a.', labels: ['node', 'outcome'], linesPerSeries: 1 },
    { name: 'b_seconds', type: 'histogram', help: 'How long.', labels: [], linesPerSeries: 4 },
    { name: 'c', type: 'gauge', help: 'Never seen.', labels: [], linesPerSeries: 1 },
  ])
})

t.test('a series before its type is no text of this format', async (t) =>
  t.throws(() => exportedMetrics('a 1\n'), { message: 'no type before a 1' }),
)

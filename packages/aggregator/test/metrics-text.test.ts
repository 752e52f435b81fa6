import t from 'tap'
import { headOf, seriesOf } from '../src/metrics-text.ts'

const family = { name: 'a_seconds', help: 'How long.', labels: ['node', 'state'] }

t.test('help and type stand before the series', async (t) =>
  t.equal(headOf(family), '# HELP a_seconds How long.\n# TYPE a_seconds gauge\n'),
)

t.test('a series has every label, escaped', async (t) => {
  t.equal(seriesOf(family, ['node-1', 'ok'], -0.002), 'a_seconds{node="node-1",state="ok"} -0.002\n')
  t.equal(seriesOf(family, ['"\\\n'], 1e-9), 'a_seconds{node="\\"\\\\\\n",state=""} 1e-9\n')
})

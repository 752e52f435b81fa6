import t from 'tap'
import { everyNode } from '../../src/report/model/node-selection.ts'
import { nodeQueryOf } from '../../src/routes/page-query.ts'

t.test('a query string as a choice of nodes; what a form sends empty is no choice', async (t) => {
  t.strictSame(nodeQueryOf({}), everyNode)
  t.strictSame(nodeQueryOf({ q: '', state: '' }), everyNode)
  t.strictSame(nodeQueryOf({ q: 'a b', state: 'failing', fold: 'no', page: '12' }), {
    q: 'a b',
    state: 'failing',
    fold: false,
    page: 12,
  })
})

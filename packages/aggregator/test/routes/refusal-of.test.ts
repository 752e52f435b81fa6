import t from 'tap'
import { refusalOf } from '../../src/routes/refusal-of.ts'

t.test('each verdict has its status', async (t) => {
  t.match(refusalOf('missing'), {
    reason: 'unauthorised',
    problem: { status: 401 },
    headers: { 'www-authenticate': String },
  })
  t.match(refusalOf('wrong'), { reason: 'unauthorised', problem: { status: 401 } })
  t.match(refusalOf('foreign'), {
    reason: 'forbidden',
    problem: { status: 403, detail: /no pod of oddnode's namespace/ },
  })
  t.match(refusalOf('another-node'), { reason: 'forbidden', problem: { status: 403, detail: /another node/ } })
  t.match(refusalOf('unverified'), { reason: 'unverified', problem: { status: 503 }, headers: { 'retry-after': '5' } })
})

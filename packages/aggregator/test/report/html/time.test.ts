import t from 'tap'
import { timeHtml } from '../../../src/report/html/time.ts'

t.equal(
  timeHtml('2026-11-21T09:29:12.646Z'),
  '<time datetime="2026-11-21T09:29:12.646Z">2026-11-21 09:29:12 UTC</time>',
)

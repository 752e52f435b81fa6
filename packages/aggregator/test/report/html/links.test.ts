import t from 'tap'
import { linksFrom } from '../../../src/report/html/links.ts'

t.test('relative, from wherever the page is', async (t) => {
  t.equal(linksFrom({ base: '', past: null }).node('node-1'), 'report/nodes/node-1')
  t.equal(linksFrom({ base: '../../', past: null }).node('node-1'), '../../report/nodes/node-1')
  t.equal(linksFrom({ base: '../', past: null }).report(), '../report')
  t.equal(linksFrom({ base: '../', past: null }).file('metrics'), '../metrics')
})

t.test('a page of the past leads to pages of the past; a permalink has no moment', async (t) => {
  const links = linksFrom({ base: '', past: '2026-11-21T09:00:00Z' })
  t.equal(links.report({ q: 'a b' }), 'report?at=2026-11-21T09%3A00%3A00Z&q=a+b')
  t.equal(links.node('a'), 'report/nodes/a?at=2026-11-21T09%3A00%3A00Z')
  t.equal(links.diff('a', 'b'), 'report/diff?at=2026-11-21T09%3A00%3A00Z&a=a&b=b')
  t.equal(links.form('json'), 'report.json?at=2026-11-21T09%3A00%3A00Z')
  t.equal(links.finding('b3f1'), 'report/findings/b3f1')
})

t.test('a name means nothing else in an address', async (t) => {
  const { node } = linksFrom({ base: '', past: null })
  t.equal(node('a/../b?c#d"'), 'report/nodes/a%2F..%2Fb%3Fc%23d%22')
})

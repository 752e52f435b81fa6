import t from 'tap'
import { documentHtml } from '../../../src/report/html/document.ts'
import { AT } from '../sample-report.ts'

const about = { cluster: 'prod-eu', version: '0.1.0', at: AT }

t.test('style and script are files beside the page, wherever it is', async (t) => {
  const page = documentHtml({ title: 'T', base: '../../', about, main: '<p>here</p>' })
  t.match(page, /<link rel="stylesheet" href="..\/..\/report\/style-[0-9a-f]{12}\.css">/)
  t.match(page, /<script src="..\/..\/report\/page-[0-9a-f]{12}\.js" defer><\/script>/)
  t.match(page, '<main id="main">\n<p>here</p>')
  t.match(page, '<a href="../../report">The report</a>')
  t.notMatch(page, 'data-update-seconds')
})

t.test('parts are a way into the page', async (t) => {
  const page = documentHtml({ title: 'T', base: '', about, parts: [['nodes', 'Nodes']], main: '' })
  t.match(page, '<nav aria-label="Parts of this page"><ul><li><a href="#nodes">Nodes</a>')
})

t.test('a page that follows the report says so to those without the script', async (t) => {
  const page = documentHtml({ title: 'T', base: '', about, updateSeconds: 5, main: '' })
  t.match(page, '<body data-update-seconds="5">')
  t.match(page, /<noscript>.*2026-11-21 09:29:12 UTC/)
})

t.test('the past is named, with the way back', async (t) => {
  const page = documentHtml({ title: 'T', base: '../', past: AT, about, main: '' })
  t.match(page, /The past:.*2026-11-21 09:29:12 UTC.*<a href="..\/report">Back to now/)
})

t.test('the page of an error has no footer to be wrong', async (t) => {
  t.notMatch(documentHtml({ title: 'T', base: '', main: '' }), '<footer>')
})

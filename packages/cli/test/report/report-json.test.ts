import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { reportJson } from '../../src/report/report-json.ts'
import { answering, reporting } from '../aggregator.ts'

async function read(url: string) {
  const into = new PassThrough()
  const output = text(into)
  const result = await reportJson(url, into, new AbortController().signal)
  into.end()
  return { ...result, output: await output }
}

t.test('the JSON comes as it was sent, with nothing in it that turns a terminal over', async (t) => {
  const value = { cluster: 'a\u202eb\u009bc', verdict: { state: 'failing' }, large: 'x'.repeat(500_000) }
  const { url, asked } = await answering(t, reporting('failing', JSON.stringify(value)))
  const { exitCode, output } = await read(url)
  t.equal(exitCode, 2)
  t.strictSame(asked, ['/report.json'])
  t.strictSame(JSON.parse(output), value)
  t.notMatch(output, /[\u202e\u009b]/)
})

t.test('what breaks off, or is no report, is exit code 1', async (t) => {
  const broken = await answering(t, (response) => {
    response.writeHead(200, { 'content-length': 1000, 'oddnode-verdict': 'ok' })
    response.write('{"half":')
    setTimeout(() => response.destroy(), 20)
  })
  t.match(await read(broken.url), { exitCode: 1, error: /broke off/ })
  t.match(await read('http://127.0.0.1:1'), { exitCode: 1, error: /ECONNREFUSED/, output: '' })
})

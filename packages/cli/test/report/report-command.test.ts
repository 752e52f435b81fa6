import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { Command } from 'commander'
import t from 'tap'
import { addReport, showReport, withReportOptions } from '../../src/report/report-command.ts'
import { answering, reporting } from '../aggregator.ts'
import { ended, oddnode, start } from '../oddnode.ts'

t.setTimeout(120_000)

t.test('as text and as JSON', async (t) => {
  const { url, asked } = await answering(t, reporting('degraded', '{"a":1}\n'))
  t.match(await oddnode(['report', `${url}/report`]), { code: 2, stdout: '{"a":1}\n', stderr: '' })
  t.match(await oddnode(['report', url, '--json']), { code: 2, stdout: /^\{"a":1\}\n/ })
  t.strictSame(asked, ['/report.txt', '/report.json'])
})

t.test('a moment of the past is asked for, as text and as JSON, and any other parameter refused', async (t) => {
  const { url, asked } = await answering(t, reporting('ok', '{}'))
  const past = `${url}/report?at=2026-11-21T09:29:12Z`
  t.match(await oddnode(['report', past]), { code: 0 })
  t.match(await oddnode(['report', past, '--json']), { code: 0 })
  const at = '?at=2026-11-21T09%3A29%3A12Z'
  t.strictSame(asked, [`/report.txt${at}`, `/report.json${at}`])
  t.match(await oddnode(['report', `${url}/report?node=n1`]), { code: 78, stdout: '', stderr: /parameter "node"/ })
  t.equal(asked.length, 2)
})

t.test('what cannot be asked is exit code 1, and a wrong flag 78', async (t) => {
  t.match(await oddnode(['report', 'http://127.0.0.1:1']), { code: 1, stdout: '', stderr: /ECONNREFUSED/ })
  t.match(await oddnode(['report', 'nowhere']), { code: 78, stderr: /"nowhere" is no URL: allowed is http/ })
  t.match(await oddnode(['report', 'http://127.0.0.1:1', '--watch', '0']), { code: 78, stderr: /from 1 to 3600/ })
  t.match(await oddnode(['report', 'http://127.0.0.1:1', '--watch', '--json']), {
    code: 78,
    stderr: /cannot be used with/,
  })
})

t.test('Ctrl-C ends it at once, before the answer and within it', async (t) => {
  const silent = (): void => undefined
  const trickling = (response: ServerResponse) => {
    response.writeHead(200, { 'oddnode-verdict': 'ok' })
    const timer = setInterval(() => response.write(' '), 50)
    response.on('close', () => clearInterval(timer))
  }
  for (const answer of [silent, trickling]) {
    for (const flags of [[], ['--json']]) {
      const { url, asked } = await answering(t, answer)
      const child = start(['report', url, ...flags])
      const run = ended(child)
      while (asked.length === 0) await sleep(20)
      await sleep(200)
      const interruptedAt = performance.now()
      child.kill('SIGINT')
      t.match(await run, { code: 130, stderr: '' })
      t.ok(performance.now() - interruptedAt < 5000)
    }
  }
})

t.test('a watch needs a terminal', async (t) => {
  const { url } = await answering(t, reporting('ok'))
  t.match(await oddnode(['report', url, '--watch']), { code: 78, stdout: '', stderr: /--watch needs a terminal/ })
})

t.test('the options are the same wherever a report is shown', async (t) => {
  const names = (command: Command) => command.options.map(({ long }) => long)
  t.strictSame(names(withReportOptions(new Command())), ['--watch', '--json'])
  t.strictSame(names(addReport(new Command())), ['--watch', '--json'])
  t.type(showReport, 'function')
})

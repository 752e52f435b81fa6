// `npm start` on a machine that reaches nothing: no Internet, no NTP, a resolver that is not there.
import { once } from 'node:events'
import { resolve } from 'node:path'
import type { Report } from '@oddnode/protocol'
import t from 'tap'
import { createNamespaces, type Namespaces, prefixOf } from '../lab/cluster/namespaces.ts'
import { whyNoNamespaces, whyNoProgram } from '../lab/why-not.ts'

const repository = resolve(import.meta.dirname, '../..')
const RESOLVER = '192.0.2.53'
const URL = 'http://127.0.0.1:8530/report'

const missing = whyNoNamespaces() ?? whyNoProgram('curl', 'curl')

/** Rejects where nothing is served. */
const ask = (network: Namespaces, url: string) => network.run('alone', ['curl', '--silent', '--fail', url])

async function reportOnce(network: Namespaces, wanted: (report: Report) => boolean): Promise<Report> {
  let last: unknown
  for (const from = performance.now(); performance.now() - from < 60_000; ) {
    try {
      const report = JSON.parse(await ask(network, `${URL}.json`)) as Report
      if (wanted(report)) return report
      last = report
    } catch (error) {
      last = error
    }
    await new Promise((done) => setTimeout(done, 500))
  }
  throw new Error(`not within 60 s: ${JSON.stringify(last, null, 1)}`)
}

t.test('offline', { skip: missing ?? false, timeout: 120_000 }, async (t) => {
  const network = createNamespaces(prefixOf(0))
  t.teardown(() => network.close())
  await network.add('alone')
  const etc = t.testdir({ 'resolv.conf': `nameserver ${RESOLVER}\n` })
  // The command of `npm start` itself: npm passes Ctrl-C on only where a terminal sends it.
  const command = [process.execPath, '--conditions=@oddnode/source', 'packages/cli/src/main.ts', 'start', '--etc', etc]
  const start = network.start('alone', command, { cwd: repository })
  const said: string[] = []
  for (const stream of [start.stdout, start.stderr]) stream?.on('data', (data: Buffer) => said.push(String(data)))

  await t.test('without Internet, without NTP, with a dead resolver: it runs, and says so on /report', async (t) => {
    const report = await reportOnce(network, ({ findings }) => findings.length > 0)
    t.match(said.join(''), URL, 'the address of /report')
    t.equal(report.verdict.state, 'failing')
    t.match(report.verdict.sentence, RESOLVER)
    t.match(report.findings, [
      { fault: 'unexplained-difference', scope: { kind: 'node' }, evidence: [{ outcome: 'unreachable', answered: 0 }] },
    ])
    t.match(
      report.nodes,
      [{ clock: { reference: null, state: 'no-data', samples: [] } }],
      'its clock is not vouched for by itself',
    )
    t.match(await ask(network, `${URL}.txt`), RESOLVER)
  })

  await t.test('and Ctrl-C stops it', async (t) => {
    start.kill('SIGINT')
    await once(start, 'close')
    t.match(said.join(''), /stopping/)
    await t.rejects(ask(network, URL), 'nothing goes on serving')
  })
})

import t from 'tap'
import { dnsServer } from '../../../agent/test/dns-server.ts'
import { startNtpServer } from '../../../probes/test/ntp-server.ts'
import { type CheckContext, check } from '../../src/check/check.ts'
import { usualRoots } from '../../src/check/surroundings.ts'

t.setTimeout(120_000)

const [SERVFAIL, NXDOMAIN, REFUSED] = [2, 3, 5]

type Wishes = Partial<CheckContext['wishes']>

/** A check whose resolv.conf names a loopback address where nothing listens. */
function context(t: { testdir: (files: Record<string, string>) => string }, wishes: Wishes = {}): CheckContext {
  const etc = t.testdir({ 'resolv.conf': 'nameserver 127.99.99.53\n', hosts: '192.0.2.9 a\u001b]0;title\n' })
  return {
    wishes: { servers: [], name: null, ntp: [], deadlineSeconds: 1, ...wishes },
    version: '0.0.0-test',
    environment: {},
    roots: { ...usualRoots, etc, kubelet: '/missing' },
    onProgress: () => undefined,
    signal: new AbortController().signal,
  }
}

async function checked(...args: Parameters<typeof context>) {
  const report = await check(context(...args))
  if ('errors' in report) throw new Error(report.errors.join())
  return report
}

t.test('a dead nameserver beside a server that answers', async (t) => {
  const server = await dnsServer(t, NXDOMAIN)
  const report = await checked(t, { servers: [`127.0.0.1:${server.port}`] })
  t.match(report, { schema: 'oddnode.check/1', vantage: 'host', verdict: { state: 'failing' } })
  t.match(
    report.verdict.sentence,
    /^Nameserver 127\.99\.99\.53: refused.*over UDP and TCP; server 127\.0\.0\.1:\d+ answers\.$/,
  )
  t.match(
    report.probes.map(({ transport, state, outcome, asked }) => [transport, state, outcome, asked]),
    [
      ['udp', 'failing', 'refused', 3],
      ['tcp', 'failing', 'refused', 3],
      ['udp', 'ok', 'answered', 1],
      ['tcp', 'ok', 'answered', 1],
    ],
  )
})

t.test('a server that refuses is a fault, one that cannot ask further settles nothing', async (t) => {
  const [refusing, lost] = [await dnsServer(t, REFUSED), await dnsServer(t, SERVFAIL)]
  const { verdict, probes } = await checked(t, { servers: [`127.0.0.1:${refusing.port}`, `127.0.0.1:${lost.port}`] })
  t.match(
    probes.slice(2).map(({ state, words, asked }) => [state, words, asked]),
    [
      ['failing', 'REFUSED instead of NXDOMAIN', 3],
      ['failing', 'REFUSED instead of NXDOMAIN', 3],
      ['no-data', /^SERVFAIL, which settles nothing/, 1],
      ['no-data', /^SERVFAIL, which settles nothing/, 1],
    ],
  )
  t.equal(verdict.state, 'failing')
})

t.test('texts from files are visible texts', async (t) => {
  const { checks } = await checked(t)
  t.match(checks.find(({ id }) => id === 'hosts-file')?.detail, 'a⟨U+001B⟩]0;title (192.0.2.9)')
})

t.test('a clock against a server', async (t) => {
  const ntp = await startNtpServer({ aheadMilliseconds: 94_000 })
  t.teardown(() => ntp.close())
  const { clocks } = await checked(t, { ntp: [`127.0.0.1:${ntp.port}`] })
  t.match(clocks, [{ state: 'failing', words: /^94 s behind/ }])
})

t.test('a wish that cannot be followed', async (t) => {
  t.match(await check(context(t, { name: 'a..b' })), { errors: [/names\.external/] })
})

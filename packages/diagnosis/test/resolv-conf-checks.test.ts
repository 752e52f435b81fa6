import type { ClusterCheck, ResolvConfFact } from '@oddnode/protocol'
import t from 'tap'
import { resolvConfChecks, type Standing } from '../src/resolv-conf-checks.ts'
import { resolvConf as resolvConfOf } from './faults/fault-world.ts'

const resolvConf = ({ nameservers = ['10.96.0.10'], ...seen }: Partial<ResolvConfFact> = {}): ResolvConfFact => ({
  ...resolvConfOf(nameservers),
  ...seen,
})
const clusterSearch = ['shop.svc.cluster.local', 'svc.cluster.local', 'cluster.local']

const place = (seen: Partial<Standing> = {}): Standing => ({
  vantage: 'host',
  resolvConf: resolvConf(),
  nodeLocalAddresses: [],
  handedOn: null,
  ...seen,
})
const podPlace = (seen: Partial<Standing> = {}): Standing =>
  place({ vantage: 'pod', resolvConf: resolvConf({ search: clusterSearch, options: ['ndots:5'] }), ...seen })

function answer(id: string, standing: Standing): ClusterCheck {
  const found = resolvConfChecks(standing).find((check) => check.id === id)
  if (found === undefined) throw new Error(`no check ${id}`)
  return found
}

t.test('a file as kubelet writes it passes all that it can answer', async (t) => {
  const checks = resolvConfChecks(podPlace())
  t.strictSame(
    checks.map(({ id, passed }) => [id, passed]),
    [
      ['nameserver-limit', true],
      ['search-domains-repeated', true],
      ['resolv-conf-syntax', true],
      ['namespace-search', true],
      ['ndots', true],
      ['systemd-resolved-loop', null],
    ],
  )
})

t.test('a file that cannot be read says who is asked instead', async (t) => {
  const here = place({ resolvConf: resolvConf({ nameservers: [], usedNameservers: ['127.0.0.1'], error: 'EACCES' }) })
  t.match(resolvConfChecks(here), [{ id: 'resolv-conf-readable', passed: false, detail: /EACCES.*127\.0\.0\.1/ }])
})

t.test('limits, repetitions and lines that nobody reads', async (t) => {
  const limits = ['4 nameservers: glibc and musl use the first 3, not 192.0.2.4.']
  t.match(answer('nameserver-limit', place({ resolvConf: resolvConf({ limits }) })), {
    passed: false,
    detail: limits[0],
  })
  const nameservers = ['192.0.2.1', '192.0.2.1']
  t.match(
    answer('search-domains-repeated', place({ resolvConf: resolvConf({ nameservers, search: ['a', 'b', 'a'] }) })),
    {
      passed: false,
      detail: /192\.0\.2\.1, a\./,
    },
  )
  t.match(answer('resolv-conf-syntax', place({ resolvConf: resolvConf({ unread: ['nameservers 1'] }) })), {
    passed: false,
  })
})

t.test('the search list of a pod', async (t) => {
  const searching = (search: string[]) => answer('namespace-search', podPlace({ resolvConf: resolvConf({ search }) }))
  t.match(searching(clusterSearch), { passed: true })
  t.match(searching(['svc.cluster.local']), {
    passed: false,
    detail: /lacks NAMESPACE\.svc\.cluster\.local and cluster\.local/,
  })
  t.match(searching(['example.net']), { passed: null, detail: /dnsPolicy/ })
  t.match(answer('namespace-search', place({ resolvConf: resolvConf({ search: ['example.net'] }) })), { passed: true })
})

t.test('what ndots costs', async (t) => {
  const costs = (options: string[], search = clusterSearch) =>
    answer('ndots', place({ resolvConf: resolvConf({ options, search }) }))
  t.match(costs(['ndots:5']), { detail: 'ndots is 5: www.example.com is tried under 3 search domains first.' })
  t.match(costs(['ndots:5'], []), { detail: 'ndots is 5: www.example.com is asked as it is.' })
  t.match(costs([]), { detail: 'ndots is 1: www.example.com is asked as it is.' })
  t.match(costs(['ndots:5', 'ndots:2']), { detail: /^ndots is 2: .* as it is\.$/ })
})

t.test('the loop of systemd-resolved', async (t) => {
  const stub = resolvConf({ nameservers: ['127.0.0.53'] })
  const upstreams = resolvConf({ path: '/run/systemd/resolve/resolv.conf', nameservers: ['192.0.2.53'] })
  t.match(answer('systemd-resolved-loop', place({ resolvConf: stub })), {
    passed: null,
    detail: /Whether kubelet hands this file on/,
  })
  t.match(answer('systemd-resolved-loop', place({ resolvConf: stub, handedOn: upstreams })), { passed: true })
  t.match(answer('systemd-resolved-loop', place({ resolvConf: stub, handedOn: stub })), {
    passed: false,
    detail: /127\.0\.0\.53.*set resolvConf to \/run\/systemd\/resolve\/resolv\.conf/,
  })
  const cache = resolvConf({ nameservers: ['169.254.20.10'] })
  t.match(answer('systemd-resolved-loop', place({ handedOn: cache, nodeLocalAddresses: ['169.254.20.10'] })), {
    passed: false,
  })
  t.match(answer('systemd-resolved-loop', place()), { passed: true })
  t.match(answer('systemd-resolved-loop', podPlace({ resolvConf: resolvConf({ nameservers: ['127.0.0.1'] }) })), {
    passed: false,
  })
})

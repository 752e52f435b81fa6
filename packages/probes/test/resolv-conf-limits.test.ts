import t from 'tap'
import { resolvConfLimits } from '../src/resolv-conf-limits.ts'

const limits = (asked: Partial<Parameters<typeof resolvConfLimits>[0]>) =>
  resolvConfLimits({ nameservers: ['10.96.0.10'], search: [], options: [], ...asked })

t.test('what every pod has is within the limits', async (t) => {
  const search = ['ns.svc.cluster.local', 'svc.cluster.local', 'cluster.local']
  t.same(limits({ search, options: ['ndots:5', 'timeout:30', 'attempts:5', 'rotate'] }), [])
  t.same(limits({ nameservers: ['10.0.0.1', '10.0.0.2', '10.0.0.3'] }), [])
})

t.test('nameservers', async (t) => {
  t.same(limits({ nameservers: [] }), ['No nameserver: glibc and musl ask 127.0.0.1.'])
  t.same(limits({ nameservers: ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'] }), [
    '4 nameservers: glibc and musl use the first 3, not 10.0.0.4.',
  ])
})

t.test('search', async (t) => {
  t.same(limits({ search: ['a', 'b', 'c', 'd', 'e', 'f'] }), [])
  t.same(limits({ search: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] }), [
    '7 search domains: glibc before 2.26 uses the first 6.',
  ])
  const domain = 'x'.repeat(123)
  t.same(limits({ search: [domain, domain] }), [])
  t.same(limits({ search: [domain, `${domain}x`] }), [
    'A search list of 248 octets: musl ignores one above 247 as a whole.',
  ])
  t.same(limits({ search: [domain, `${domain}${'x'.repeat(10)}`] }), [
    'A search list of 257 octets: glibc before 2.26 cuts it at 256.',
    'A search list of 257 octets: musl ignores one above 247 as a whole.',
  ])
})

t.test('options: the last of several holds', async (t) => {
  t.same(limits({ options: ['ndots:16'] }), ['ndots:16: glibc takes at most 15, musl 15.'])
  t.same(limits({ options: ['timeout:31'] }), ['timeout:31: glibc takes at most 30 s, musl takes it.'])
  t.same(limits({ options: ['timeout:61'] }), ['timeout:61: glibc takes at most 30 s, musl 60 s.'])
  t.same(limits({ options: ['attempts:6'] }), ['attempts:6: glibc takes at most 5, musl takes it.'])
  t.same(limits({ options: ['ndots:99', 'ndots:2'] }), [])
  t.same(limits({ options: ['ndots:', 'timeout:x', 'attempts'] }), [])
})

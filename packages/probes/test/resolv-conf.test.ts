import { utimesSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parseResolvConf, readResolvConf, resolvConfFact } from '../src/resolv-conf.ts'

const factOf = (text: string) => resolvConfFact('/etc/resolv.conf', text, 1, null)

t.test('what kubelet writes', async (t) => {
  const text = 'search ns.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n'
  t.same(factOf(text), {
    path: '/etc/resolv.conf',
    nameservers: ['10.96.0.10'],
    search: ['ns.svc.cluster.local', 'svc.cluster.local', 'cluster.local'],
    options: ['ndots:5'],
    usedNameservers: ['10.96.0.10'],
    limits: [],
    modifiedAt: 1,
    unread: [],
    error: null,
  })
})

t.test('keywords, comments and blanks', async (t) => {
  const text = [
    '; a comment',
    '# another',
    '',
    '   ',
    'nameserver\t10.0.0.1',
    'nameserver   fe80::53%eth0  ',
    'nameserver 10.0.0.2 ; why',
    'sortlist 130.155.160.0/255.255.240.0',
    'options ndots:1\trotate',
    'options timeout:1',
    ' nameserver 10.0.0.9',
    'Nameserver 10.0.0.9',
    'nameserver',
    'nameserver:10.0.0.9',
    'nameserver dns.example',
    'nameserver 10.0.0.9#53',
    'option ndots:2',
  ].join('\n')
  const conf = parseResolvConf(text)
  t.same(conf.nameservers, ['10.0.0.1', 'fe80::53%eth0', '10.0.0.2'])
  t.same(conf.options, ['ndots:1', 'rotate', 'timeout:1'])
  t.same(conf.unread, [
    ' nameserver 10.0.0.9',
    'Nameserver 10.0.0.9',
    'nameserver',
    'nameserver:10.0.0.9',
    'nameserver dns.example',
    'nameserver 10.0.0.9#53',
    'option ndots:2',
  ])
})

t.test('a zone is the name of an interface', async (t) => {
  t.same(parseResolvConf('nameserver fe80::1%abcdefghijklmno\n').nameservers, ['fe80::1%abcdefghijklmno'])
  t.same(parseResolvConf('nameserver fe80::1%abcdefghijklmnop\n').nameservers, [])
})

t.test('of search and domain the last holds', async (t) => {
  t.same(parseResolvConf('search a b\ndomain c d\n').search, ['c'])
  t.same(parseResolvConf('domain c\nsearch a b\n').search, ['a', 'b'])
  t.same(parseResolvConf('search a\nsearch \ndomain \n').search, ['a'], 'an empty one changes nothing')
  t.same(parseResolvConf('search .\n').search, ['.'])
})

t.test('IPv4 as inet_aton reads it', async (t) => {
  const read = (text: string) => parseResolvConf(`nameserver ${text}\n`).nameservers[0]
  t.equal(read('127.1'), '127.0.0.1')
  t.equal(read('010.0.0.53'), '8.0.0.53', 'octal')
  t.equal(read('0x0a.0.1'), '10.0.0.1')
  t.equal(read('3232235777'), '192.168.1.1')
  t.equal(read('0'), '0.0.0.0')
  for (const text of ['10.0.0.256', '256.1', '1.2.3.4.5', '08.0.0.1', '10.0.0.', '4294967296', '1.16777216', '-1']) {
    t.equal(read(text), undefined, text)
  }
})

t.test('what a library reads otherwise, or only in part', async (t) => {
  const crlf = factOf('nameserver 10.0.0.1\r\nsearch a b\r\n')
  t.match(crlf, { nameservers: ['10.0.0.1'], search: ['a', 'b'], limits: [/^Lines end in CR LF/] })
  t.match(factOf('nameserver 10.0.0.1 10.0.0.2\n'), {
    nameservers: ['10.0.0.1'],
    limits: ['Nameserver 10.0.0.2 is not read: one address per line.'],
  })
})

t.test('above the limits', async (t) => {
  const fact = factOf([1, 2, 3, 4, 5].map((i) => `nameserver 10.0.0.${i}`).join('\n'))
  t.equal(fact.nameservers.length, 5)
  t.same(fact.usedNameservers, ['10.0.0.1', '10.0.0.2', '10.0.0.3'])
  t.same(fact.limits, ['5 nameservers: glibc and musl use the first 3, not 10.0.0.4, 10.0.0.5.'])
})

t.test('what the wire may carry', async (t) => {
  const many = Array.from({ length: 100 }, (_, i) => `nameserver 10.0.0.${i} 1.1.1.1`).join('\n')
  const fact = factOf(`${many}\nsearch ${'x'.repeat(300)}\noptions ${'y'.repeat(80)}\n${'z'.repeat(300)}\n`)
  t.equal(fact.nameservers.length, 64)
  t.equal(fact.limits.length, 16)
  t.equal(fact.search[0]?.length, 255)
  t.equal(fact.options[0]?.length, 64)
  t.equal(fact.unread[0]?.length, 256)
})

t.test('trap 21: the file has an age', async (t) => {
  const path = join(t.testdir({ 'resolv.conf': 'nameserver 10.0.0.1\n' }), 'resolv.conf')
  utimesSync(path, 1_795_000_000.25, 1_795_000_000.25)
  const fact = await readResolvConf(path)
  t.match(fact, { path, nameservers: ['10.0.0.1'], error: null })
  t.ok(Math.abs((fact.modifiedAt ?? 0) - 1_795_000_000.25) < 0.001)
})

t.test('no file: the libraries ask this machine, and it is said', async (t) => {
  const folder = t.testdir({})
  t.match(await readResolvConf(join(folder, 'missing')), {
    nameservers: [],
    usedNameservers: ['127.0.0.1'],
    limits: ['No nameserver: glibc and musl ask 127.0.0.1.'],
    modifiedAt: null,
    error: 'ENOENT',
  })
  t.match(await readResolvConf(folder), { usedNameservers: ['127.0.0.1'], error: 'EISDIR' })
})

t.test('what they cannot know either', async (t) => {
  const fact = await readResolvConf(join(t.testdir({}), 'x'.repeat(300)))
  t.match(fact, { usedNameservers: [], limits: [], error: 'ENAMETOOLONG' })
  t.equal(fact.path.length, 256)
})

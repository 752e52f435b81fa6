import t from 'tap'
import { addressClass, comparedAnswers } from '../src/answers.ts'

t.test('names of the cluster are compared as sets', async (t) => {
  t.equal(comparedAnswers('kubernetes', ['10.96.0.1']), comparedAnswers('kubernetes', ['10.96.0.1']))
  t.not(comparedAnswers('kubernetes', ['10.96.0.1']), comparedAnswers('kubernetes', ['10.96.0.2']))
  t.not(comparedAnswers('canary', ['10.0.0.1', '10.0.0.2']), comparedAnswers('canary', ['10.0.0.1']))
  t.not(comparedAnswers('canary', ['10.0.0.1', '10.0.0.2']), comparedAnswers('canary', ['10.0.0.110.0.0.2']))
  t.not(comparedAnswers('kubernetes', []), 0, 'an empty answer is an answer')
})

t.test('external is compared by class only', async (t) => {
  const outside = comparedAnswers('external', ['93.184.216.34'])
  t.equal(comparedAnswers('external', ['1.1.1.1', '8.8.8.8']), outside)
  t.not(comparedAnswers('external', ['192.168.1.1']), outside)
  t.not(comparedAnswers('external', []), outside)
})

t.test('what differs by design is not compared', async (t) => {
  for (const question of ['identity', 'invalid', 'missing', 'trap', 'wildcard'] as const) {
    t.equal(comparedAnswers(question, ['a']), 0, question)
  }
})

t.test('a serial is compared by its hour', async (t) => {
  const soa = (serial: number) => [`ns.dns.cluster.local. hostmaster.cluster.local. ${serial} 7200 1800 86400 30`]
  const of = (answers: string[]) => comparedAnswers('soa', answers)
  t.equal(of(soa(1_800_000_000)), of(soa(1_800_000_059)))
  t.not(of(soa(1_800_000_000)), of(soa(1_799_996_400)))
  t.not(of(soa(1_800_000_000)), of(['ns.example. x.example. 1800000000 7200 1800 86400 30']), 'another zone')
  t.not(of(['a']), of(['b']), 'no SOA record')
})

t.test('private and public addresses', async (t) => {
  const inside = [
    '10.1.2.3',
    '127.0.0.1',
    '169.254.20.10',
    '172.16.0.1',
    '172.31.0.1',
    '192.168.0.1',
    '100.64.0.1',
    '100.127.0.1',
    '0.0.0.0',
  ]
  for (const address of [...inside, '::1', '::', 'fd00::1', 'fc12:3::1', 'fe80::1'])
    t.equal(addressClass(address), 'private', address)
  for (const address of ['1.1.1.1', '172.32.0.1', '100.128.0.1', '11.0.0.1', '2001:db8::1', 'example.com']) {
    t.equal(addressClass(address), 'public', address)
  }
})

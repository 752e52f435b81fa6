import type { Target } from '@oddnode/protocol'
import t from 'tap'
import { isTrap, subjectWords } from '../../src/check/subject-words.ts'

const target = (
  role: Target['role'],
  address: string,
  port = 53,
  learnedFrom: Target['learnedFrom'] = 'resolv.conf',
): Target => ({ role, address, port, learnedFrom })

t.test('who is asked', async (t) => {
  t.equal(subjectWords(target('node-local', '169.254.20.10')), 'node-local DNS 169.254.20.10')
  t.equal(subjectWords(target('resolv-conf', '192.0.2.1')), 'nameserver 192.0.2.1')
  t.equal(subjectWords(target('resolv-conf', '2001:db8::53', 5353, 'configuration')), 'server [2001:db8::53]:5353')
  t.equal(subjectWords(target('api-server', '10.96.0.1', 443, 'environment')), 'the API server 10.96.0.1:443')
  const trap = target('upstream', '192.0.2.53', 53, 'configuration')
  t.equal(subjectWords(trap), '192.0.2.53, where nobody lives')
  t.equal(isTrap(trap), true)
})

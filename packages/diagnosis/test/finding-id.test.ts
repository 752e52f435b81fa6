import t from 'tap'
import { findingId, scopeKey } from '../src/finding-id.ts'

const scope = { kind: 'group', nodes: ['a', 'b'], shared: {}, subject: null } as const

t.test('the same fault, scope and start are the same finding', async (t) => {
  const id = findingId('unexplained-difference', { ...scope, nodes: ['a', 'b'] }, 1000)
  t.match(id, /^[0-9a-f]{16}$/)
  t.equal(findingId('unexplained-difference', { ...scope, nodes: ['b', 'a'], shared: { zone: '1' } }, 1000), id)
  t.not(findingId('vantage-silent', { ...scope, nodes: ['a', 'b'] }, 1000), id)
  t.not(findingId('unexplained-difference', { ...scope, nodes: ['a'] }, 1000), id)
  t.not(findingId('unexplained-difference', { ...scope, nodes: ['a', 'b'] }, 1000.001), id)
})

t.test('a subject is part of the scope', async (t) => {
  const subject = { role: null, address: null, pod: 'agent-pod', node: 'a' }
  t.not(scopeKey({ ...scope, nodes: ['a'], subject }), scopeKey({ ...scope, nodes: ['a'] }))
})

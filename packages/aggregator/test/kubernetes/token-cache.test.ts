import t from 'tap'
import { createTokenCache } from '../../src/kubernetes/token-cache.ts'

const identity = { namespace: 'oddnode', node: 'node-1' }

t.test('a good token is fresh for five to ten minutes, and known after that', async (t) => {
  for (const [random, seconds] of [
    [0, 300],
    [1, 600],
  ] as const) {
    const cache = createTokenCache(10, () => random)
    t.equal(cache.get('good', 0), undefined)
    cache.put('good', identity, 0)
    t.strictSame(cache.get('good', seconds - 0.1), { identity, isFresh: true })
    t.strictSame(cache.get('good', seconds), { identity, isFresh: false })
    t.strictSame(cache.get('good', 99_999), { identity, isFresh: false })
  }
})

t.test('a bad one is asked about again soon', async (t) => {
  const cache = createTokenCache(10)
  cache.put('bad', null, 0)
  t.strictSame(cache.get('bad', 9), { identity: null, isFresh: true })
  t.equal(cache.get('bad', 10), undefined)
})

t.test('one that was good may be bad now, and the other way round', async (t) => {
  const cache = createTokenCache(10)
  cache.put('one', identity, 0)
  cache.put('one', null, 1)
  t.strictSame(cache.get('one', 2), { identity: null, isFresh: true })
  cache.put('one', identity, 3)
  t.match(cache.get('one', 4), { identity })
  t.equal(cache.size(), 1)
})

t.test('the oldest make way', async (t) => {
  const cache = createTokenCache(2)
  for (const token of ['a', 'b', 'c']) cache.put(token, identity, 0)
  t.equal(cache.get('a', 1), undefined)
  t.ok(cache.get('c', 1))
  for (let i = 0; i < 3000; i++) cache.put(`bad ${i}`, null, 0)
  t.equal(cache.size(), 2 + 1024)
  t.ok(cache.get('b', 1), 'and bad ones never push out good ones')
})

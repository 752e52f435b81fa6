import fc from 'fast-check'
import t from 'tap'
import { fitted } from '../../src/terminal/fit.ts'

const matrix = [
  '  node      from  node-local 169.254.20.10 udp  node-local 169.254.20.10 tcp  cluster-dns 10.96.0.10 udp',
  '  ✕ node-2  pod   ✕ timeout 0/5                 ✕ timeout 0/5                 ✓ 0.4 ms',
  '  ✓ node-1  pod   ✓ 0.3 ms                      ✓ 0.5 ms                      ✓ 0.4 ms',
]

t.test('what fits stays as it is', async (t) => {
  t.strictSame(fitted(matrix, 200), matrix)
})

t.test('a table that is too wide becomes several, each with the names of its rows', async (t) => {
  t.strictSame(fitted(matrix, 60), [
    '  node      from  node-local 169.254.20.10 udp',
    '  ✕ node-2  pod   ✕ timeout 0/5',
    '  ✓ node-1  pod   ✓ 0.3 ms',
    '  node      from  node-local 169.254.20.10 tcp',
    '  ✕ node-2  pod   ✕ timeout 0/5',
    '  ✓ node-1  pod   ✓ 0.5 ms',
    '  node      from  cluster-dns 10.96.0.10 udp',
    '  ✕ node-2  pod   ✓ 0.4 ms',
    '  ✓ node-1  pod   ✓ 0.4 ms',
  ])
})

t.test('prose is wrapped below where it begins', async (t) => {
  t.strictSame(fitted(['  remedy   Allow pods to reach port 53 of the address.'], 30), [
    '  remedy   Allow pods to reach',
    '           port 53 of the',
    '           address.',
  ])
  t.strictSame(fitted(['✕ FAILING  1 of 3 nodes differs: it does.'], 24), [
    '✕ FAILING  1 of 3 nodes',
    '  differs: it does.',
  ])
})

t.test('what may be a command stays whole, for whoever copies it', async (t) => {
  const lines = ['  confirm  kubectl -n kube-system get pods -o wide', '  on node-2: ip -br addr show dev nodelocaldns']
  t.strictSame(fitted(lines, 20), lines)
})

t.test('no word is lost in any text at any width', async () => {
  const lines = fc.array(fc.string({ unit: fc.constantFrom('a', 'B', '7', ' ', '  ', '✕', '東') }), { maxLength: 6 })
  const wordsOf = (text: readonly string[]) =>
    [...new Set(text.flatMap((line) => line.split(/\s+/).filter(Boolean)))].sort()
  fc.assert(
    fc.property(lines, fc.integer({ min: 1, max: 40 }), (text, columns) => {
      const fit = fitted(text, columns)
      return JSON.stringify(wordsOf(fit)) === JSON.stringify(wordsOf(text)) || fit.length === 0
    }),
  )
})

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

t.test('rows without a head go on below themselves', async (t) => {
  const evidence = [
    '  ✕ node-2  pod  node-local 169.254.20.10 udp  kubernetes  timeout 0/5',
    '  ✓ node-1  pod  node-local 169.254.20.10 udp  kubernetes  NOERROR 5/5 0.34 ms',
  ]
  t.strictSame(fitted(evidence, 80), evidence)
  t.strictSame(fitted(evidence, 60), [
    '  ✕ node-2  pod  node-local 169.254.20.10 udp',
    '      kubernetes  timeout 0/5',
    '  ✓ node-1  pod  node-local 169.254.20.10 udp',
    '      kubernetes  NOERROR 5/5 0.34 ms',
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

t.test('what is copied stays whole: a command, where it is typed, an address', async (t) => {
  const lines = [
    '  confirm  kubectl -n kube-system get pods -o wide',
    '  confirm  on node-2:',
    '           ip -br addr show dev nodelocaldns',
    '  kubectl get pods --all-namespaces',
    '  see      https://example.com/a-long-way-to-go',
  ]
  t.strictSame(fitted(lines, 20), lines)
})

t.test('prose that begins with a name, as stories do, is wrapped between words', async (t) => {
  const story = "  node-3's clock is 94 s behind the other nodes: tokens it issues are refused as expired."
  t.ok(fitted([story], 40).every((line) => line.length <= 40))
  t.strictSame(fitted(['cluster prod-eu · 6/6 agents reporting · oddnode 0.1.0'], 40), [
    'cluster prod-eu · 6/6 agents reporting ·',
    'oddnode 0.1.0',
  ])
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

import t from 'tap'
import { createFixedPorts } from '../src/fixed-ports.ts'

const at = (address: string, port = 53) => ({ address, port })

t.test('trap 3: a target keeps its port for life, in whatever order plans name it', async (t) => {
  const portOf = createFixedPorts(61_000)
  const [a, b] = [portOf(at('10.96.0.10')), portOf(at('fd00::10'))]
  t.strictSame([portOf(at('fd00::10')), portOf(at('10.96.0.10'))], [b, a])
  t.not(a, b)
})

t.test('another port of the same address is another target', async (t) => {
  const portOf = createFixedPorts(61_000)
  t.not(portOf(at('10.96.0.10')), portOf(at('10.96.0.10', 5353)))
})

t.test('ports stay within the 256 that were set aside', async (t) => {
  const portOf = createFixedPorts(61_000)
  const ports = Array.from({ length: 300 }, (_, i) => portOf(at(`10.0.${i >> 8}.${i & 255}`)))
  t.equal(Math.max(...ports), 61_255)
})

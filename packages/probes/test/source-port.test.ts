import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { clientPorts, drawPort, readClientPorts } from '../src/source-port.ts'

t.test('the range without the reserved ports', async (t) => {
  t.strictSame(clientPorts('32768\t60999\n', '\n'), [[32768, 60999]])
  t.strictSame(clientPorts('1000\t1009\n', '1003,1006-1007\n'), [
    [1000, 1002],
    [1004, 1005],
    [1008, 1009],
  ])
  t.strictSame(clientPorts('1000\t1009\n', '8,900-1001,1009-2000\n'), [[1002, 1008]])
  t.strictSame(clientPorts('1000\t1009\n', '1-65535\n'), [])
  t.strictSame(clientPorts('1000\t1009\n', '5000\n'), [[1000, 1009]])
  t.strictSame(clientPorts('nonsense', ''), [])
})

t.test('each port that is free, and no other, is drawn', async (t) => {
  const ranges = clientPorts('1000\t1009\n', '1003,1006-1007\n')
  const drawn = Array.from({ length: 7 }, (_, i) => drawPort(ranges, () => i))
  t.strictSame(drawn, [1000, 1001, 1002, 1004, 1005, 1008, 1009])
  t.equal(drawPort([]), 0, 'the kernel chooses where there is none')
})

t.test('never outside the range, never reserved', async (t) => {
  const port = fc.integer({ min: 1, max: 65_535 })
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(port, port, fc.uniqueArray(port, { maxLength: 20 }), (a, b, reserved) => {
        const [first, last] = [Math.min(a, b), Math.max(a, b)]
        const ranges = clientPorts(`${first}\t${last}\n`, reserved.sort((x, y) => x - y).join(','))
        const drawn = drawPort(ranges)
        return drawn === 0 ? ranges.length === 0 : drawn >= first && drawn <= last && !reserved.includes(drawn)
      }),
    ),
  )
})

t.test('read from the kernel, or nothing', async (t) => {
  const directory = t.testdir({ ip_local_port_range: '40000\t40001\n', ip_local_reserved_ports: '40000\n' })
  t.strictSame(readClientPorts(directory), [[40001, 40001]])
  t.strictSame(readClientPorts(join(directory, 'missing')), [])
  const halfway = join(directory, 'halfway')
  mkdirSync(halfway)
  writeFileSync(join(halfway, 'ip_local_port_range'), '1\t2\n')
  t.strictSame(readClientPorts(halfway), [])
})

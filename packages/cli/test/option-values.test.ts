import t from 'tap'
import { addressesOf, listOf, portOf, secondsOf } from '../src/option-values.ts'

t.test('ports', async (t) => {
  t.equal(portOf('8530'), 8530)
  for (const wrong of ['0', '65536', 'http', '1.5', '']) t.throws(() => portOf(wrong), /from 1 to 65535/)
})

t.test('lists', async (t) => {
  t.strictSame(listOf(' a, b,,'), ['a', 'b'])
})

t.test('addresses add up, and no name is one', async (t) => {
  t.strictSame(addressesOf('[2001:db8::53]:5353', addressesOf('192.0.2.53')), ['192.0.2.53', '[2001:db8::53]:5353'])
  for (const wrong of ['dns.example', '', '192.0.2.300', '192.0.2.1:0'])
    t.throws(() => addressesOf(wrong), /and no name/)
})

t.test('seconds within their range', async (t) => {
  const seconds = secondsOf(1, 3600)
  t.equal(seconds('1'), 1)
  t.equal(seconds('2.5'), 2.5)
  for (const wrong of ['0.9', '3601', 'soon', '', 'NaN']) t.throws(() => seconds(wrong), /from 1 to 3600/)
})

import fc from 'fast-check'
import t from 'tap'
import { labelText } from '../src/label-text.ts'

t.test('quotes, backslashes and line ends are escaped, and nothing else', async (t) => {
  t.equal(labelText('a"b\\c\nd'), 'a\\"b\\\\c\\nd')
  t.equal(labelText('{node="x"} 1 # \t\r é'), '{node=\\"x\\"} 1 # \t\r é')
  t.equal(labelText('\ud800'), '\ufffd', 'half a character is no UTF-8')
})

t.test('what a scraper reads is what was written', async (t) => {
  const read = (text: string) => text.replace(/\\(.)/gs, (_, character) => (character === 'n' ? '\n' : character))
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (value) => {
      const text = labelText(value)
      return /^(?:[^"\\\n]|\\["\\n])*$/.test(text) && read(text) === value
    }),
  )
  t.pass()
})

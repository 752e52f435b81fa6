import { PassThrough } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import { colour, coloursFor, plain } from '../../src/terminal/colours.ts'
import { answering, reporting } from '../aggregator.ts'
import { oddnode } from '../oddnode.ts'

t.test('states and headings are coloured, and nothing else is', async (t) => {
  t.ok(colour('✕ FAILING  1 of 3').startsWith('\u001b[31m✕\u001b[39m \u001b[1m\u001b[31mFAILING'))
  t.equal(colour('NOT LOOKED AT'), '\u001b[1mNOT LOOKED AT\u001b[22m')
  t.equal(colour('  plain text with a DNS name in it'), '  plain text with a DNS name in it')
  t.equal(plain('✕ x'), '✕ x')
})

t.test('a colour adds nothing and takes nothing away', async () => {
  const lines = fc.string({ unit: fc.constantFrom('✕', '✓', ' ', 'CRITICAL', 'OK', 'a', ':') })
  fc.assert(fc.property(lines, (line) => stripVTControlCharacters(colour(line)) === line))
})

t.test('a pipe has no colours', async (t) => {
  t.equal(coloursFor(new PassThrough()), plain)
})

t.test('FORCE_COLOR colours a pipe, NO_COLOR no terminal', async (t) => {
  const { url } = await answering(t, reporting('failing', '✕ FAILING  it fails\n'))
  const [piped, forced] = await Promise.all([oddnode(['report', url]), oddnode(['report', url], { FORCE_COLOR: '1' })])
  t.equal(piped.stdout, '✕ FAILING  it fails\n')
  t.match(forced.stdout, '\u001b[31m')
  t.equal(stripVTControlCharacters(forced.stdout), piped.stdout)
})

import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import t from 'tap'
import { shellWord } from '../src/shell-word.ts'

t.test('what means nothing to a shell stays as it is', async (t) => {
  for (const plain of ['cluster.local', '169.254.20.10', '2001:db8::53', 'a_b-c.test']) t.equal(shellWord(plain), plain)
})

t.test('property: a shell reads back what was written, and runs nothing of it', async () => {
  const nasty = fc.constantFrom(
    '$(id)',
    '`id`',
    "'",
    '"',
    ';',
    '\\',
    ' ',
    '*',
    '|',
    '&',
    '\n',
    '#',
    '~',
    '!',
    '<',
    'a.test',
  )
  fc.assert(
    fc.property(fc.array(nasty, { maxLength: 8 }), (parts) => {
      const text = parts.join('')
      const read = execFileSync('/bin/sh', ['-c', `printf %s x.${shellWord(text)}.y`], { encoding: 'utf8' })
      return read === `x.${text}.y`
    }),
    { numRuns: 50 },
  )
})

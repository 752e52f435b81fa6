import fc from 'fast-check'
import t from 'tap'
import { linesOf } from '../../src/kubernetes/lines.ts'

async function* pieces(...texts: string[]) {
  yield* texts
}

async function all(...texts: string[]): Promise<string[]> {
  const lines: string[] = []
  for await (const line of linesOf(pieces(...texts))) lines.push(line)
  return lines
}

t.test('lines, however they are cut into pieces', async (t) => {
  t.strictSame(await all('{"a":1}\n{"b"', ':2}', '\n'), ['{"a":1}', '{"b":2}'])
  t.strictSame(await all('a\n\nb\nbroken off'), ['a', '', 'b'])
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string().map((text) => text.replaceAll('\n', ' '))),
      fc.array(fc.nat(40)),
      async (lines, cuts) => {
        const text = lines.map((line) => `${line}\n`).join('')
        const places = [0, ...cuts.map((cut) => Math.min(cut, text.length)).sort((a, b) => a - b), text.length]
        const cut = places.slice(1).map((end, i) => text.slice(places[i], end))
        const read = await all(...cut)
        return read.length === lines.length && read.every((line, i) => line === lines[i])
      },
    ),
  )
})

t.test('a line without end', async (t) => {
  const piece = 'x'.repeat(1_048_576)
  await t.rejects(all(...Array.from({ length: 18 }, () => piece)), /a line of more than/)
})

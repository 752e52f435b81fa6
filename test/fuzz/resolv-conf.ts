// Reads random and mutated resolv.conf files.
// node --conditions=@oddnode/source test/fuzz/resolv-conf.ts [cases] [seed]
import { isIP } from 'node:net'
import { ResolvConfFact } from '@oddnode/protocol/schema'
import fc from 'fast-check'
import { Compile } from 'typebox/compile'
import { resolvConfFact } from '../../packages/probes/src/resolv-conf.ts'
import { fuzz } from './run.ts'

const keyword = fc.constantFrom(
  'nameserver',
  'search',
  'domain',
  'options',
  'sortlist',
  'option',
  'Nameserver',
  '#',
  ';',
)
const blank = fc.constantFrom(' ', '\t', '  ', '', '\r', '\0', '\u00a0')
const word = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.domain(),
  fc.constantFrom(
    'ndots:5',
    'ndots:99999999999999999999',
    'timeout:-1',
    'attempts:6',
    'rotate',
    '.',
    '%',
    '0x7f.1',
    '010.1',
  ),
  fc.string({ maxLength: 40 }),
)
const line = fc
  .tuple(fc.option(blank, { freq: 8 }), keyword, blank, fc.array(word, { maxLength: 8 }), blank)
  .map(([before, keyword, after, words, between]) => `${before ?? ''}${keyword}${after}${words.join(between)}`)
const end = fc.constantFrom('\n', '\r\n', '\r', '\n\n')
const written = fc
  .tuple(fc.array(fc.oneof({ weight: 5, arbitrary: line }, fc.string()), { maxLength: 40 }), end)
  .map(([lines, end]) => lines.join(end))

/** A few characters, very often. */
const long = fc
  .tuple(
    fc.constantFrom('nameserver ', 'search ', ''),
    fc.constantFrom('1.', ' ', 'a ', '0', ':', '\t', '\r'),
    fc.nat(5_000),
  )
  .map(([start, part, times]) => `${start}${part.repeat(times)}\n`)

const random = fc.uint8Array({ maxLength: 400 }).map((octets) => Buffer.from(octets).toString('utf8'))

const schema = Compile(ResolvConfFact)

fuzz({
  name: 'resolv-conf',
  inputs: fc.oneof({ weight: 6, arbitrary: written }, long, { weight: 2, arbitrary: random }),
  holds: (text) => {
    const fact = resolvConfFact('/etc/resolv.conf', text, null, null)
    return schema.Check(fact) && fact.usedNameservers.length > 0 && fact.nameservers.every((each) => isIP(each) !== 0)
  },
})

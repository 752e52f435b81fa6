import type { DifferentCell, DifferentValue, NodeDiff } from '@oddnode/protocol'
import { countText, glyphs, readingText, seenText, timeText } from '../format.ts'
import { aligned, section } from './report.ts'

/** Two nodes side by side for a terminal. */
export function diffText({
  a,
  b,
  at,
  cluster,
  version,
  cells,
  alikeCells,
  facts,
  attributes,
  clock,
}: NodeDiff): string {
  const heads = ['', `${glyphs[a.state]} ${a.name}`, `${glyphs[b.state]} ${b.name}`]
  const apart = clock === null ? 'not measured on both' : readingText(clock.offsetSeconds, clock.uncertaintySeconds)
  const sections = [
    `${a.name} beside ${b.name}\ncluster ${cluster} · ${timeText(at)} · oddnode ${version}`,
    section('What they do not see alike', cells.length === 0 ? [] : aligned([heads, ...cells.map(cellRow)])),
    `${countText(alikeCells, 'probe')} seen alike.`,
    section('Facts', facts.length === 0 ? [] : aligned([heads, ...facts.map(valueRow)])),
    section('Attributes', attributes.length === 0 ? [] : aligned([heads, ...attributes.map(valueRow)])),
    section('Clocks', [`${a.name} against ${b.name}: ${apart}`]),
  ]
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`
}

function cellRow({ vantage, target, transport, question, variant, a, b }: DifferentCell): string[] {
  const asked = [vantage, target.role, target.address, transport, question, variant].filter(Boolean).join(' ')
  return [asked, seenOrNot(a), seenOrNot(b)]
}

const seenOrNot = (seen: DifferentCell['a']): string =>
  seen === null ? '– not asked' : `${glyphs[seen.state]} ${seenText(seen)}`

const valueRow = ({ name, a, b }: DifferentValue): string[] => [name, a ?? '–', b ?? '–']

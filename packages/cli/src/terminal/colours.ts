import { styleText } from 'node:util'
import { glyphs } from './glyphs.ts'

/** Makes one line of a report easier to find; adds nothing that is not in its text. */
export type Colour = (line: string) => string

/** For a file, a pipe, or a terminal without colours. */
export const plain: Colour = (line) => line

/**
 * Colours where the stream is a terminal that shows them; `NO_COLOR` (https://no-color.org) and `TERM=dumb` take them away, `FORCE_COLOR`
 * gives them to a pipe, too.
 */
export function coloursFor(stream: NodeJS.WritableStream): Colour {
  const isColoured = styleText('red', 'x', { stream }) !== 'x'
  return isColoured ? colour : plain
}

type Style = Parameters<typeof styleText>[0]
const styled = (style: Style, text: string): string => styleText(style, text, { validateStream: false })

const styleOfGlyph: Readonly<Record<string, Style>> = {
  [glyphs.failing]: 'red',
  [glyphs.degraded]: 'yellow',
  [glyphs.ok]: 'green',
  [glyphs['no-data']]: 'dim',
}
const glyphThenWord = new RegExp(`[${Object.values(glyphs).join('')}](?= )`, 'g')
const styleOfWord: Readonly<Record<string, Style>> = {
  CRITICAL: ['bold', 'red'],
  WARNING: ['bold', 'yellow'],
  INFO: 'bold',
  FAILING: ['bold', 'red'],
  DEGRADED: ['bold', 'yellow'],
  OK: ['bold', 'green'],
}
/** A heading of its own line, or the severity that begins one. */
const heading = /^(?:[✓▲✕·] )?([A-Z][A-Z -]{3,}|OK)(?= {2}|$)/

/** Glyphs by their state, headings bold. */
export const colour: Colour = (line) =>
  line
    .replace(heading, (match, word: string) => match.replace(word, styled(styleOfWord[word] ?? 'bold', word)))
    .replace(glyphThenWord, (glyph) => styled(styleOfGlyph[glyph] ?? 'bold', glyph))

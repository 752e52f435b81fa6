const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** East Asian wide and full-width characters, and emoji: two cells in every terminal of note (Unicode TR 11). */
const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u
/** Latin letters and what reports are made of: one cell each, and no need to look closer. */
const narrow = /^[\x20-\x7e\u00a0-\u02ff–−…✓✕▲⟨⟩]*$/

/** How many cells of a terminal a text takes that has no control characters. */
export function displayWidth(text: string): number {
  if (narrow.test(text)) return text.length
  let cells = 0
  for (const { segment } of graphemes.segment(text)) cells += widthOf(segment)
  return cells
}

const widthOf = (grapheme: string): number => (wide.test(grapheme) ? 2 : /^\p{M}+$/u.test(grapheme) ? 0 : 1)

/** Pads with blanks to this many cells; what is wider stays as it is. */
export const padTo = (text: string, cells: number): string => text + ' '.repeat(Math.max(0, cells - displayWidth(text)))

/** Text cut into pieces of at most so many cells; a character that is wider stands alone. */
export function cutAt(text: string, cells: number): string[] {
  if (narrow.test(text)) return text.match(new RegExp(`.{1,${cells}}`, 'g')) ?? ['']
  const pieces = ['']
  let used = 0
  for (const { segment } of graphemes.segment(text)) {
    const width = widthOf(segment)
    if (used > 0 && used + width > cells) {
      pieces.push(segment)
      used = width
    } else {
      pieces[pieces.length - 1] += segment
      used += width
    }
  }
  return pieces
}

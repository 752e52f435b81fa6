/**
 * The word that differs least from what was written, for "did you mean …?".
 * @returns undefined where nothing is near: more than a third of the letters would have to change
 */
export function nearest(written: string, words: readonly string[]): string | undefined {
  const most = (word: string) => Math.max(1, Math.floor(word.length / 3))
  const [best] = words
    // Thousands of words are ruled out by their length alone.
    .filter((word) => Math.abs(word.length - written.length) <= most(word))
    .map((word) => ({ word, distance: editDistance(written.toLowerCase(), word.toLowerCase()) }))
    .filter(({ word, distance }) => distance <= most(word))
    .toSorted((a, b) => a.distance - b.distance)
  return best?.word
}

/** Insertions, deletions and substitutions that turn `a` into `b` (Levenshtein), one row of the table at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (let j = 1; j <= b.length; j++) {
      const substituted = at(row, j - 1) + (b[j - 1] === letter ? 0 : 1)
      next.push(Math.min(substituted, at(row, j) + 1, at(next, j - 1) + 1))
    }
    row = next
  }
  return at(row, b.length)
}

const at = (row: readonly number[], index: number) => row[index] as number

/**
 * Characters that are not what they seem: controls (C0, DEL, C1, tabs and line ends included), the marks that turn or isolate the
 * direction of text (Unicode TR 9), invisible spaces and joiners, line separators, and halves of surrogate pairs.
 */
const deceptive = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/** Longer texts are cut: a report is read by people. */
const MAX_CHARACTERS = 1000

/** Makes text from outside safe to look at: deceptive characters by their code point, `⟨U+202E⟩`, and not without end. */
export function visibleText(text: string, mostCharacters = MAX_CHARACTERS): string {
  const bounded = text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text
  return bounded.replace(deceptive, (character) => `⟨U+${codePointOf(character)}⟩`)
}

/** The same for every string in a value, keys included. The value is plain data, as JSON has it. */
export function visibleDeep<T>(value: T): T
export function visibleDeep(value: unknown): unknown {
  if (typeof value === 'string') return visibleText(value)
  if (Array.isArray(value)) return value.map((item: unknown) => visibleDeep(item))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [visibleText(key), visibleDeep<unknown>(item)]))
}

const codePointOf = (character: string) => (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')

/**
 * Fills `{word}` in a text with its value.
 * @throws RangeError for a word without a value: a template and what fills it are written together
 */
export function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (_, word: string) => {
    const value = values[word]
    if (value === undefined) throw new RangeError(`"${template}" names {${word}}, which has no value`)
    return value
  })
}

/** Names of one kind that a document may speak of. */
export type NameKind = {
  /** As a failure calls one: `metric`. */
  kind: string
  /** Finds them; the first group is the name. */
  pattern: RegExp
  isKnown: (name: string) => boolean
}

/**
 * What a document speaks of, and is not there: a metric, a setting, a script.
 * @returns `FILE:LINE: … ` for each
 */
export function unknownNames(file: string, text: string, kinds: readonly NameKind[]): string[] {
  return text.split('\n').flatMap((row, i) =>
    kinds.flatMap(({ kind, pattern, isKnown }) =>
      [...row.matchAll(pattern)]
        .map(([, name = '']) => name)
        .filter((name) => !isKnown(name))
        .map((name) => `${file}:${i + 1}: there is no ${kind} ${name}`),
    ),
  )
}

/** `a.b` where that is one, is above one, or is below one that takes any keys. */
export function isPathOf(paths: ReadonlySet<string>, name: string): boolean {
  return [...paths].some((path) => path === name || path.startsWith(`${name}.`) || name.startsWith(`${path}.`))
}

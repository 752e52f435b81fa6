/** A link of a Markdown text, with the line that it stands on, from 1. */
export type Link = { target: string; line: number }

const fence = /^ *(```|~~~)/

/** Lines outside of fenced code, each with its number, from 1. */
export function proseLines(text: string): { text: string; line: number }[] {
  let fenced = false
  return text.split('\n').flatMap((row, i) => {
    if (fence.test(row)) fenced = !fenced
    return fenced || fence.test(row) ? [] : [{ text: row, line: i + 1 }]
  })
}

/** Every link and picture, `[…](target)` and HTML's `href` and `src`. */
export function linksOf(text: string): Link[] {
  return proseLines(text).flatMap(({ text: row, line }) =>
    [...withoutCode(row).matchAll(/\]\(([^()\s]+(?:\([^()\s]*\))?)[^()]*\)|\b(?:href|src|srcset)="([^"]+)"/g)].map(
      ([, markdown, html]) => ({ target: markdown ?? html ?? '', line }),
    ),
  )
}

/** The places in a text that a link can lead to: its headings, named as GitHub names them, and `id`s. */
export function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>()
  const seen = new Map<string, number>()
  for (const { text: row } of proseLines(text)) {
    const heading = /^#{1,6} +(.*?) *#*$/.exec(row)?.[1]
    if (heading !== undefined) {
      const slug = slugOf(heading)
      const count = seen.get(slug) ?? 0
      seen.set(slug, count + 1)
      anchors.add(count === 0 ? slug : `${slug}-${count}`)
    }
    for (const [, id = ''] of row.matchAll(/\b(?:id|name)="([^"]+)"/g)) anchors.add(id)
  }
  return anchors
}

/** What GitHub makes of a heading: small letters, no punctuation, hyphens for spaces. */
export function slugOf(heading: string): string {
  return heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M} _-]/gu, '')
    .replaceAll(' ', '-')
}

const withoutCode = (row: string): string => row.replace(/`[^`]*`/g, '')

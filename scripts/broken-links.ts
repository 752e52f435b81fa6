import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { anchorsOf, linksOf } from './markdown.ts'

/**
 * The relative links of Markdown files that lead nowhere: to a file that is not there, or to a heading that its file has not. Addresses of
 * other hosts are not asked.
 * @param files paths from the repository's root
 * @returns `FILE:LINE: …` for each
 */
export function brokenLinks(files: readonly string[]): string[] {
  return files.flatMap((file) =>
    linksOf(readFileSync(file, 'utf8')).flatMap(({ target, line }) => {
      const wrong = wrongWith(file, target)
      return wrong === null ? [] : [`${file}:${line}: ${target} ${wrong}`]
    }),
  )
}

function wrongWith(file: string, target: string): string | null {
  if (/^[a-z][a-z+.-]*:/i.test(target)) return null
  const [path = '', anchor] = target.split('#')
  const place = path === '' ? file : normalize(join(dirname(file), decodeURIComponent(path)))
  if (!existsSync(place)) return 'leads to no file'
  if (anchor === undefined || statSync(place).isDirectory()) return null
  return anchorsOf(readFileSync(place, 'utf8')).has(anchor) ? null : `leads to no heading of ${place}`
}

// Whether documents are true where a program can tell: links lead somewhere, and metrics, settings, scripts, flags and files that they name are there. What is past (changelog, decisions) may
// speak of what is gone, but its links lead somewhere too.
import { globSync, readFileSync } from 'node:fs'
import { brokenLinks } from './broken-links.ts'
import { documentNames } from './document-names.ts'
import { linksOf } from './markdown.ts'
import { unknownNames } from './unknown-names.ts'

const INDEX = 'docs/README.md'

const files = globSync(['*.md', 'docs/**/*.md', 'charts/**/*.md'])
const present = files.filter((file) => file !== 'CHANGELOG.md' && !file.startsWith('docs/adr/'))
const kinds = documentNames()
const indexed = new Set(linksOf(readFileSync(INDEX, 'utf8')).map(({ target }) => `docs/${target}`))

const failures = [
  ...brokenLinks(files),
  ...present.flatMap((file) => unknownNames(file, readFileSync(file, 'utf8'), kinds)),
  ...globSync('docs/*.md')
    .filter((file) => file !== INDEX && !indexed.has(file))
    .map((file) => `${INDEX} does not lead to ${file}`),
]
for (const failure of failures) process.stderr.write(`${failure}\n`)
process.exitCode = failures.length > 0 ? 1 : 0

import { relative } from 'node:path'
import t from 'tap'
import { brokenLinks } from '../../scripts/broken-links.ts'

t.test('links to files and headings that are there, and to those that are not', async (t) => {
  const folder = t.testdir({
    'a.md': '# A\n[b](b.md) [part](b.md#part) [own](#a) [folder](sub) [out](https://example.com/nothing)\n',
    'b.md': '# B\n## Part\n[a](a.md#missing)\n[gone](sub/gone.md) [a](./sub/../a.md)\n',
    sub: {},
  })
  const file = (name: string) => relative(process.cwd(), `${folder}/${name}`)
  t.strictSame(brokenLinks([file('a.md')]), [])
  t.strictSame(brokenLinks([file('b.md')]), [
    `${file('b.md')}:3: a.md#missing leads to no heading of ${file('a.md')}`,
    `${file('b.md')}:4: sub/gone.md leads to no file`,
  ])
})

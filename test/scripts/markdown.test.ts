import t from 'tap'
import { anchorsOf, linksOf, slugOf } from '../../scripts/markdown.ts'

t.test('links with their lines', async (t) => {
  const links = linksOf(`# A
See [one](one.md) and [two](../two.md#part "title"), ![picture](images/a.png).

<img src="b.png" alt=""> <a href="c.md">c</a>
`)
  t.strictSame(links, [
    { target: 'one.md', line: 2 },
    { target: '../two.md#part', line: 2 },
    { target: 'images/a.png', line: 2 },
    { target: 'b.png', line: 4 },
    { target: 'c.md', line: 4 },
  ])
})

t.test('what stands in code is no link', async (t) => {
  t.strictSame(linksOf('`[a](b)`\n```\n[c](d)\n```\n'), [])
})

t.test('parentheses belong to a link where they are paired', async (t) => {
  t.strictSame(
    linksOf('([RFC](https://example.com/a_(b)))').map(({ target }) => target),
    ['https://example.com/a_(b)'],
  )
})

t.test('headings are named as GitHub names them', async (t) => {
  t.equal(slugOf('What it may do'), 'what-it-may-do')
  t.equal(slugOf('`GET /report.json`'), 'get-reportjson')
  t.equal(slugOf('Is “ready” enough? No.'), 'is-ready-enough-no')
  t.equal(slugOf('See [the page](page.md)'), 'see-the-page')
})

t.test('the same heading twice has a number, and ids count too', async (t) => {
  const anchors = anchorsOf('# A\n## B\n## B\n```\n# no heading\n```\n<a id="here"></a>\n')
  t.strictSame([...anchors], ['a', 'b', 'b-1', 'here'])
})

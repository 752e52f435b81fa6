import { join } from 'node:path'
import t from 'tap'
import { readText } from '../src/text-file.ts'

t.test('the text, or undefined where there is none to read', async (t) => {
  const folder = t.testdir({ file: 'one\ntwo\n' })
  t.equal(await readText(join(folder, 'file')), 'one\ntwo\n')
  t.equal(await readText(join(folder, 'missing')), undefined)
  t.equal(await readText(folder), undefined)
})

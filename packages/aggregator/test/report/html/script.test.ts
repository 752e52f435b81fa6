import t from 'tap'
import { script, scriptName } from '../../../src/report/html/script.ts'

t.test('a script that is named after what is in it', async (t) => {
  t.match(scriptName, /^page-[0-9a-f]{12}\.js$/)
  t.notMatch(script, /innerHTML|eval\(|https?:/, 'makes no markup of text, asks no other host')
})

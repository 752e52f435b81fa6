import t from 'tap'
import { createLog } from '../src/log.ts'

t.test('one line of JSON for what is at least of its level', async (t) => {
  const lines: string[] = []
  const log = createLog('warn', (line) => lines.push(line))
  log('info', 'not this')
  log('warn', 'push failed', { buffered: 3 })
  log('error', 'bare')
  t.equal(lines.length, 2)
  t.match(JSON.parse(lines[0] ?? ''), { level: 'warn', message: 'push failed', buffered: 3, time: /^\d{4}-.*Z$/ })
  t.ok(lines.every((line) => line.endsWith('}\n')))
})

t.test('knows whether debug lines are worth making', async (t) => {
  t.ok(createLog('debug', () => undefined).isDebug)
  t.notOk(createLog('info', () => undefined).isDebug)
})

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { readRecording } from '../src/read-recording.ts'
import { recordingOf } from './recordings.ts'

const text = recordingOf()
const file = (dir: string, content: string | Buffer, name = 'incident.jsonl') => {
  const path = join(dir, name)
  writeFileSync(path, content)
  return path
}

t.test('plain and compressed', async (t) => {
  const dir = t.testdir()
  const plain = readRecording(file(dir, text))
  t.match(plain, { start: { kind: 'start', schema: 'oddnode.recording/1' } })
  t.same(readRecording(file(dir, gzipSync(text), 'incident.jsonl.gz')), plain)
})

t.test('a last line that was cut off is left out', async (t) => {
  const cut = readRecording(file(t.testdir(), text.slice(0, -20)))
  t.ok('lines' in cut && cut.lines.length === text.trim().split('\n').length - 1)
})

t.test('what is no recording is told with its line and what would have been right', async (t) => {
  const dir = t.testdir()
  const error = (content: string) => (readRecording(file(dir, content)) as { error: string }).error
  t.match(error('hello\nworld\n'), /line 1: is no JSON$/)
  t.match(error('{"kind":"tick","at":1}\n'), /does not begin as a recording of oddnode does$/)
  t.match(error(`${text}{"kind":"tick","at":"soon"}\n`), /line \d+: .*must/)
  t.match(error(''), /does not begin/)
  t.match(readRecording(join(dir, 'missing')), { error: /^cannot read .*ENOENT/ })
})

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { Command } from 'commander'
import t from 'tap'
import { addReplay } from '../src/replay-command.ts'
import { oddnode } from './oddnode.ts'
import { recordingOf } from './recordings.ts'

t.setTimeout(120_000)

t.test('a recording is replayed from the command line, as text and as JSON', async (t) => {
  const file = join(t.testdir({}), 'incident.jsonl.gz')
  writeFileSync(file, gzipSync(recordingOf()))
  t.match(await oddnode(['replay', file]), { code: 2, stdout: /opened {2}critical node-not-observed/, stderr: '' })
  const { code, stdout } = await oddnode(['replay', file, '--json'])
  t.equal(code, 2)
  t.match(JSON.parse(stdout), { findings: [{ fault: 'node-not-observed' }] })
})

t.test('its help has examples', async (t) => {
  t.equal(addReplay(new Command()).name(), 'replay')
  t.match(await oddnode(['replay', '--help']), { code: 0, stdout: /Examples:/ })
})

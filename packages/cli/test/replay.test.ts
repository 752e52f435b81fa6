import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { replay } from '../src/replay.ts'
import { recordingOf } from './recordings.ts'

const written = (t: { testdir: () => string }, text: string) => {
  const path = join(t.testdir(), 'incident.jsonl')
  writeFileSync(path, text)
  return path
}

t.test('a recorded incident is told as it was told then', async (t) => {
  const { exitCode, output, error } = replay(written(t, recordingOf()))
  t.equal(exitCode, 2)
  t.equal(error, '', 'no tick tells anything else')
  t.match(
    output,
    /^2027-01-15T08:0\d:\d\d\.000Z {2}opened {2}critical node-not-observed: Nothing has been heard from node-2 since/,
  )
  t.match(output, /At the end, 2027-.*: 1 of 2 nodes differs: Nothing has been heard from node-2/)
  t.match(output, /\n {2}Likely cause: The agents do not run there,.*\n {2}on node-2:\n {2}\$ curl /)
})

t.test('as JSON', async (t) => {
  const { output } = replay(written(t, recordingOf()), { json: true })
  t.match(JSON.parse(output), {
    verdict: { state: 'failing' },
    story: [{ what: 'opened', finding: { fault: 'node-not-observed' } }],
    findings: [{ fault: 'node-not-observed' }],
    deviations: [],
  })
})

t.test('nothing was found', async (t) => {
  const { exitCode, output } = replay(written(t, recordingOf({ fallsSilent: false })))
  t.equal(exitCode, 0)
  t.match(output, /^Nothing was found\.\n/)
})

t.test('a version that decides otherwise says so', async (t) => {
  const changed = recordingOf().replace('"silentSeconds":60', '"silentSeconds":90')
  t.match(replay(written(t, changed)), {
    error: /^this version tells it otherwise than the one that recorded it: at \d+/,
  })
})

t.test('what cannot be replayed', async (t) => {
  t.match(replay(join(t.testdir(), 'missing')), { exitCode: 1, output: '', error: /^cannot read/ })
  const [start, , ...rest] = recordingOf().split('\n')
  t.match(replay(written(t, [start, ...rest].join('\n'))), {
    exitCode: 1,
    error: /names the plan .*, which no line gave$/,
  })
})

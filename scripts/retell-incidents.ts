// Lets the recordings in test/incidents/ say what the diagnosis tells of them now, where it is meant to tell something else than before:
// `node --conditions=@oddnode/source scripts/retell-incidents.ts [NAME…]`. Prints what changed; the tests say whether it is right.
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { replayRecording, type Told } from '@oddnode/diagnosis'
import type { RecordedLine } from '@oddnode/protocol'

const SUFFIX = '.jsonl.gz'
const wanted = process.argv.slice(2)

for (const file of globSync(`test/incidents/*${SUFFIX}`).sort()) {
  const name = basename(file, SUFFIX)
  if (wanted.length > 0 && !wanted.includes(name)) continue
  const before = gunzipSync(readFileSync(file)).toString('utf8')
  const after = retold(before)
  if (after === before) continue
  writeFileSync(file, gzipSync(after, { level: 9 }))
  process.stdout.write(`${name} is told otherwise now\n`)
}

/** The inputs as they are, and after each tick what it tells. */
function retold(text: string): string {
  const inputs: RecordedLine[] = text
    .split('\n')
    .filter((row) => row !== '')
    .map((row) => JSON.parse(row))
    .filter(({ kind }: RecordedLine) => kind !== 'findings')
  const [start] = inputs
  if (start?.kind !== 'start') throw new Error('a recording begins with its start')
  const told: Told[] = []
  replayRecording(start, inputs, (_, { opened, ended }) => told.push({ opened, ended }))
  return inputs
    .flatMap((line) => [line, ...(line.kind === 'tick' ? findingsOf(told.shift()) : [])])
    .map(rowOf)
    .join('')
}

function findingsOf(told: Told | undefined): object[] {
  return told === undefined || told.opened.length + told.ended.length === 0 ? [] : [{ kind: 'findings', ...told }]
}

function rowOf(line: object): string {
  return `${JSON.stringify(line)}\n`
}

import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { RecordedLine, RecordingStart } from '@oddnode/protocol'
import { RecordedLine as RecordedLineSchema } from '@oddnode/protocol/schema'
import { Compile } from 'typebox/compile'

export type ReadRecording = { start: RecordingStart; lines: RecordedLine[] } | { error: string }

const GZIP_MAGIC = [0x1f, 0x8b]
/** An hour of 10,000 nodes is a gigabyte: more than one string can hold. */
const MAX_OCTETS = 512 * 1024 * 1024

/**
 * Reads a recording, plain or compressed with gzip, and checks every line.
 * @returns the lines, or what is wrong: with the line's number and what would have been right. A last line that was cut off, as a killed
 * process leaves it, is left out.
 */
export function readRecording(path: string): ReadRecording {
  const text = textOf(path)
  if ('error' in text) return text
  const check = Compile(RecordedLineSchema)
  const lines: RecordedLine[] = []
  const rows = text.text.split('\n')
  for (const [i, row] of rows.entries()) {
    if (row === '') continue
    const value = parsed(row)
    if (value === undefined && i === rows.length - 1) break
    if (value === undefined) return { error: `${path}, line ${i + 1}: is no JSON` }
    if (!check.Check(value)) {
      const [first] = check.Errors(value)
      return {
        error: `${path}, line ${i + 1}: ${first?.instancePath ?? ''} ${first?.message ?? 'is no line of a recording'}`,
      }
    }
    lines.push(value)
  }
  const [start] = lines
  return start?.kind === 'start' ? { start, lines } : { error: `${path} does not begin as a recording of oddnode does` }
}

function textOf(path: string): { text: string } | { error: string } {
  try {
    const octets = readFileSync(path)
    const isGzip = GZIP_MAGIC.every((octet, i) => octets[i] === octet)
    return { text: (isGzip ? gunzipSync(octets, { maxOutputLength: MAX_OCTETS }) : octets).toString('utf8') }
  } catch (error) {
    return { error: `cannot read ${path}: ${error instanceof Error ? error.message : String(error)}` }
  }
}

function parsed(row: string): unknown {
  try {
    return JSON.parse(row)
  } catch {
    return undefined
  }
}

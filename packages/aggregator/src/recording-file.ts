import { closeSync, openSync, renameSync, writeSync } from 'node:fs'
import { type Fleet, type Recording, startRecording } from '@oddnode/diagnosis'
import type { RecordedLine } from '@oddnode/protocol'
import { rememberedOf } from './memory.ts'

/** A file that takes down what the findings are decided from. */
export type RecordingFile = {
  /** Null after the file failed: the diagnosis goes on without it. */
  recording: () => Recording | null
  close: () => void
}

export type RecordingOptions = {
  path: string
  /** Above this size the file becomes PATH.1, and a new one begins with what is known then. */
  maxBytes: number
  fleet: Fleet
  /** Seconds on the fleet's clock. */
  now: () => number
  onTrouble: (sentence: string) => void
}

/** Lines wait for each other up to so many characters: a write is a system call. */
const BATCH_CHARACTERS = 65_536

export const noRecording: RecordingFile = { recording: () => null, close: () => undefined }

/**
 * Starts a recording in a file, over what it had.
 *
 * Lines are written with the tick that follows them, so that a killed process loses a second at most.
 */
export function openRecordingFile(options: RecordingOptions): RecordingFile {
  let file: number | null = null
  let bytes = 0
  let text = ''
  let recording: Recording | null = null

  const fail = (error: unknown) => {
    if (file !== null) closeSync(file)
    file = null
    recording = null
    const reason = error instanceof Error ? error.message : String(error)
    options.onTrouble(`the recording ends, since its file cannot be written: ${reason}`)
  }

  function flush(): void {
    if (file === null || text === '') return
    bytes += writeSync(file, text)
    text = ''
  }

  function write(line: RecordedLine): void {
    try {
      // Before a tick and not after it: what it tells belongs into the same file.
      if (line.kind === 'tick' && bytes > options.maxBytes) begin(true)
      text += `${JSON.stringify(line)}\n`
      if (text.length >= BATCH_CHARACTERS || line.kind === 'tick' || line.kind === 'findings') flush()
    } catch (error) {
      fail(error)
    }
  }

  function begin(isCut: boolean): void {
    if (file !== null) {
      flush()
      closeSync(file)
      renameSync(options.path, `${options.path}.1`)
    }
    file = openSync(options.path, 'w', 0o600)
    bytes = 0
    const next = startRecording(write, { at: options.now(), thresholds: options.fleet.thresholds, isCut })
    recording = next
    if (!isCut) return
    next.memory(rememberedOf(options.fleet))
    if (options.fleet.cluster !== null) next.cluster(options.now(), options.fleet.cluster)
  }

  try {
    begin(false)
  } catch (error) {
    fail(error)
  }
  return {
    recording: () => recording,
    close: () => {
      try {
        flush()
      } catch (error) {
        fail(error)
      }
      if (file !== null) closeSync(file)
      file = null
      recording = null
    },
  }
}

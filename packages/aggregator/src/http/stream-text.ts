import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'

/** The event loop waits no longer than this for a text that is made. */
const SLICE_MILLISECONDS = 5
/** The most that is held before the reader has it. */
const PART_CHARACTERS = 65_536

/**
 * A text of small pieces as a stream: made as fast as its reader takes it, and in slices of some milliseconds, between which the event loop
 * turns to others.
 */
export function streamText(pieces: Iterable<string>): Readable {
  return Readable.from(parts(pieces), { objectMode: false })
}

async function* parts(pieces: Iterable<string>): AsyncGenerator<string, void, void> {
  let part = ''
  let sliceEnd = performance.now() + SLICE_MILLISECONDS
  for (const piece of pieces) {
    part += piece
    const sliceIsOver = performance.now() >= sliceEnd
    if (part.length < PART_CHARACTERS && !sliceIsOver) continue
    yield part
    part = ''
    if (!sliceIsOver) continue
    await setImmediate()
    sliceEnd = performance.now() + SLICE_MILLISECONDS
  }
  if (part !== '') yield part
}

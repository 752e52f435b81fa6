/** An object of the API has at most 1.5 MiB in etcd; a line that is much longer is none. */
const MAX_CHARACTERS = 16_777_216

/**
 * The lines of a text that comes in pieces. What is left at its end without a line feed was broken off, and is left out.
 * @throws where a line has no end for too long
 */
export async function* linesOf(pieces: AsyncIterable<string>): AsyncGenerator<string, void, void> {
  let parts: string[] = []
  let length = 0
  for await (const piece of pieces) {
    const [first = '', ...more] = piece.split('\n')
    parts.push(first)
    length += first.length
    for (const next of more) {
      yield parts.join('')
      parts = [next]
      length = next.length
    }
    if (length > MAX_CHARACTERS) throw new Error(`a line of more than ${MAX_CHARACTERS} characters`)
  }
}

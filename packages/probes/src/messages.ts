/** Octets of the length before each message over TCP (RFC 1035 section 4.2.2). */
export const LENGTH_OCTETS = 2

const NOTHING = Buffer.alloc(0)

/**
 * Cuts a TCP stream into DNS messages. Holds one message at most, and none whose length is outside the limits.
 * @param onMessage gets each message, which may be a view of the chunk; false if it wants no more
 * @param onLength a length outside the limits: the stream cannot be read on
 */
export function messageReader(
  limits: { least: number; most: number },
  onMessage: (message: Buffer) => boolean,
  onLength: (octets: number) => void,
): (chunk: Buffer) => void {
  let pending = NOTHING
  let reading = true
  return (chunk) => {
    const stream = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
    let at = 0
    while (reading && at + LENGTH_OCTETS <= stream.length) {
      const octets = stream.readUInt16BE(at)
      if (octets < limits.least || octets > limits.most) {
        reading = false
        onLength(octets)
        break
      }
      const start = at + LENGTH_OCTETS
      if (start + octets > stream.length) break
      at = start + octets
      reading = onMessage(stream.subarray(start, at))
    }
    // A copy: the rest of a chunk would keep the whole chunk alive.
    pending = reading && at < stream.length ? Buffer.from(stream.subarray(at)) : NOTHING
  }
}

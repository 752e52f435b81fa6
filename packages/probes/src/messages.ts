/** Octets of the length before each message over TCP (RFC 1035 section 4.2.2). */
export const LENGTH_OCTETS = 2

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
  let pending = Buffer.alloc(0)
  let reading = true
  const readOne = (stream: Buffer): Buffer | null => {
    if (stream.length < LENGTH_OCTETS) return null
    const octets = stream.readUInt16BE(0)
    if (octets < limits.least || octets > limits.most) {
      reading = false
      onLength(octets)
      return null
    }
    const end = LENGTH_OCTETS + octets
    if (stream.length < end) return null
    reading = onMessage(stream.subarray(LENGTH_OCTETS, end))
    return stream.subarray(end)
  }
  return (chunk) => {
    let left = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
    while (reading) {
      const rest = readOne(left)
      if (rest === null) break
      left = rest
    }
    // A copy: the rest of a chunk would keep the whole chunk alive.
    pending = reading ? Buffer.from(left) : Buffer.alloc(0)
  }
}

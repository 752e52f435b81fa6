import { Transform } from 'node:stream'

/** What a terminal, or an eye, takes for something else than text; line ends and tabs are JSON's own. */
const deceptive = /[^\P{Cc}\n\r\t]|[\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/** JSON text of the same value, with every deceptive character as an escape (RFC 8259 section 7). */
export const visibleJson = (json: string): string => json.replace(deceptive, escaped)

const escaped = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
  ).join('')

/** The same for a stream of octets. */
export function visibleJsonStream(): Transform {
  const decoder = new TextDecoder()
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      done(null, visibleJson(decoder.decode(chunk, { stream: true })))
    },
    flush(done) {
      done(null, visibleJson(decoder.decode()))
    },
  })
}

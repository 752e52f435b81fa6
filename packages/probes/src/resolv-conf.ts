import { readFile, stat } from 'node:fs/promises'
import { isIP } from 'node:net'
import type { ResolvConfFact } from '@oddnode/protocol'
import { resolvConfLimits } from './resolv-conf-limits.ts'

/** What the lines of a resolv.conf say, before any limit but one: of `search` and `domain` the last line holds. */
export type ResolvConf = {
  nameservers: string[]
  search: string[]
  options: string[]
  unread: string[]
  /** What only one of the libraries reads, or reads otherwise. One sentence each. */
  notes: string[]
}

/** Both libraries' MAXNS. */
const MAX_NAMESERVERS = 3
/** Both libraries then ask this machine. */
const DEFAULT_NAMESERVER = '127.0.0.1'
/** The longest name of an interface (IFNAMSIZ, its final zero not counted). */
const MAX_ZONE = 15
/** glibc takes a file that cannot be read for one of these reasons as an empty one (res_init.c). */
const AS_EMPTY = ['EACCES', 'EISDIR', 'ELOOP', 'ENOENT', 'ENOTDIR', 'EPERM']

/**
 * Reads a resolv.conf as glibc and musl do. Never rejects: what went wrong is in `error`, and where the libraries go on with
 * 127.0.0.1, so does this.
 */
export async function readResolvConf(path = '/etc/resolv.conf'): Promise<ResolvConfFact> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)])
    return resolvConfFact(path, text, mtimeMs / 1000, null)
  } catch (cause) {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException
    const fact = resolvConfFact(path, '', null, code)
    return AS_EMPTY.includes(code) ? fact : { ...fact, usedNameservers: [], limits: [] }
  }
}

/**
 * The fact of a resolv.conf's text. Never throws, whatever the text.
 * @param modifiedAt Unix time in seconds of the file's last change
 * @param error why there is no text
 */
export function resolvConfFact(
  path: string,
  text: string,
  modifiedAt: number | null,
  error: string | null,
): ResolvConfFact {
  const conf = parseResolvConf(text)
  const { nameservers, search, options, unread } = conf
  return {
    path: path.slice(0, 256),
    nameservers: clipped(nameservers, 64, 64),
    search: clipped(search, 64, 255),
    options: clipped(options, 64, 64),
    usedNameservers: nameservers.length === 0 ? [DEFAULT_NAMESERVER] : nameservers.slice(0, MAX_NAMESERVERS),
    limits: clipped([...resolvConfLimits(conf), ...conf.notes], 16, 256),
    modifiedAt,
    unread: clipped(unread, 16, 256),
    error,
  }
}

/** resolv.conf(5), glibc's res_init.c and musl's resolvconf.c: a keyword in the first column, a blank, its values. */
export function parseResolvConf(text: string): ResolvConf {
  const conf: ResolvConf = { nameservers: [], search: [], options: [], unread: [], notes: [] }
  if (text.includes('\r')) {
    conf.notes.push(
      'Lines end in CR LF: glibc takes CR for a part of the last word, so it reads no nameserver there; musl does.',
    )
  }
  for (const line of text.split(/\r?\n/)) readLine(line, conf)
  return conf
}

function readLine(line: string, conf: ResolvConf): void {
  if (line.trim() === '' || /^[#;]/.test(line)) return
  const [, keyword, rest = ''] = /^(nameserver|search|domain|options|sortlist)[ \t]+(.*)$/s.exec(line) ?? []
  const words = rest.split(/[ \t\r]+/).filter(Boolean)
  switch (keyword) {
    case 'nameserver':
      readNameserver(line, words, conf)
      break
    case 'domain':
      if (words[0] !== undefined) conf.search = [words[0]]
      break
    case 'search':
      if (words.length > 0) conf.search = words
      break
    case 'options':
      conf.options.push(...words)
      break
    case 'sortlist':
      break
    default:
      conf.unread.push(line)
  }
}

/** Both libraries read one address, up to the next blank: with a comment right behind it, it is none. */
function readNameserver(line: string, [text = '', second = '']: readonly string[], conf: ResolvConf): void {
  const address = addressOf(text)
  if (address === undefined) {
    conf.unread.push(line)
    return
  }
  conf.nameservers.push(address)
  if (isIP(second) !== 0) conf.notes.push(`Nameserver ${second} is not read: one address per line.`)
}

function addressOf(text: string): string | undefined {
  if (isIP(text) !== 6) return inetAton(text)
  const zone = text.split('%')[1] ?? ''
  return zone.length > MAX_ZONE ? undefined : text
}

/**
 * IPv4 as inet_aton(3) reads it, in dotted quad: one to four parts, each decimal, octal (`010` is 8) or hexadecimal, the last one
 * filling what is left. Undefined if it is none.
 */
function inetAton(text: string): string | undefined {
  const parts = text.split('.')
  if (parts.length > 4 || !parts.every((part) => /^(0x[0-9a-f]+|0[0-7]*|[1-9]\d*)$/i.test(part))) return undefined
  const values = parts.map((part) => (/^0\d/.test(part) ? Number.parseInt(part, 8) : Number(part)))
  const last = values.pop() ?? 0
  if (values.some((value) => value > 255) || last >= 256 ** (4 - values.length)) return undefined
  const bits = values.reduce((sum, value, i) => sum + value * 256 ** (3 - i), last)
  return [24, 16, 8, 0].map((shift) => Math.floor(bits / 2 ** shift) % 256).join('.')
}

const clipped = (texts: readonly string[], count: number, length: number): string[] =>
  texts.slice(0, count).map((text) => text.slice(0, length))

/** Why a data file cannot be used. */
export type StoreErrorKind =
  | 'full'
  | 'corrupt'
  | 'newer'
  | 'foreign'
  | 'read-only'
  | 'busy'
  | 'gone'
  | 'unreachable'
  | 'io'

/** A data file that cannot be used, with a sentence that says what to do. */
export class StoreError extends Error {
  readonly kind: StoreErrorKind

  constructor(kind: StoreErrorKind, file: string, cause?: unknown) {
    super(sentences[kind](file, cause instanceof Error ? cause.message : ''), { cause })
    this.kind = kind
  }
}

/** A row that holds something else than it should. */
export class DamagedRow extends Error {
  /** @param what it should hold, e.g. `a plan` */
  constructor(what: string) {
    super(`a row does not hold ${what}`)
  }
}

/** Primary result codes of SQLite (https://www.sqlite.org/rescode.html); an extended code has one in its low byte. */
const kinds: Readonly<Record<number, StoreErrorKind>> = {
  5: 'busy',
  6: 'busy',
  8: 'read-only',
  10: 'io',
  11: 'corrupt',
  13: 'full',
  14: 'unreachable',
  26: 'corrupt',
}

/** Turns what `node:sqlite` throws into a StoreError, and a row that holds no JSON or something else than it should. @throws again what is no error of SQLite: that is a bug of ours */
export function storeErrorOf(error: unknown, file: string): StoreError {
  if (error instanceof StoreError) return error
  if (error instanceof SyntaxError || error instanceof DamagedRow) return new StoreError('corrupt', file, error)
  if (isClosed(error)) return new StoreError('io', file, error)
  if (!isSqliteError(error)) throw error
  return new StoreError(kinds[error.errcode & 0xff] ?? 'io', file, error)
}

const isSqliteError = (error: unknown): error is Error & { errcode: number } =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'

/** Who reads the past may still do so when the file was given up meanwhile. */
const isClosed = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_INVALID_STATE'

const FROM_MEMORY = 'Until then the report is from memory, and a restart forgets it.'

const sentences: Readonly<Record<StoreErrorKind, (file: string, reason: string) => string>> = {
  full: (file) =>
    `There is no room for the data file ${file}: free some, and writing goes on by itself. ${FROM_MEMORY}`,
  corrupt: (file) =>
    `The data file ${file} is damaged and was left as it is: move it away (or restore it), and a new one is begun by itself. ${FROM_MEMORY}`,
  newer: (file) =>
    `The data file ${file} was written by a newer oddnode and was left as it is: run that version, or set dataFile to another file. ${FROM_MEMORY}`,
  foreign: (file) =>
    `The file ${file} is an SQLite database of something else and was left as it is: set dataFile to another file. ${FROM_MEMORY}`,
  'read-only': (file) => `The data file ${file} may not be written: make it and its folder writable. ${FROM_MEMORY}`,
  busy: (file) =>
    `The data file ${file} is in use by another process: stop that, and writing goes on by itself. ${FROM_MEMORY}`,
  gone: (file) =>
    `The data file ${file} was deleted or replaced while it was in use: a new one is begun by itself, without the history. ${FROM_MEMORY}`,
  unreachable: (file) =>
    `The data file ${file} cannot be opened: it must be a file, in a folder that exists and is writable. ${FROM_MEMORY}`,
  io: (file, reason) => `The data file ${file} cannot be read or written (${reason}): look at its disk. ${FROM_MEMORY}`,
}

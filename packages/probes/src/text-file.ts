import { readFile } from 'node:fs/promises'

/** The text of a file, undefined where it cannot be read for whatever reason: a fact is then absent. Never rejects. */
export const readText = (path: string): Promise<string | undefined> => readFile(path, 'utf8').catch(() => undefined)

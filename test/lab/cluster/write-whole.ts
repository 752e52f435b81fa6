import { renameSync, writeFileSync } from 'node:fs'

/** A reader sees the whole text or the one before. */
export function writeWhole(file: string, text: string): void {
  writeFileSync(`${file}.new`, text)
  renameSync(`${file}.new`, file)
}

import { lstatSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * A directory that looks like another one but for some files: what is not given leads to the original.
 * @param files path below the directory → content; writing one again changes it for who reads it next
 */
export function overlay(directory: string, original: string, files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mirror(directory, original, dirname(path).split('/'))
    const file = join(directory, path)
    rmSync(file, { force: true })
    writeFileSync(file, content)
  }
}

/** Makes each directory on the way real, and everything beside it a link. */
function mirror(directory: string, original: string, [first, ...rest]: readonly string[]): void {
  if (!isOwn(directory)) {
    rmSync(directory, { force: true })
    mkdirSync(directory)
    for (const name of readdirSync(original)) symlinkSync(join(original, name), join(directory, name))
  }
  if (first !== undefined && first !== '.') mirror(join(directory, first), join(original, first), rest)
}

/** A directory of ours, not a link to the original. */
const isOwn = (directory: string): boolean => lstatSync(directory, { throwIfNoEntry: false })?.isDirectory() ?? false

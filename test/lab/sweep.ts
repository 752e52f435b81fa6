import { readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isAlive, sweepNamespaces } from './cluster/namespaces.ts'

const DIRECTORY = /^oddnode-lab-(\d+)-/

/** The beginning of the name of a lab's directory: it says which process it belongs to. */
export const directoryPrefix = (): string => join(tmpdir(), `oddnode-lab-${process.pid}-`)

/** Takes away what a lab left behind that was killed before it could. @returns a sentence about it, '' where there was nothing */
export async function sweep(): Promise<string> {
  const namespaces = await sweepNamespaces()
  const directories = readdirSync(tmpdir()).filter((name) => {
    const owner = DIRECTORY.exec(name)?.[1]
    return owner !== undefined && !isAlive(Number(owner))
  })
  for (const name of directories) rmSync(join(tmpdir(), name), { recursive: true, force: true })
  if (namespaces + directories.length === 0) return ''
  return `Took away what a lab left that was killed: ${namespaces} network namespaces, ${directories.length} directories.\n`
}

import { run } from './helm.ts'

/** What a project publishes for Go, at one version. `sum` is what its files hash to, as in a go.sum: `h1:…`. */
export type GoModule = { path: string; version: string; sum: string }

/**
 * Fetches a module from Go's module proxy, unless Go has it already.
 * @returns the folder of its files
 * @throws where it cannot be had, or its files are other ones than those of `sum`
 */
export function moduleFolder({ path, version, sum }: GoModule): string {
  const { stdout, stderr } = run('go', ['mod', 'download', '-json', `${path}@${version}`])
  const got = JSON.parse(stdout || '{}') as { Dir?: string; Sum?: string; Error?: string }
  if (got.Dir === undefined) throw new Error(`${path}@${version}: ${got.Error ?? stderr}`)
  if (got.Sum !== sum) throw new Error(`${path}@${version} hashes to ${got.Sum}, expected is ${sum}`)
  return got.Dir
}

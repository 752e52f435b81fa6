import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/**
 * Runs a program with this process' environment, KUBECONFIG included.
 * @returns what it wrote to its standard output
 * @throws with its standard error, if it fails
 */
export async function run(program: string, ...args: string[]): Promise<string> {
  const { stdout } = await execute(program, args, { maxBuffer: 64 * 1024 * 1024 })
  return stdout
}

export const kubectl = (...args: string[]): Promise<string> => run('kubectl', ...args)
export const helm = (...args: string[]): Promise<string> => run('helm', ...args)

/** An object or a list of them, as `kubectl get -o json` gives it. */
export async function get<T>(...args: string[]): Promise<T> {
  return JSON.parse(await kubectl('get', '--output=json', ...args)) as T
}

export const sleep = (seconds: number): Promise<void> => new Promise((done) => setTimeout(done, seconds * 1000))

/** Seconds on a monotonic clock. */
export const now = (): number => performance.now() / 1000

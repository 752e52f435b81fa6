import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
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

/** kubectl with something on its standard input. @returns what it printed @throws if it fails */
export async function kubectlReading(input: string, ...args: string[]): Promise<string> {
  const child = spawn('kubectl', args, { stdio: ['pipe', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    output += part
  })
  child.stdin.end(input)
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${code}`)
  return output
}

/** An object or a list of them, as `kubectl get -o json` gives it. */
export async function get<T>(...args: string[]): Promise<T> {
  return JSON.parse(await kubectl('get', '--output=json', ...args)) as T
}

export const sleep = (seconds: number): Promise<void> => new Promise((done) => setTimeout(done, seconds * 1000))

/** Seconds on a monotonic clock. */
export const now = (): number => performance.now() / 1000

/** Runs a program that may fail. @returns its exit code, and what it wrote to both outputs */
export async function exitOf(
  program: string,
  args: readonly string[],
  path: string,
): Promise<{ code: number; output: string }> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, PATH: path } })
  let output = ''
  const add = (part: string) => {
    output += part
  }
  child.stdout.setEncoding('utf8').on('data', add)
  child.stderr.setEncoding('utf8').on('data', add)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code: code ?? -1, output }
}

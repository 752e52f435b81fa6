// The command line as its users run it: real processes, with pipes or in a pseudo-terminal.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const source = resolve(import.meta.dirname, '../src')
const node = [process.execPath, '--conditions=@oddnode/source']

export type Run = { code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string }
type Test = { teardown: (run: () => unknown) => unknown }
type Environment = Readonly<Record<string, string | undefined>>

/** Neither this terminal's wishes nor a cluster that these tests run in are theirs. */
const environmentOf = (environment: Environment) => {
  // Node takes a terminal of CI=true for one without colours.
  const { NO_COLOR, FORCE_COLOR, CI, KUBERNETES_SERVICE_HOST, ...rest } = process.env
  return { ...rest, ...environment }
}

/** Starts `oddnode`, or another program of the package, with pipes. */
export function start(args: readonly string[], environment: Environment = {}, program = 'main.ts'): ChildProcess {
  const [command = '', ...flags] = node
  return spawn(command, [...flags, resolve(source, program), ...args], {
    env: environmentOf(environment),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** Waits for the end of a process. */
export async function ended(child: ChildProcess): Promise<Run> {
  let stdout = ''
  let stderr = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  return { code, signal, stdout, stderr }
}

export const oddnode = (args: readonly string[], environment: Environment = {}, program?: string): Promise<Run> =>
  ended(start(args, environment, program))

/** A program in a pseudo-terminal. */
export type InTerminal = {
  /** Everything that the terminal got, control sequences included. */
  screen: () => string
  /** Waits until the terminal got this. @throws after 20 s */
  until: (wanted: string | RegExp) => Promise<void>
  type: (keys: string) => void
  /** After Ctrl-Z: as `fg` in a shell does, for the program and for the terminal, which stops with it. */
  resume: () => void
  /** The exit code. */
  ended: Promise<number | null>
}

export const CTRL_C = '\u0003'
export const CTRL_Z = '\u001a'

/** Runs `oddnode` in a terminal of util-linux's script(1). */
export function inTerminal(
  t: Test,
  args: readonly string[],
  { columns = 80, rows = 24, environment = {} }: { columns?: number; rows?: number; environment?: Environment } = {},
): InTerminal {
  const words = [...node, resolve(source, 'main.ts'), ...args].map((word) => `'${word}'`).join(' ')
  const child = spawn(
    'script',
    ['-qfec', `stty cols ${columns} rows ${rows}; echo pid $$; exec ${words}`, '/dev/null'],
    {
      env: { ...environmentOf({ TERM: 'xterm-256color', ...environment }) },
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  )
  let seen = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    seen += text
  })
  const pid = () => Number(/^pid (\d+)/.exec(seen)?.[1])
  t.teardown(() => {
    // A stopped program would outlive its terminal.
    if (child.exitCode === null && pid() > 0) process.kill(pid(), 'SIGKILL')
    child.kill('SIGKILL')
  })
  const isSeen = (wanted: string | RegExp) => (typeof wanted === 'string' ? seen.includes(wanted) : wanted.test(seen))
  return {
    resume: () => {
      child.kill('SIGCONT')
      process.kill(pid(), 'SIGCONT')
    },
    screen: () => seen.replace(/^pid \d+\r\n/, ''),
    until: async (wanted) => {
      for (let waited = 0; !isSeen(wanted); waited += 50) {
        if (waited > 20_000) throw new Error(`${wanted} did not come:\n${seen}`)
        await sleep(50)
      }
    },
    type: (keys) => void child.stdin.write(keys),
    ended: once(child, 'close').then(([code]) => code as number | null),
  }
}

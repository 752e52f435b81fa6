import type { ChildProcess } from 'node:child_process'
import { end, type Namespaces, type StartOptions } from './namespaces.ts'

/** What runs in the lab, by name: servers, agents, the aggregator. Each can be stopped, frozen and started again. */
export type Processes = {
  /** Says how it is started, without starting it; said again, it counts from the next start on. */
  define: (name: string, member: string, command: readonly string[], options?: StartOptions) => void
  start: (name: string) => void
  /** Asks it to stop, as a termination of its pod does. */
  stop: (name: string) => Promise<void>
  /** Ends it without a chance to say anything. */
  kill: (name: string) => Promise<void>
  restart: (name: string) => Promise<void>
  /** It hangs: sockets stay open, nobody reads them. */
  freeze: (name: string) => void
  thaw: (name: string) => void
  /** The last lines of what each said that ended by itself, for who asks why. */
  said: () => string
}

type Defined = {
  member: string
  command: readonly string[]
  options: StartOptions
  child: ChildProcess | null
  said: string
}

const SAID_OCTETS = 4000

export function createProcesses(namespaces: Namespaces): Processes {
  const byName = new Map<string, Defined>()
  const find = (name: string): Defined => {
    const found = byName.get(name)
    if (!found) throw new Error(`nothing is called ${name}: ${[...byName.keys()].join(', ')}`)
    return found
  }
  const running = (name: string): ChildProcess => {
    const { child } = find(name)
    if (!child) throw new Error(`${name} does not run`)
    return child
  }

  function start(name: string): void {
    const defined = find(name)
    const child = namespaces.start(defined.member, defined.command, defined.options)
    const keep = (data: Buffer) => {
      defined.said = `${defined.said}${data}`.slice(-SAID_OCTETS)
    }
    child.stdout?.on('data', keep)
    child.stderr?.on('data', keep)
    child.once('close', (code, signal) => keep(Buffer.from(`ended with ${code ?? signal}\n`)))
    defined.child = child
  }

  async function stop(name: string): Promise<void> {
    await end(running(name))
    find(name).child = null
  }

  return {
    define: (name, member, command, options = {}) => {
      const { child = null, said = '' } = byName.get(name) ?? {}
      byName.set(name, { member, command, options, child, said })
    },
    start,
    stop,
    kill: async (name) => {
      running(name).kill('SIGKILL')
      await stop(name)
    },
    restart: async (name) => {
      await stop(name)
      start(name)
    },
    freeze: (name) => void running(name).kill('SIGSTOP'),
    thaw: (name) => void running(name).kill('SIGCONT'),
    said: () =>
      [...byName]
        .filter(([, { child }]) => child !== null && child.exitCode !== null)
        .map(([name, { said }]) => `--- ${name}\n${said}`)
        .join(''),
  }
}

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { programPath } from '../why-not.ts'

/** Network namespaces of one lab, and what runs in them. Nothing of it is reachable from outside, and nothing outlives `close`. */
export type Namespaces = {
  /** Makes a namespace with its loopback up. */
  add: (member: string) => Promise<void>
  /** The name that `ip netns` knows a member by. */
  nameOf: (member: string) => string
  /** Commands of ip(8), one a line, in a member's namespace. */
  ip: (member: string, commands: readonly string[]) => Promise<void>
  /**
   * Runs a program to its end in a member's namespace.
   * @returns what it printed
   * @throws where it cannot be started or ends with anything but 0, with what it said
   */
  run: (member: string, command: readonly string[], input?: string) => Promise<string>
  /** Starts a program in a member's namespace. */
  start: (member: string, command: readonly string[], options?: StartOptions) => ChildProcess
  /** Ends what runs, newest first, and takes the namespaces away. */
  close: () => Promise<void>
}

export type StartOptions = { environment?: Readonly<Record<string, string>>; cwd?: string }

/** @param prefix of every namespace's name, unlike that of any other lab on the machine */
export function createNamespaces(prefix: string): Namespaces {
  /** Of namespaces that are made, or being made. */
  const members: Promise<string>[] = []
  let isClosed = false
  const children = new Set<ChildProcess>()
  const nameOf = (member: string) => `${prefix}-${member}`

  /** A lab may be closed while it boots: nothing is made any more that nobody would take away. */
  const refuseIfClosed = () => {
    if (isClosed) throw new Error('the lab is closed')
  }

  const start: Namespaces['start'] = (member, command, { environment = {}, cwd } = {}) => {
    refuseIfClosed()
    const child = spawn('ip', ['netns', 'exec', nameOf(member), ...command], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, PATH: programPath, ...environment },
      ...(cwd === undefined ? {} : { cwd }),
    })
    children.add(child)
    child.once('close', () => children.delete(child))
    return child
  }

  return {
    nameOf,
    start,
    add: async (member) => {
      refuseIfClosed()
      const made = execute(['ip', 'netns', 'add', nameOf(member)]).then(() => member)
      members.push(made)
      await made
      await execute(['ip', '-n', nameOf(member), 'link', 'set', 'lo', 'up'])
    },
    ip: async (member, commands) => {
      await execute(['ip', '-n', nameOf(member), '-batch', '-'], commands.join('\n'))
    },
    run: (member, command, input) => execute(['ip', 'netns', 'exec', nameOf(member), ...command], input),
    close: async () => {
      isClosed = true
      await Promise.all([...children].map(end))
      const made = (await Promise.allSettled(members)).flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
      await Promise.all(made.map((member) => execute(['ip', 'netns', 'delete', nameOf(member)])))
    },
  }
}

/** Runs a program to its end. @throws where it fails, with what it said */
async function execute([command = '', ...rest]: readonly string[], input = ''): Promise<string> {
  const child = spawn(command, rest, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, PATH: programPath } })
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const [said, complained, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  if (code !== 0) throw new Error(`${[command, ...rest].join(' ')} ended with ${code}: ${complained.trim()}\n${input}`)
  return said
}

/** Asks a process to stop, and ends it where it does not within two seconds. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const closed = once(child, 'close')
  child.kill('SIGCONT')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 2000)
  await closed
  clearTimeout(timer)
}

const PREFIX = /^odd(\d+)c\d+-/

/** The prefix of a lab's namespaces: it says which process they belong to. */
export const prefixOf = (lab: number): string => `odd${process.pid}c${lab}`

/** Takes away the namespaces of labs that were killed before they could, and ends what runs in them. @returns how many there were */
export async function sweepNamespaces(): Promise<number> {
  const names = (await execute(['ip', 'netns', 'list'])).split('\n').map((line) => line.split(' ')[0] ?? '')
  const leftBehind = names.filter(isLeftBehind)
  for (const name of leftBehind) {
    const ids = await execute(['ip', 'netns', 'pids', name])
    for (const id of ids.split('\n').filter(Boolean)) kill(Number(id))
    await execute(['ip', 'netns', 'delete', name])
  }
  return leftBehind.length
}

function isLeftBehind(name: string): boolean {
  const owner = PREFIX.exec(name)?.[1]
  return owner !== undefined && !isAlive(Number(owner))
}

/** A process of this id runs. */
export function isAlive(id: number): boolean {
  try {
    return process.kill(id, 0)
  } catch {
    return false
  }
}

/** It may have ended by itself meanwhile. */
function kill(id: number): void {
  if (isAlive(id)) process.kill(id, 'SIGKILL')
}

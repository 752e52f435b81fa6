import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'

/** A network of its own: one bridge, and a namespace for each member, at 10.77.0.0/24. Nothing of it is reachable from outside. */
export type Network = {
  /** Runs a program to its end in a member's namespace. @returns what it printed */
  run: (member: string, command: string, ...rest: string[]) => string
  /** Starts a program in a member's namespace; it is ended with the network. */
  start: (
    member: string,
    command: string[],
    options?: { environment?: Record<string, string>; cwd?: string },
  ) => ChildProcess
  /** Ends what was started, newest first, and takes the namespaces away. */
  close: () => Promise<void>
}

/** Why namespaces cannot be had here, or null. */
export function whyNoNamespaces(): string | null {
  if (process.platform !== 'linux') return 'network namespaces need Linux'
  if (process.getuid?.() !== 0) return 'network namespaces need root'
  try {
    execFileSync('ip', ['-V'], { stdio: 'ignore' })
    return null
  } catch {
    return 'the program ip (package iproute2) is not installed'
  }
}

/** Why a program cannot be had here, or null. */
export function whyNoProgram(program: string, debianPackage: string): string | null {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore', env: { PATH: programPath } })
    return null
  } catch {
    return `the program ${program} (package ${debianPackage}) is not installed`
  }
}

/** Servers are in sbin, which an ordinary PATH leaves out. */
export const programPath = `${process.env['PATH']}:/usr/sbin:/sbin`

let networks = 0

/**
 * @param members name → last octet of the address, e.g. { 'node-1': 11 }
 * @param pods name → the member that is its node, e.g. { 'pod-1': 'node-1' }: its only way out is through that one's namespace; its
 *   address is 10.78.OCTET.2, OCTET being that of its node
 */
export function createNetwork(
  members: Readonly<Record<string, number>>,
  pods: Readonly<Record<string, string>> = {},
): Network {
  const prefix = `odd${process.pid}x${networks++}`
  const namespace = (member: string) => `${prefix}-${member}`
  const hub = namespace('hub')
  const ip = (...rest: string[]) => execFileSync('ip', rest, { encoding: 'utf8' })
  const children: ChildProcess[] = []

  ip('netns', 'add', hub)
  ip('-n', hub, 'link', 'add', 'br0', 'type', 'bridge')
  ip('-n', hub, 'link', 'set', 'br0', 'up')
  for (const [member, octet] of Object.entries(members)) {
    const name = namespace(member)
    ip('netns', 'add', name)
    ip('-n', name, 'link', 'set', 'lo', 'up')
    ip('-n', hub, 'link', 'add', `v${octet}`, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name)
    ip('-n', hub, 'link', 'set', `v${octet}`, 'master', 'br0', 'up')
    ip('-n', name, 'address', 'add', `10.77.0.${octet}/24`, 'dev', 'eth0')
    ip('-n', name, 'link', 'set', 'eth0', 'up')
  }
  for (const [pod, node] of Object.entries(pods)) {
    const [name, on, octet] = [namespace(pod), namespace(node), members[node]]
    ip('netns', 'add', name)
    ip('-n', name, 'link', 'set', 'lo', 'up')
    ip('-n', on, 'link', 'add', 'pod0', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name)
    ip('-n', on, 'address', 'add', `10.78.${octet}.1/24`, 'dev', 'pod0')
    ip('-n', on, 'link', 'set', 'pod0', 'up')
    ip('netns', 'exec', on, 'sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward')
    ip('-n', name, 'address', 'add', `10.78.${octet}.2/24`, 'dev', 'eth0')
    ip('-n', name, 'link', 'set', 'eth0', 'up')
    ip('-n', name, 'route', 'add', 'default', 'via', `10.78.${octet}.1`)
    for (const other of Object.keys(members).filter((member) => member !== node))
      ip('-n', namespace(other), 'route', 'add', `10.78.${octet}.0/24`, 'via', `10.77.0.${octet}`)
  }

  return {
    run: (member, command, ...rest) =>
      execFileSync('ip', ['netns', 'exec', namespace(member), command, ...rest], {
        encoding: 'utf8',
        env: { ...process.env, PATH: programPath },
      }),
    start: (member, command, { environment = {}, cwd } = {}) => {
      const child = spawn('ip', ['netns', 'exec', namespace(member), ...command], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, PATH: programPath, ...environment },
        ...(cwd === undefined ? {} : { cwd }),
      })
      children.push(child)
      return child
    },
    close: async () => {
      for (const child of children.reverse()) await end(child)
      for (const member of [...Object.keys(pods), ...Object.keys(members), 'hub'])
        ip('netns', 'delete', namespace(member))
    },
  }
}

/** Asks a process to stop, and ends it where it does not within three seconds. */
export async function end(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
  const closed = once(child, 'close')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 6000)
  await closed
  clearTimeout(timer)
  return child.exitCode
}

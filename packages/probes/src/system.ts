import { hostname, release, type } from 'node:os'
import { join } from 'node:path'
import type { Facts } from '@oddnode/protocol'
import { readText } from './text-file.ts'

export type SystemFact = NonNullable<Facts['system']>

/**
 * Kernel and host name (uname(2)), operating system (os-release(5)) and this process's Node.js.
 * @param etc the node's /etc where it is mounted: a container's own os-release names its image
 */
export async function readSystem(etc = '/etc'): Promise<SystemFact> {
  const osRelease = await readText(join(etc, 'os-release'))
  return {
    kernel: release().slice(0, 128),
    os: (prettyName(osRelease ?? '') ?? type()).slice(0, 128),
    hostname: hostname().slice(0, 253),
    nodeVersion: process.versions.node,
  }
}

/** PRETTY_NAME of an os-release file, without its quotes; undefined where there is none. */
export function prettyName(osRelease: string): string | undefined {
  const value = /^PRETTY_NAME=(.+)$/m.exec(osRelease)?.[1]?.trim()
  return value?.replace(/^(["'])(.*)\1$/, '$2')
}

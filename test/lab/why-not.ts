import { execFileSync } from 'node:child_process'

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

/** Why no lab can be had here, or null. */
export const whyNoLab = (): string | null =>
  whyNoNamespaces() ??
  whyNoProgram('unbound', 'unbound') ??
  whyNoProgram('chronyd', 'chrony') ??
  whyNoProgram('nft', 'nftables') ??
  whyNoProgram('sysctl', 'procps') ??
  whyNoProgram('setpriv', 'util-linux')

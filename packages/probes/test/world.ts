// Runs a scenario in a child process, in a network namespace of its own or with few files.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Observation } from '@oddnode/protocol'
import type { Scenario } from './ask-child.ts'

const child = fileURLToPath(new URL('ask-child.ts', import.meta.url))

/** Why no network namespace can be made here, or false. */
export const noNamespace = check('ip link set lo up', 'network namespaces need root or user namespaces, and iproute2')
/** Why no firewall rule can be made in one, or false. */
export const noFirewall = check('nft add table inet t', 'firewall rules need nftables')

function check(command: string, why: string): string | false {
  return inNamespace(command).status === 0 ? false : why
}

function inNamespace(script: string, ...options: string[]) {
  const user = process.getuid?.() === 0 ? [] : ['--map-root-user']
  return spawnSync('unshare', [...user, '--net', 'sh', '-ec', script, 'sh', ...options], { encoding: 'utf8' })
}

/** @param setUp shell commands; loopback is up already */
export function askInNamespace(setUp: string[], scenario: Scenario): Observation[] {
  const script = ['ip link set lo up', ...setUp, 'exec "$@"'].join('\n')
  return read(inNamespace(script, ...commandLine(scenario)))
}

export function askWithFewFiles(scenario: Scenario): Observation[] {
  const options = ['-ec', 'ulimit -n 128; exec "$@"', 'sh', ...commandLine(scenario)]
  return read(spawnSync('sh', options, { encoding: 'utf8' }))
}

const commandLine = (scenario: Scenario) => [
  process.execPath,
  '--conditions=@oddnode/source',
  child,
  JSON.stringify(scenario),
]

function read({ status, stdout, stderr }: { status: number | null; stdout: string; stderr: string }): Observation[] {
  if (status !== 0) throw new Error(`the scenario failed with ${status}: ${stderr}`)
  return JSON.parse(stdout)
}

import { mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Vantage } from '@oddnode/protocol'
import { overlay } from './fake-files.ts'
import type { Lab } from './lab.ts'
import { CLUSTER_DNS, NODE_LOCAL, OUTSIDE, outside } from './layout.ts'
import { DOMAIN, NAMESPACE } from './names.ts'
import { agentCommand, aggregatorCommand, RECORDING_FILE, repository } from './programs.ts'
import { both } from './servers.ts'

/** /proc as the agents of a node see it. */
function procOf({ directory, options }: Lab, node: string): string {
  const files = options.procOf(node)
  if (Object.keys(files).length === 0) return '/proc'
  const proc = join(directory, `proc-${node}`)
  overlay(proc, '/proc', files)
  return proc
}

/** systemd booted the machine; its timesyncd runs, and has just set the clock. */
export function writeTimesyncd(run: string): void {
  mkdirSync(join(run, 'systemd/system'), { recursive: true })
  mkdirSync(join(run, 'systemd/timesync'), { recursive: true })
  writeFileSync(join(run, 'systemd/timesync/synchronized'), '')
}

/** Says how the aggregator and the agents are started, and gives them the files that they read. */
export function defineAgents(lab: Lab): void {
  const secretFile = join(lab.directory, 'secret')
  writeFileSync(secretFile, 'a-secret-of-this-lab-only')
  defineAggregator(lab, secretFile)
  for (const { name, agentPod } of lab.layout.nodes) {
    writeTimesyncd(lab.runOf(name))
    lab.writeResolvConf(name, 'host', `nameserver ${outside.upstream}\n`)
    lab.writeResolvConf(name, 'pod', podResolvConf(lab.options.nodeLocal ? NODE_LOCAL : CLUSTER_DNS))
    const proc = procOf(lab, name)
    defineAgent(lab, { node: name, vantage: 'host', member: name, proc, secretFile })
    defineAgent(lab, { node: name, vantage: 'pod', member: agentPod.member, proc, secretFile })
  }
}

function defineAggregator({ directory, processes, options }: Lab, secretFile: string): void {
  const files = {
    secretFile,
    clusterFile: join(directory, 'cluster.json'),
    dataFile: join(directory, 'oddnode.sqlite'),
    recordingFile: join(directory, RECORDING_FILE),
  }
  const ntp = outside.ntp.slice(0, options.ntpServers).flatMap((address) => both(address, options))
  processes.define('aggregator', OUTSIDE, [...aggregatorCommand(files, ntp), ...options.aggregatorSettings], {
    cwd: repository,
    environment: { ...compiled, ...options.aggregatorEnvironment(directory) },
  })
}

type Place = { node: string; vantage: Vantage; member: string; proc: string; secretFile: string }

function defineAgent(lab: Lab, { node, vantage, member, proc, secretFile }: Place): void {
  const { directory, processes, options } = lab
  const place = { node, vantage, etc: lab.etcOf(node, vantage), proc, run: lab.runOf(node), secretFile }
  processes.define(`${vantage} agent ${node}`, member, [...agentCommand(place), ...options.agentSettings], {
    cwd: repository,
    environment: { ...compiled, ...options.environmentOf(node, directory) },
  })
}

/** Seven programs start at once; what one has read of the sources, the others need not strip again. */
const compiled = { NODE_COMPILE_CACHE: join(tmpdir(), 'oddnode-lab-compiled') }

/** As kubelet writes it for a pod of our namespace. */
export const podResolvConf = (nameserver: string, domain = DOMAIN): string =>
  `search ${NAMESPACE}.svc.${domain} svc.${domain} ${domain}\nnameserver ${nameserver}\noptions ndots:5\n`

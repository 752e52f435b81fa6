import { join, resolve } from 'node:path'
import type { Vantage } from '@oddnode/protocol'
import { outside } from './layout.ts'
import { DOMAIN, EXTERNAL, NAMESPACE } from './names.ts'
import * as quick from './quick.ts'

export const repository = resolve(import.meta.dirname, '../../..')

export const AGGREGATOR_PORT = 8530
const node = [process.execPath, '--conditions=@oddnode/source']
const packageMain = (name: string) => join(repository, 'packages', name, 'src/main.ts')

/** A script of `servers/`. */
export const script = (name: string, ...rest: readonly string[]): string[] => [
  process.execPath,
  join(repository, 'test/lab/servers', `${name}.ts`),
  ...rest,
]

/** What the aggregator decides from, in the lab's directory. */
export const RECORDING_FILE = 'recording.jsonl'

export type AggregatorFiles = { secretFile: string; clusterFile: string; dataFile: string; recordingFile: string }

/** The aggregator as a process of its own, in a hurry. */
export function aggregatorCommand(files: AggregatorFiles, ntp: readonly string[]): string[] {
  return [
    ...node,
    packageMain('aggregator'),
    `--listen.address=${outside.aggregator}`,
    `--listen.port=${AGGREGATOR_PORT}`,
    '--cluster=lab',
    '--auth.mode=shared-secret',
    `--auth.secretFile=${files.secretFile}`,
    `--clusterFile=${files.clusterFile}`,
    `--dataFile=${files.dataFile}`,
    `--recording.file=${files.recordingFile}`,
    `--names.clusterDomain=${DOMAIN}`,
    `--names.namespace=${NAMESPACE}`,
    `--names.external=${EXTERNAL}`,
    `--targets.ntp=${ntp.join(',')}`,
    '--limits.pushesPerSecond=50',
    '--budget.queriesPerSecondPerEndpoint=100000',
    ...settings('plan', quick.plan),
    ...settings('thresholds', quick.thresholds),
  ]
}

const settings = (under: string, values: Readonly<Record<string, number>>) =>
  Object.entries(values).map(([name, value]) => `--${under}.${name}=${value}`)

export type AgentPlace = { node: string; vantage: Vantage; etc: string; proc: string; run: string; secretFile: string }

/** An agent as a process of its own: all that it is told is where it stands and where to push to. */
export const agentCommand = ({ node: name, vantage, etc, proc, run, secretFile }: AgentPlace): string[] => [
  ...node,
  packageMain('agent'),
  `--node=${name}`,
  `--vantage=${vantage}`,
  `--aggregator=http://${outside.aggregator}:${AGGREGATOR_PORT}`,
  `--tokenFile=${secretFile}`,
  '--listen.port=0',
  '--metrics=false',
  `--paths.etc=${etc}`,
  `--paths.proc=${proc}`,
  `--paths.run=${run}`,
  ...Object.entries(quick.plan).map(([setting, value]) => `--${setting}=${value}`),
]

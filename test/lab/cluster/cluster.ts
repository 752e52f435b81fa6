import { mkdtempSync } from 'node:fs'
import { directoryPrefix } from '../sweep.ts'
import { defineAgents } from './agents.ts'
import { createLab, type Lab } from './lab.ts'
import { layOut } from './layout.ts'
import { createNamespaces, prefixOf } from './namespaces.ts'
import { type ClusterOptions, usual } from './options.ts'
import { defineServers } from './servers.ts'
import { wire } from './wiring.ts'

let booted = 0
const running = new Set<Lab>()

/** Ends every lab of this process. */
export async function closeAllClusters(): Promise<void> {
  await Promise.all([...running].map((lab) => lab.close()))
  running.clear()
}

/** Boots a cluster: everything is started when this resolves, and well a few seconds later. */
export async function bootCluster(options: Partial<ClusterOptions> = {}): Promise<Lab> {
  const wanted = { ...usual, ...options }
  const layout = layOut(wanted)
  const directory = mkdtempSync(directoryPrefix())
  const namespaces = createNamespaces(prefixOf(booted++))
  const lab = createLab(wanted, layout, directory, namespaces)
  running.add(lab)
  try {
    await wire(namespaces, layout, wanted)
    await lab.syncServices()
    defineServers(lab)
    defineAgents(lab)
    for (const name of namesToStart(lab)) lab.processes.start(name)
    return lab
  } catch (error) {
    await lab.close()
    throw error
  }
}

/** The other upstream waits until somebody wants it. */
function namesToStart({ layout, options }: Lab): string[] {
  return [
    'relay',
    'aggregator',
    'upstream',
    ...Array.from({ length: options.ntpServers }, (_, index) => `ntp-${index + 1}`),
    ...layout.endpoints.map(({ member }) => member),
    ...layout.nodes.flatMap(({ name }) => [
      ...(options.nodeLocal ? [`node-local ${name}`, `health ${name}`] : []),
      `host agent ${name}`,
      `pod agent ${name}`,
    ]),
  ]
}
